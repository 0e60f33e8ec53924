"""A consent is withdrawn: both sides see it at once; shelter and medical help go on to the safety decision, nothing else does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amanat.access.consents import CARRY_ON
from amanat.access.files import open_file
from amanat.access.models import Consent
from amanat.access.policy import Part
from amanat.cases.actions.consenting import CARRY_ON_FOR, DECIDE_WITHIN, withdraw_consent
from amanat.cases.actions.writing import add_task
from amanat.cases.models import EventKind, Task, TaskKind
from amanat.cases.withdrawals import WITHDRAWN
from amanat.directory.models import Organization
from amanat.people.models import Look
from amanat.referrals.actions.answering import accept, take_over
from amanat.referrals.actions.following_up import Told, follow_up
from amanat.referrals.actions.serving import finish, start
from amanat.referrals.keeping_time import ring
from amanat.referrals.models import Referral, State
from amanat.referrals.states import Move
from amanat.referrals.tests.network import NAMED, agree, ask, fresh, one_sent, sent, third, untaken

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


def withdrawn(case, referral: Referral, actor, now=None) -> None:
    withdraw_consent(
        case, consent=Consent.objects.get(pk=referral.consent_id), reason="She said no.", actor=actor("jemal", now)
    )


def decisions(case) -> int:
    return Task.objects.filter(case=case, kind=TaskKind.SAFETY_DECISION, done_at=None).count()


@pytest.mark.parametrize("answered", [False, True])
def test_what_has_not_begun_or_is_no_shelter_ends_at_once_and_both_sides_see_it(case, cast, actor, answered):
    referral = one_sent(case, cast, need="legal")
    if answered:
        accept(referral, actor=actor("dowlet"))
    Look.objects.all().delete()
    withdrawn(case, referral, actor)
    assert fresh(referral).state == State.REVOKED
    assert [step.verb for step in referral.steps.all()].count(Move.END_CONSENT) == 1
    assert not open_file(actor("dowlet"), case).exists
    assert {cast["dowlet"].user, cast["jemal"].user} <= {row.user for row in Look.objects.select_related("user")}
    assert case.events.filter(kind=EventKind.REFERRAL_REVOKED).count() == 1
    assert (untaken(case), decisions(case)) == (["legal"], 0)


@pytest.fixture
def shelter(case, cast, actor) -> Referral:
    referral = one_sent(case, cast)
    accept(referral, actor=actor("dowlet"))
    start(fresh(referral), actor=actor("dowlet"))
    return fresh(referral)


def test_running_shelter_goes_on_with_the_same_parts_until_the_safety_decision(case, cast, actor, shelter):
    withdrawn(case, shelter, actor)
    referral = fresh(shelter)
    assert (referral.state, referral.consent.purpose, decisions(case)) == (State.STARTED, CARRY_ON, 1)
    assert set(open_file(actor("dowlet"), case).visible_parts()) >= set(NAMED)
    finish(referral, outcome="given", actor=actor("dowlet"))
    assert not open_file(actor("dowlet"), case).exists
    assert not Consent.objects.get(purpose=CARRY_ON).holds(cast.now), "nothing is left to carry on"
    assert decisions(case) == 0, "nothing is left to decide"
    case.refresh_from_db()
    assert case.next_due > cast.now + DECIDE_WITHIN


def test_the_decision_waits_until_the_last_service_has_ended(case, cast, actor, shelter):
    doctor = sent(case, cast, ask(cast["dowlet"].agency, "medical", parts=[Part.HEALTH_ALERTS]))[0]
    accept(doctor, actor=actor("dowlet"))
    start(fresh(doctor), actor=actor("dowlet"))
    night = Organization.objects.create(name="Night Shelter")
    both = Consent.objects.get(pk=shelter.consent_id)
    both.also, both.details = [Consent.OUTSIDE], {"outside": "Night Shelter"}
    both.save()
    outside = sent(case, cast, ask(night))[0]
    for move in (Move.ACCEPT, Move.START):
        follow_up(case, referral=fresh(outside), told=Told(move), actor=actor("jemal"))
    withdrawn(case, shelter, actor)
    assert decisions(case) == 2
    finish(fresh(shelter), outcome="given", actor=actor("dowlet"))
    finish(fresh(doctor), outcome="given", actor=actor("dowlet"))
    assert decisions(case) == 2
    follow_up(case, referral=fresh(outside), told=Told(Move.FINISH, outcome="given"), actor=actor("jemal"))
    assert decisions(case) == 0


def test_the_end_of_what_rested_on_its_consent_decides_nothing(case, cast, actor):
    """As after a day that is over without a decision."""
    jemal = actor("jemal")
    add_task(case, TaskKind.SAFETY_DECISION, WITHDRAWN, cast.now, cast["jemal"], jemal)
    agree(case, None, cast, also=["outside"], details={"outside": "Night Shelter"})
    referral = sent(case, cast, ask(Organization.objects.create(name="Night Shelter")))[0]
    for move in (Move.ACCEPT, Move.START):
        follow_up(case, referral=fresh(referral), told=Told(move), actor=jemal)
    follow_up(case, referral=fresh(referral), told=Told(Move.FINISH, outcome="given"), actor=jemal)
    assert decisions(case) == 1


def test_a_colleague_takes_over_what_runs_on_and_the_decision_still_waits(case, cast, actor, shelter):
    third(cast, "oraz", cast["dowlet"].agency.name)
    withdrawn(case, shelter, actor)
    take_over(fresh(shelter), words="He is ill.", actor=actor("oraz"))
    assert set(open_file(actor("oraz"), case).visible_parts()) >= set(NAMED)
    assert not open_file(actor("dowlet"), case).exists
    assert not open_file(actor("oraz", cast.now + CARRY_ON_FOR), case).exists
    assert decisions(case) == 1


def test_what_runs_on_shows_no_part_of_what_ended(case, cast, actor, shelter):
    legal = sent(case, cast, ask(cast["dowlet"].agency, "legal", parts=[Part.FACTS]))[0]
    Referral.objects.filter(pk=shelter.pk).update(parts=[Part.HEALTH_ALERTS.value])
    accept(legal, actor=actor("dowlet"))
    withdrawn(case, shelter, actor)
    seen = open_file(actor("dowlet"), case).visible_parts()
    assert {Part.FACTS, Part.HEALTH_ALERTS}.intersection(seen) == {Part.HEALTH_ALERTS}


def test_a_step_on_the_day_between_moves_no_end(case, cast, actor):
    """What begins then still ends with that day, not with the time of its outcome."""
    referral = one_sent(case, cast)
    accept(referral, actor=actor("dowlet"))
    withdrawn(case, referral, actor)
    start(fresh(referral), actor=actor("dowlet", cast.now + timedelta(hours=1)))
    assert fresh(referral).rings_at == cast.now + CARRY_ON_FOR
    ring(referral.pk, cast.now + CARRY_ON_FOR)
    assert (fresh(referral).state, untaken(case)) == (State.REVOKED, ["shelter"])


def test_the_decision_against_it_ends_it(case, cast, actor, shelter):
    withdrawn(case, shelter, actor)
    withdrawn(case, fresh(shelter), actor)
    assert (fresh(shelter).state, decisions(case)) == (State.REVOKED, 0)
    assert not open_file(actor("dowlet"), case).exists
    assert untaken(case) == ["shelter"]


def test_after_a_day_without_a_decision_it_ends_and_the_child_is_not_lost(case, cast, actor, shelter):
    withdrawn(case, shelter, actor)
    later = cast.now + CARRY_ON_FOR
    ring(shelter.pk, later - timedelta(minutes=1))
    assert fresh(shelter).state == State.STARTED
    ring(shelter.pk, later)
    assert (fresh(shelter).state, untaken(case), decisions(case)) == (State.REVOKED, ["shelter"], 0)


def test_with_a_ground_or_a_new_consent_it_goes_on(case, cast, actor, shelter):
    withdrawn(case, shelter, actor)
    ground = agree(case, cast["dowlet"].agency, cast, override_ground="vital_interest")
    later = cast.now + CARRY_ON_FOR
    ring(shelter.pk, later)
    assert (fresh(shelter).state, fresh(shelter).consent, decisions(case)) == (State.STARTED, ground, 0)
    assert open_file(actor("dowlet", later), case).sees(Part.FACTS)


def test_in_a_shelter_outside_the_child_stays_and_the_manager_decides(case, cast, actor):
    night = Organization.objects.create(name="Night Shelter")
    agree(case, None, cast, also=["outside"], details={"outside": "Night Shelter"})
    referral = sent(case, cast, ask(night))[0]
    for move in (Move.ACCEPT, Move.START):
        follow_up(case, referral=fresh(referral), told=Told(move), actor=actor("jemal"))
    withdrawn(case, referral, actor)
    assert (fresh(referral).state, decisions(case)) == (State.STARTED, 1)


def test_a_consent_of_several_ends_with_all_of_them(case, cast, actor):
    agree(case, cast["dowlet"].agency, cast, also=[third(cast).agency.pk.hex])
    legal, shelter = sent(case, cast, ask(cast["dowlet"].agency, "legal"), ask(cast["ayna"].agency, "shelter"))
    accept(shelter, actor=actor("ayna"))
    withdrawn(case, legal, actor)
    assert (fresh(legal).state, fresh(shelter).state) == (State.REVOKED, State.ACCEPTED)
    assert open_file(actor("ayna"), case).sees(Part.FACTS)
