"""Whatever anybody does in whatever order, no referral leaves the table, and for no need is there nobody who has it in hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanat.access.actor import Actor
from amanat.access.files import open_file, visible_to
from amanat.access.models import Consent, Grant
from amanat.access.policy import CIRCLE, Part, Relation
from amanat.cases.actions.consenting import withdraw_consent
from amanat.cases.models import Case
from amanat.people.clock import stopped
from amanat.referrals import states, unmet
from amanat.referrals.actions.answering import accept, decline, see, take_over
from amanat.referrals.actions.following_up import Told, follow_up, revoke
from amanat.referrals.actions.serving import finish, note, start
from amanat.referrals.actions.taking_over import take_case
from amanat.referrals.keeping_time import Timekeeper
from amanat.referrals.models import IN_HANDS, Kind, Referral, State, Step
from amanat.referrals.states import Move
from amanat.referrals.tests.network import agree_to_all, ask, ask_for_all, sent, third
from amanat.web.errors import PersonFacingError
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]
EXAMPLES = 300 if os.environ.get("AMANAT_TEST_ALL") else 6
# Who might do something: the sender's side, both agencies that are asked, and who has no business in it.
PEOPLE = ("jemal", "aman", "dowlet", "selbi", "elena", "ayna", "irina", "kerim", "merdan")
SERVED = (State.ACCEPTED, State.STARTED)


@dataclass(frozen=True)
class Done:
    """One thing that somebody tries: `of` says with which referral; `likely`: by one for whom it is meant."""

    what: str
    who: str
    of: int
    likely: bool


ANSWERS: dict[str, Callable[[Referral, Actor, Cast], object]] = {
    "see": lambda one, by, _cast: see(one, actor=by),
    "accept": lambda one, by, _cast: accept(one, actor=by),
    "take_case": lambda one, by, _cast: take_case(one, to=by.membership, actor=by),
    "decline": lambda one, by, _cast: decline(one, reason="no_place", actor=by),
    "take_over": lambda one, by, _cast: take_over(one, actor=by),
    "start": lambda one, by, _cast: start(one, actor=by),
    "note": lambda one, by, _cast: note(one, words="Eats well.", actor=by),
    "finish": lambda one, by, _cast: finish(one, outcome="given", actor=by),
    "finish in vain": lambda one, by, _cast: finish(one, outcome="not_come", actor=by),
}
SENDERS: dict[str, Callable[[Referral, Actor, Cast], object]] = {
    "revoke": lambda one, by, _cast: revoke(one.case, referral=one, words="No more.", actor=by),
    "by phone": lambda one, by, _cast: follow_up(one.case, referral=one, told=Told(Move.ACCEPT), actor=by),
    "withdraw": lambda one, by, _cast: withdraw_consent(_case(one), consent=one.consent, reason="No.", actor=by),
    "ask again": lambda one, by, cast: sent(
        _case(one), cast, ask(one.agency, one.need), response=one.response, now=by.now
    ),
}
EVERYTHING = ANSWERS | SENDERS
steps = st.builds(
    Done,
    st.sampled_from([*EVERYTHING, "a while later"]),
    st.sampled_from(PEOPLE),
    st.integers(0, 3),
    st.sampled_from([True, True, False]),
)


def _case(one: Referral) -> Case:
    return Case.objects.select_related("subject", "child", "agency").get(pk=one.case_id)


@pytest.fixture
def asked(case: Case, cast: Cast) -> Case:
    """Two needs, one of them of two agencies; and both are asked for the whole case."""
    house, harbour = third(cast).agency, cast["dowlet"].agency
    agree_to_all(case, harbour, cast, also=[house.pk.hex])
    sent(case, cast, ask(harbour), ask(house), ask(harbour, "legal"), ask_for_all(harbour))
    sent(case, cast, ask_for_all(house))
    return case


@contextmanager
def undone() -> Iterator[None]:
    """By a savepoint: refusals are recorded in a transaction of their own, which stands in no other."""
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)


def try_out(done: Done, case: Case, cast: Cast, now: datetime) -> datetime:
    rows = Referral.objects.filter(case__subject=case.subject_id).exclude(state__in=(State.DRAFT, State.DISCARDED))
    referrals = list(
        rows.select_related(
            "subject", "agency", "response", "consent", "case__agency", "case__subject", "case__child"
        ).order_by("made_at", "kind", "need", "agency__name")
    )
    one = referrals[done.of % len(referrals)]
    if done.what == "a while later":
        now += timedelta(hours=3 * (done.of + 1))
        with stopped(now):
            Timekeeper().turn()
        return now
    who = meant_for(done, one, cast) if done.likely else done.who
    with suppress(PersonFacingError):
        EVERYTHING[done.what](one, cast.actor(who, now), cast)
    return now


def meant_for(done: Done, one: Referral, cast: Cast) -> str:
    """Whose it is to do this with that."""
    if done.what in SENDERS:
        manager = Grant.objects.filter(subject=one.subject_id, relation=Relation.CASE_MANAGER, until=None).get()
        return str(manager.membership.user.username)
    if one.receiver is not None and done.what != "take_over":
        return str(one.receiver.user.username)
    return "ayna" if one.agency == cast["ayna"].agency else "dowlet"


def holds(case: Case, cast: Cast, now: datetime) -> None:
    referrals = list(Referral.objects.filter(case__subject=case.subject_id).select_related("agency", "consent"))
    for one in referrals:
        its = list(Step.objects.filter(referral=one).order_by("at", "pk"))
        moved = [step for step in its if step.from_state != step.to_state]
        assert all((step.from_state, step.to_state) in on_the_table(one.kind) for step in moved)
        assert {State.DRAFT, *(step.to_state for step in moved)} >= {one.state}
        served = one.state in SERVED
        assert (one.receiver is None) <= (one.state not in SERVED)
        assert (one.due_at is not None) == (one.state in (State.DRAFT, *IN_HANDS))
        assert served <= (one.consent is not None)
    nobody_between(case)
    one_owner(case, now)
    sees_only_while_served(case, cast, referrals, now)


def on_the_table(kind: str) -> set[tuple[str, str]]:
    return {(way.before, way.after) for way in states.WAYS if Kind(kind) in way.kinds}


def nobody_between(case: Case) -> None:
    """For each need that was asked of somebody: it is in hand, it was met, or somebody has to see to it."""
    rows = Referral.objects.filter(case__subject=case.subject_id, kind=Kind.SERVICE)
    needs = set(rows.exclude(state__in=(State.DRAFT, State.DISCARDED)).values_list("response", "need"))
    in_hand = set(rows.filter(Q(state__in=IN_HANDS) | unmet.MET).values_list("response", "need"))
    seen_to = set(unmet.now_unmet().values_list("response", "need"))
    assert needs - in_hand - seen_to == set()


def one_owner(case: Case, now: datetime) -> None:
    owner = Case.objects.get(pk=case.pk).agency
    places = Grant.objects.active(now).filter(subject=case.subject_id, relation__in=CIRCLE, consent=None)
    assert {place.membership.agency for place in places.select_related("membership__agency")} == {owner}
    assert places.filter(relation=Relation.CASE_MANAGER).count() == 1
    taken = Referral.objects.filter(case=case, kind=Kind.TRANSFER, state=State.DONE)
    assert taken.count() <= 1


def sees_only_while_served(case: Case, cast: Cast, referrals: list[Referral], now: datetime) -> None:
    now_case = _case(referrals[0])
    for name in ("dowlet", "selbi", "ayna"):
        actor, place = cast.actor(name, now), cast[name]
        if place.agency == now_case.agency:
            continue
        serves = any(one.state in SERVED and one.receiver_id == place.pk for one in referrals)
        file = open_file(actor, now_case)
        assert file.exists <= serves
        assert set(file.visible_parts()) <= {
            Part.EXISTENCE,
            Part.CONSENT,
            Part.SERVICE_NOTES,
            Part.FACTS,
            Part.HEALTH_ALERTS,
        }
    for name in ("merdan", "nurana", "ayna"):
        listed = visible_to(cast.actor(name, now), Referral.objects.all())
        mine = [one for one in referrals if one.agency == cast[name].agency and one.state in IN_HANDS]
        if now_case.agency != cast[name].agency:
            assert set(listed) <= set(mine)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=EXAMPLES,
    deadline=None,
)
@given(st.lists(steps, min_size=4, max_size=9))
def test_no_order_of_verbs_leaves_the_table_or_loses_a_child(asked: Case, cast: Cast, did: list[Done]) -> None:
    with undone():
        now = cast.now
        for done in did:
            now = try_out(done, asked, cast, now)
        holds(asked, cast, now)


def test_every_verb_of_the_property_can_do_something_at_all(asked: Case, cast: Cast) -> None:
    """Otherwise it could pass because everything was refused."""
    did = [Done(what, "", of, True) for what, of in (("see", 0), ("accept", 0), ("start", 0), ("finish in vain", 0))]
    more = [Done("revoke", "", 2, True), Done("take_case", "", 3, True)]
    now = cast.now
    for done in (*did, *more):
        now = try_out(done, asked, cast, now)
    holds(asked, cast, now)
    assert set(Referral.objects.values_list("state", flat=True)) >= {State.DONE, State.REVOKED}
    assert Consent.objects.count() == 1
