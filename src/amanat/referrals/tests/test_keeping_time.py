"""The clock: reminds, tells more people, ends what nobody answered; twice is once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amanat.people import messages, waiting
from amanat.people.clock import stopped
from amanat.people.models import Look, Message, Outlet, Reach
from amanat.referrals.actions.answering import accept, decline, see
from amanat.referrals.actions.preparing import prepare
from amanat.referrals.actions.serving import start
from amanat.referrals.keeping_time import Timekeeper
from amanat.referrals.models import Referral, State
from amanat.referrals.terms import urgency
from amanat.referrals.tests.network import ask, fresh, left_to_do, one_sent, untaken

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


def turn(now) -> set[str]:
    """Who is told to look."""
    Look.objects.all().delete()
    with stopped(now):
        assert Timekeeper().turn() is False
    return set(Look.objects.values_list("user__username", flat=True))


def told(referral: Referral) -> list[str]:
    return list(referral.steps.order_by("at", "pk").values_list("verb", flat=True))


@pytest.fixture
def referral(case, cast) -> Referral:
    return one_sent(case, cast)


def test_unseen_it_is_reminded_of_then_told_on_then_it_expires_and_the_child_is_not_lost(case, cast, referral):
    terms, harbour = urgency("today"), {"dowlet", "selbi", "elena"}
    sent_at = cast.now
    assert turn(sent_at + terms.see - terms.remind - timedelta(seconds=1)) == set()
    assert turn(sent_at + terms.see - terms.remind) == harbour
    assert turn(sent_at + terms.see - terms.remind) == set()
    assert turn(sent_at + terms.see) == {*harbour, "jemal", "irina"}
    assert fresh(referral).escalated_at == sent_at + terms.see
    assert fresh(referral).state == State.SENT
    assert turn(sent_at + terms.expire) >= {*harbour, "jemal", "irina"}
    assert (fresh(referral).state, untaken(case), len(left_to_do(case))) == (State.EXPIRED, ["shelter"], 1)
    assert told(referral)[-3:] == ["reminded", "escalated", "expire"]
    assert fresh(referral).rings_at is None
    assert turn(sent_at + terms.expire * 2) == set()


def test_seen_and_not_answered_it_expires_too(cast, actor, referral):
    terms = urgency("today")
    see(referral, actor=actor("dowlet"))
    assert "irina" in turn(cast.now + terms.accept)
    turn(cast.now + terms.expire)
    assert fresh(referral).state == State.EXPIRED


def test_after_hours_in_the_dark_the_clock_ends_at_once_what_is_over(case, cast, referral):
    turn(cast.now + urgency("today").expire * 3)
    assert (fresh(referral).state, untaken(case)) == (State.EXPIRED, ["shelter"])


def test_accepted_and_not_begun_it_does_not_end_but_becomes_the_managers_task(case, cast, actor, referral):
    accept(referral, actor=actor("dowlet"))
    due = fresh(referral).due_at
    assert turn(due - urgency("today").remind) == {"dowlet"}
    turn(due)
    [task] = left_to_do(case)
    assert (fresh(referral).state, task.owner) == (State.ACCEPTED, cast["jemal"])
    turn(due + timedelta(days=9))
    assert left_to_do(case) == [task]


def test_an_outcome_that_is_not_told_is_asked_for(case, cast, actor, referral):
    accept(referral, actor=actor("dowlet"))
    start(fresh(referral), actor=actor("dowlet"))
    turn(cast.now + urgency("today").outcome)
    assert len(left_to_do(case)) == 1


def test_a_draft_is_told_to_its_sender_alone(case, cast, actor):
    prepare(case, asked=[ask(cast["dowlet"].agency)], actor=actor("jemal"))
    assert turn(cast.now + urgency("today").send - urgency("today").remind) == {"jemal"}
    assert turn(cast.now + urgency("today").send) == {"jemal"}
    assert Referral.objects.get().rings_at is None


def test_who_is_kept_out_is_not_told(case, cast, actor, referral):
    from amanat.cases.actions import guarding

    for name in ("selbi", "irina"):
        guarding.record_conflict(case, user=cast[name].user, reason="Cousin.", actor=actor("aman"))
    assert turn(cast.now + urgency("today").see) == {"dowlet", "elena", "jemal"}


def test_one_that_fails_keeps_no_other_back(cast, referral, register, monkeypatch):
    from amanat.referrals import keeping_time

    other = one_sent(register(), cast)
    real = keeping_time.ring

    def fails(pk, now):
        if pk == referral.pk:
            raise RuntimeError("of the first")
        real(pk, now)

    monkeypatch.setattr(keeping_time, "ring", fails)
    with pytest.raises(RuntimeError, match="of the first"):
        turn(cast.now + urgency("today").expire)
    assert fresh(other).state == State.EXPIRED


def test_a_message_goes_to_the_supervisor_and_past_the_time_to_everybody(case, cast):
    Outlet.objects.create(pk=1, sealed=b"")
    for name in ("dowlet", "elena"):
        Reach.objects.create(user=cast[name].user, sealed=b"")
    one_sent(case, cast)

    def messaged() -> set[str]:
        return set(Message.objects.filter(kind=messages.REFERRAL).values_list("user__username", flat=True))

    assert messaged() == {"elena"}
    turn(cast.now + urgency("today").see)
    assert messaged() == {"elena", "dowlet"}


def test_the_locked_screen_says_that_one_waits_until_it_is_answered(cast, actor, referral):
    def waits(name: str) -> list[str]:
        return [one.kind for one in waiting.what_waits(cast[name].user, cast.now)]

    assert waits("dowlet") == waits("elena") == ["referral"]
    assert waits("jemal") == waits("irina") == []
    see(referral, actor=actor("dowlet"))
    assert waits("selbi") == ["referral"]
    decline(fresh(referral), reason="no_place", actor=actor("dowlet"))
    assert waits("dowlet") == []
