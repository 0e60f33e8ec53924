"""A consent reaches its last day while help runs by it: told before, and nobody is put on the street by midnight."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.access.consents import CARRY_ON
from amanat.access.files import open_file
from amanat.access.policy import Part
from amanat.cases.actions.consenting import CARRY_ON_FOR
from amanat.cases.models import Task, TaskKind
from amanat.cases.shown import task_said
from amanat.directory.models import Organization
from amanat.people.models import Look
from amanat.referrals import answers, terms
from amanat.referrals.actions.answering import accept, take_over
from amanat.referrals.actions.following_up import Told, follow_up
from amanat.referrals.actions.serving import start
from amanat.referrals.agreeing import over_at
from amanat.referrals.keeping_time import ring
from amanat.referrals.models import Referral, State
from amanat.referrals.states import Move, Noted
from amanat.referrals.tests.network import agree, ask, fresh, left_to_do, sent, third, untaken

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]
DAYS = 3
OURS = "no standard that we could check names them"


def running(case, cast, actor, need: str) -> Referral:
    """By a consent that ends in some days."""
    until = timezone.localdate(cast.now) + timedelta(days=DAYS)
    agree(case, cast["dowlet"].agency, cast, until=until)
    [referral] = sent(case, cast, ask(cast["dowlet"].agency, need, urgency="planned"))
    accept(referral, actor=actor("dowlet"))
    start(fresh(referral), actor=actor("dowlet"))
    return fresh(referral)


def midnight(referral: Referral) -> datetime:
    found = over_at(referral)
    assert found is not None
    return found


def decisions(case) -> int:
    return Task.objects.filter(case=case, kind=TaskKind.SAFETY_DECISION, done_at=None).count()


def test_both_sides_hear_a_day_before_once(case, cast, actor):
    referral = running(case, cast, actor, "shelter")
    over = midnight(referral)
    assert referral.rings_at == over - timedelta(days=1)
    Look.objects.all().delete()
    ring(referral.pk, referral.rings_at)
    assert {"dowlet", "jemal"} == set(Look.objects.values_list("user__username", flat=True))
    assert [(one.owner, one.due) for one in left_to_do(case)] == [(cast["jemal"], over)]
    [task] = left_to_do(case)
    assert str(task_said(open_file(actor("jemal"), case), task).text) == (
        f"The consent for the referral {referral.number} ends soon. Ask again, or end the help in time."
    )
    assert fresh(referral).rings_at == over
    assert [step.verb for step in referral.steps.all()].count(Noted.CONSENT_ENDS) == 1
    assert open_file(actor("dowlet", over - timedelta(minutes=1)), case).exists


def test_shelter_goes_on_past_midnight_until_the_safety_decision(case, cast, actor):
    referral = running(case, cast, actor, "shelter")
    over = midnight(referral)
    ring(referral.pk, over)
    held = fresh(referral)
    assert (held.state, held.consent.purpose, decisions(case)) == (State.STARTED, CARRY_ON, 1)
    assert held.rings_at == over + CARRY_ON_FOR
    assert open_file(actor("dowlet", over + timedelta(hours=1)), case).sees(Part.FACTS)
    ring(referral.pk, over + CARRY_ON_FOR)
    assert (fresh(referral).state, untaken(case)) == (State.REVOKED, ["shelter"])
    assert not open_file(actor("dowlet", over + CARRY_ON_FOR), case).exists


def test_the_day_ends_where_the_receiver_is(case, cast, actor):
    """Five hours before it ends in Greenwich."""
    from amanat.people.models import Site

    site = Site.objects.create(agency=cast["dowlet"].agency, name="East", time_zone="Asia/Ashgabat")
    cast["dowlet"].site = site
    cast["dowlet"].save()
    referral = running(case, cast, actor, "shelter")
    over = midnight(referral)
    assert over.astimezone(timezone.get_default_timezone()).hour == 19
    ring(referral.pk, over)
    assert fresh(referral).consent.purpose == CARRY_ON


def test_that_the_day_before_is_our_own_number_is_said_where_it_is_told(case, cast, actor, browse, monkeypatch):
    """Whatever the pack says of its other times."""
    checked = {name: replace(one, verified=True) for name, one in terms.urgencies().items()}
    monkeypatch.setattr(terms, "urgencies", lambda: checked)
    referral = running(case, cast, actor, "shelter")
    agree(case, third(cast).agency, cast)
    [without] = sent(case, cast, ask(cast["ayna"].agency, "legal"))
    accept(without, actor=actor("ayna"))
    ring(referral.pk, referral.rings_at)
    pages = [reverse("referrals.progress", args=[case, one.pk]) for one in (referral, without)]
    pages.append(reverse("cases.finish_task", args=[left_to_do(case)[0]]))
    assert [OURS in browse("jemal").get(page).content.decode() for page in pages] == [True, False, True]


def test_what_is_no_shelter_ends_and_the_need_is_asked_about(case, cast, actor):
    referral = running(case, cast, actor, "legal")
    ring(referral.pk, midnight(referral))
    assert (fresh(referral).state, untaken(case), decisions(case)) == (State.REVOKED, ["legal"], 0)


def test_by_another_consent_everything_goes_on(case, cast, actor):
    referral = running(case, cast, actor, "legal")
    over = midnight(referral)
    later = agree(case, cast["dowlet"].agency, cast)
    ring(referral.pk, over)
    assert (fresh(referral).state, fresh(referral).consent, fresh(referral).receiver) == (
        State.STARTED,
        later,
        cast["dowlet"],
    )
    assert open_file(actor("dowlet", over), case).sees(Part.FACTS)


def test_outside_the_manager_decides_once_and_the_child_stays(case, cast, actor):
    night = Organization.objects.create(name="Night Shelter")
    until = timezone.localdate(cast.now) + timedelta(days=DAYS)
    agree(case, None, cast, also=["outside"], details={"outside": "Night Shelter"}, until=until)
    [referral] = sent(case, cast, ask(night, urgency="planned"))
    for move in (Move.ACCEPT, Move.START):
        follow_up(case, referral=fresh(referral), told=Told(move), actor=actor("jemal"))
    over = midnight(fresh(referral))
    for _time in range(2):
        ring(referral.pk, over)
    assert (fresh(referral).state, decisions(case)) == (State.STARTED, 1)
    assert fresh(referral).rings_at > over
    follow_up(case, referral=fresh(referral), told=Told(Move.FINISH, outcome="given"), actor=actor("jemal", over))
    assert decisions(case) == 0


def test_a_receiver_whose_place_has_lapsed_is_offered_to_go_on(case, cast, actor):
    referral = running(case, cast, actor, "shelter")
    over = midnight(referral)
    assert answers.ONCE_MORE not in answers.offered(open_file(actor("dowlet"), referral), referral)
    dowlet = actor("dowlet", over)
    with timezone.override(cast["dowlet"].zone):
        assert answers.ONCE_MORE in answers.offered(open_file(dowlet, referral), referral)
        later = agree(case, cast["dowlet"].agency, cast)
        take_over(fresh(referral), actor=dowlet)
    assert fresh(referral).consent == later
    assert fresh(referral).rings_at > over
