"""The table of states, the number of a referral and its clock: what stands there holds, without a database."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from amanat.packs import Source
from amanat.referrals import clocks, numbers, states, terms
from amanat.referrals.models import IN_HANDS, Kind, Referral, State
from amanat.referrals.states import WAYS, Move, Who
from amanat.referrals.terms import urgencies, urgency
from tests.cast import NOW

ROOT = settings.SHIPPED_PACKS.parent
ENDS = {State.DONE, State.DECLINED, State.REVOKED, State.EXPIRED, State.DISCARDED}


def test_every_state_is_reached_from_a_draft_and_every_way_leads_to_an_end():
    for kind in Kind:
        ways = [(way.before, way.after) for way in WAYS if kind in way.kinds]
        reached, before = {State.DRAFT}, set()
        while reached != before:
            before = set(reached)
            reached |= {after for source, after in ways if source in reached}
        assert reached >= ENDS
        assert {source for source, _after in ways} & ENDS == set()
        stuck = {state for state in reached - ENDS if not any(source == state for source, _after in ways)}
        assert stuck == set()


def test_no_state_can_be_skipped_and_only_who_was_asked_says_yes():
    assert states.way(State.DRAFT, Move.ACCEPT, Kind.SERVICE) is None
    assert states.way(State.SENT, Move.START, Kind.SERVICE) is None
    assert states.way(State.SENT, Move.ACCEPT, Kind.TRANSFER) is None
    yes = [way for way in WAYS if way.move in (Move.ACCEPT, Move.TAKE_CASE)]
    assert all(Who.SENDER not in way.who and Who.CLOCK not in way.who for way in yes)
    assert {way.before for way in yes} == {State.SENT, State.SEEN}


def test_what_is_open_can_be_taken_back_by_who_sent_it():
    for kind in Kind:
        known = {way.before for way in WAYS if kind in way.kinds} & set(IN_HANDS)
        assert all(Move.REVOKE in states.moves(state, kind, Who.SENDER) for state in known)


def test_the_paper_draws_the_table_as_it_is():
    """Write it anew: ./run amanat referral_states > docs/referral-states.md"""
    told = StringIO()
    call_command("referral_states", stdout=told)
    assert (ROOT / "docs" / "referral-states.md").read_text() == told.getvalue()


@given(st.integers(0, numbers.LENGTH - 1), st.sampled_from(numbers.SIGNS))
def test_one_wrong_sign_of_a_number_shows_and_so_do_two_that_were_swapped(place, sign):
    number = numbers.new_number()
    assert numbers.read_number(numbers.spoken(number).lower()) == number
    wrong = number[:place] + sign + number[place + 1 :]
    assert (numbers.read_number(wrong) == wrong) is (wrong == number)
    other = (place + 1) % numbers.LENGTH
    swapped = list(number)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    assert (numbers.read_number("".join(swapped)) != "") is (number[place] == number[other])


def referral(state: State, **more: object) -> Referral:
    return Referral(state=state, urgency="today", made_at=NOW, since=NOW, sent_at=NOW, **more)


def test_each_state_has_its_deadline_and_what_nobody_answers_expires():
    span = urgency("today")
    assert clocks.clock_of(referral(State.SENT), span) == clocks.Clock(NOW + span.see, NOW + span.expire)
    assert clocks.clock_of(referral(State.SEEN), span) == clocks.Clock(NOW + span.accept, NOW + span.expire)
    comes = NOW + timedelta(hours=9)
    assert clocks.clock_of(referral(State.ACCEPTED, comes_at=comes), span).due == comes + span.start
    assert clocks.clock_of(referral(State.STARTED), span) == clocks.Clock(NOW + span.outcome)
    assert all(clocks.clock_of(referral(state), span) == clocks.Clock(None) for state in ENDS)


def test_the_clock_reminds_then_tells_more_people_then_ends_it():
    span, waits = urgency("today"), referral(State.SEEN)
    due = NOW + span.accept
    assert clocks.rings(waits, span, NOW) == due - span.remind
    waits.reminded_at = due - span.remind
    assert clocks.rings(waits, span, due - span.remind) == due
    waits.escalated_at = due
    assert clocks.rings(waits, span, due) == NOW + span.expire
    late = referral(State.SEEN)
    assert clocks.rings(late, span, due) == due


def test_a_pack_whose_times_make_no_sense_is_told_each_fault(tmp_path):
    label = 'label = {en = "Soon"}\nsource = "Invented"\nverified = false\n'
    times = dict.fromkeys(terms.SPANS, 10) | {"see": 20, "nobody": 0}
    spans = "".join(f"{span}_minutes = {minutes}\n" for span, minutes in times.items())
    file = tmp_path / "referrals.toml"
    file.write_text(f'[[urgency]]\nname = "soon"\n{label}{spans}')
    source = Source(file, tmp_path, ("en",), [])
    assert set(terms.TERMS.read(source)) == {"soon"}
    assert [fault.where.split(".")[-1] for fault in source.faults] == ["nobody_minutes", "accept_minutes"]


def test_every_urgency_of_the_pack_says_whose_numbers_these_are():
    assert [(name, one.verified) for name, one in urgencies().items()] == [
        ("now", False),
        ("today", False),
        ("three_days", False),
        ("planned", False),
    ]
    assert all("no standard" in one.source.text("en") for one in urgencies().values())
