"""The sender's side: revoking, noting what an organisation without Amanat said; and nobody falls between when nobody takes it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amanat.access.files import open_file
from amanat.cases.actions.writing import finish_task
from amanat.cases.models import EventKind, TaskKind
from amanat.directory.models import Organization
from amanat.people.models import Look
from amanat.referrals.actions.answering import accept, decline
from amanat.referrals.actions.following_up import Told, follow_up, revoke, told_ways
from amanat.referrals.models import State
from amanat.referrals.moving import MovedMeanwhile
from amanat.referrals.states import Move
from amanat.referrals.terms import urgency
from amanat.referrals.tests.network import agree, ask, fresh, left_to_do, one_sent, sent, third, untaken
from amanat.web.errors import PersonFacingError, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


def test_once_the_last_one_declined_the_manager_has_a_task_and_the_coordinator_hears(case, cast, actor):
    agree(case, cast["dowlet"].agency, cast, also=[third(cast).agency.pk.hex])
    harbour, house = sent(case, cast, ask(cast["dowlet"].agency), ask(cast["ayna"].agency))
    decline(harbour, reason="no_place", actor=actor("dowlet"))
    assert (untaken(case), left_to_do(case)) == ([], [])
    Look.objects.all().delete()
    decline(fresh(house), reason="no_staff", actor=actor("ayna"))
    [task] = left_to_do(case)
    assert (task.kind, task.owner, task.due) == (
        TaskKind.NOBODY_TOOK,
        cast["jemal"],
        cast.now + urgency("today").nobody,
    )
    case.refresh_from_db()
    assert case.next_due == task.due
    assert {cast["jemal"].user, cast["irina"].user} <= {row.user for row in Look.objects.select_related("user")}
    assert case.events.filter(kind=EventKind.NOBODY_TOOK).count() == 1


def test_asked_of_somebody_else_the_task_is_done_and_declined_again_there_is_a_new_one(case, cast, actor):
    first = one_sent(case, cast)
    decline(first, reason="no_place", actor=actor("dowlet"))
    agree(case, third(cast).agency, cast)
    [second] = sent(case, cast, ask(cast["ayna"].agency), response=first.response)
    assert (untaken(case), left_to_do(case)) == ([], [])
    decline(second, reason="no_place", actor=actor("ayna"))
    assert (untaken(case), len(left_to_do(case))) == (["shelter"], 1)


def test_by_phone_too_the_child_does_not_come_later_than_the_urgency_bears(case, cast, actor):
    night = Organization.objects.create(name="Night Shelter")
    agree(case, None, cast, also=["outside"], details={"outside": "Night Shelter"})
    [referral] = sent(case, cast, ask(night))
    late = Told(Move.ACCEPT, comes_at=cast.now + urgency("today").outcome + timedelta(minutes=1))
    with pytest.raises(PersonFacingError, match="earlier"):
        follow_up(case, referral=referral, told=late, actor=actor("jemal"))
    assert fresh(referral).state == State.SENT


def test_a_need_that_is_met_otherwise_is_said_with_the_task(case, cast, actor):
    decline(one_sent(case, cast), reason="no_place", actor=actor("dowlet"))
    finish_task(left_to_do(case)[0], text="Stays with the grandmother.", actor=actor("jemal"))
    assert untaken(case) == []


def test_revoked_the_receiver_sees_nothing_more_and_reads_why(case, cast, actor):
    referral = one_sent(case, cast)
    accept(referral, actor=actor("dowlet"))
    with pytest.raises(PersonFacingError, match="Write why"):
        revoke(case, referral=fresh(referral), words="", actor=actor("jemal"))
    Look.objects.all().delete()
    revoke(case, referral=fresh(referral), words="A family was found.", actor=actor("jemal"))
    assert not open_file(actor("dowlet"), case).exists
    assert Look.objects.filter(user=cast["dowlet"].user).exists()
    assert untaken(case) == ["shelter"]
    with pytest.raises(MovedMeanwhile):
        revoke(case, referral=fresh(referral), words="Once more.", actor=actor("jemal"))


def test_the_supervisor_revokes_too_and_nobody_else(case, cast, actor):
    referral = one_sent(case, cast)
    for name in ("dowlet", "elena", "irina", "merdan"):
        with pytest.raises(Refused):
            revoke(case, referral=referral, words="No.", actor=actor(name))
    revoke(case, referral=referral, words="Not safe there.", actor=actor("aman"))
    assert fresh(referral).state == State.REVOKED


def test_a_referral_of_another_case_is_not_revoked_by_this_one(case, cast, actor, register):
    with pytest.raises(ValueError, match="another case"):
        revoke(register(), referral=one_sent(case, cast), words="No.", actor=actor("jemal"))


@pytest.fixture
def outside(case, cast):
    night = Organization.objects.create(name="Night Shelter")
    agree(case, None, cast, also=["outside"], details={"outside": "Night  shelter"})
    return sent(case, cast, ask(night))[0]


def test_what_they_said_by_phone_goes_the_same_ways_as_an_agencys_own_answer(case, actor, outside):
    for move, state, told in (
        (Move.SEE, State.SEEN, {}),
        (Move.ACCEPT, State.ACCEPTED, {}),
        (Move.START, State.STARTED, {}),
        (Move.FINISH, State.DONE, {"outcome": "given"}),
    ):
        outside = fresh(outside)
        assert move in told_ways(outside)
        follow_up(case, referral=outside, told=Told(move, **told), words="Rang them.", actor=actor("jemal"))
        assert fresh(outside).state == state
    assert told_ways(fresh(outside)) == []
    assert outside.steps.filter(verb="referral.follow_up").count() == 4


def test_a_no_by_phone_has_a_reason_and_leaves_nobody_between(case, actor, outside):
    with pytest.raises(PersonFacingError, match="list"):
        follow_up(case, referral=outside, told=Told(Move.DECLINE), actor=actor("jemal"))
    follow_up(case, referral=fresh(outside), told=Told(Move.DECLINE, reason="no_place"), actor=actor("jemal"))
    assert untaken(case) == ["shelter"]


def test_for_an_agency_of_the_network_nobody_else_answers(case, cast, actor):
    with pytest.raises(PersonFacingError, match="answers there itself"):
        follow_up(case, referral=one_sent(case, cast), told=Told(Move.ACCEPT), actor=actor("jemal"))


def test_no_way_around_the_table_by_phone_either(case, actor, outside):
    with pytest.raises(MovedMeanwhile):
        follow_up(case, referral=outside, told=Told(Move.START), actor=actor("jemal"))
