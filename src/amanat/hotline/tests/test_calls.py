"""Starting, answering, holding and writing down calls."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amanat.access.actor import Actor
from amanat.cases.tests.test_at_once import at_once
from amanat.hotline.actions import calling, ending, matters
from amanat.hotline.beginning import begin_call, begin_matter
from amanat.hotline.models import Call, CallState
from amanat.hotline.tests.crew import crew, told
from amanat.people.models import Membership
from amanat.web.errors import PersonFacingError, Refused, Stale
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def gul(cast: Cast) -> Membership:
    """A second operator of the same hotline."""
    return crew(cast)["gul"]


def start(actor: Actor) -> Call:
    return calling.start(channel="phone", actor=actor)


def ringing(cast: Cast) -> Call:
    now = cast.now - timedelta(seconds=20)
    return begin_call(begin_matter(cast["nurana"].agency, now), "phone", now, state=CallState.RINGING)


def states(*calls: Call) -> list[str]:
    return [Call.objects.get(pk=call.pk).state for call in calls]


def test_of_two_operators_who_answer_at_once_one_has_the_call_and_the_other_reads_who(
    cast: Cast, gul: Membership
) -> None:
    call = ringing(cast)
    seen_by_gul = Call.objects.select_related("matter__subject", "matter__agency").get(pk=call.pk)
    calling.answer(call, actor=cast.actor("nurana"))
    with pytest.raises(PersonFacingError, match="Nurana answered this call already"):
        calling.answer(seen_by_gul, actor=cast.actor("gul"))
    call.refresh_from_db()
    assert (call.operator, call.state) == (cast["nurana"], CallState.TALKING)


def test_an_outsider_answers_nothing(cast: Cast) -> None:
    with pytest.raises(Refused):
        calling.answer(ringing(cast), actor=cast.actor("dowlet"))


def test_a_new_call_puts_the_running_one_on_hold_and_two_may_wait(cast: Cast) -> None:
    nurana = cast.actor("nurana")
    first, second, third = start(nurana), start(nurana), start(nurana)
    assert states(first, second, third) == ["on_hold", "on_hold", "talking"]
    with pytest.raises(PersonFacingError, match="two calls are on hold already"):
        start(nurana)
    with pytest.raises(PersonFacingError, match="Two calls are on hold already"):
        calling.hold(third, actor=nurana)
    assert Call.objects.count() == 3


def test_who_goes_on_with_one_lets_the_other_wait_and_the_time_on_hold_is_counted(cast: Cast) -> None:
    nurana = cast.actor("nurana")
    first, second = start(nurana), start(nurana)
    later = cast.actor("nurana", cast.now + timedelta(seconds=90))
    calling.go_on(first, actor=later)
    assert states(first, second) == ["talking", "on_hold"]
    assert Call.objects.get(pk=first.pk).held_seconds == 90


def test_a_colleagues_call_is_neither_held_nor_ended_but_can_be_written_in(cast: Cast, gul: Membership) -> None:
    call, colleague = start(cast.actor("nurana")), cast.actor("gul")
    for act in (
        lambda: calling.hold(call, actor=colleague),
        lambda: ending.end(call, outcome="advised", actor=colleague),
    ):
        with pytest.raises(PersonFacingError, match="Nurana is in talk here"):
            act()
    calling.write_call(call, summary="A girl was promised work.", seen=call.version, actor=colleague)
    assert told(call, cast.actor("nurana"))["summary"] == "A girl was promised work."


def test_of_two_who_write_the_second_sees_both_versions(cast: Cast, gul: Membership) -> None:
    call = start(cast.actor("nurana"))
    seen = call.version
    calling.write_call(call, summary="Hers", anonymous=True, seen=seen, actor=cast.actor("nurana"))
    with pytest.raises(Stale) as stale:
        calling.write_call(call, summary="Mine", seen=seen, actor=cast.actor("gul"))
    assert stale.value.theirs["summary"] == "Hers"
    assert stale.value.theirs["anonymous"] == "True"


def test_what_is_saved_without_a_change_is_no_new_version(cast: Cast) -> None:
    call = start(cast.actor("nurana"))
    for _time in range(2):
        calling.write_call(call, summary="The same", reasons=["missing"], actor=cast.actor("nurana"))
    assert Call.objects.get(pk=call.pk).version == 2


def test_hold_and_end_make_nothing_stale_that_somebody_is_typing(cast: Cast) -> None:
    nurana = cast.actor("nurana")
    call = start(nurana)
    seen = call.version
    calling.hold(call, actor=nurana)
    ending.end(call, outcome="advised", actor=nurana)
    calling.write_call(call, summary="Typed meanwhile", seen=seen, actor=nurana)
    assert told(call, nurana)["summary"] == "Typed meanwhile"


@pytest.mark.parametrize(
    "number", ["8 65 12 34 56", "+993 65 123456", "he hung up", "", "112", "+99365123456 evenings"]
)
def test_a_number_is_kept_as_it_is_typed_in_whatever_form(cast: Cast, number: str) -> None:
    nurana = cast.actor("nurana")
    call = start(nurana)
    calling.write_call(call, number=number, actor=nurana)
    assert told(call, nurana)["number"] == number


def test_called_back_the_matter_waits_for_nobody_any_more(cast: Cast) -> None:
    nurana = cast.actor("nurana")
    call = start(nurana)
    matter = ending.agree_call_back(call, by=cast.now + timedelta(hours=2), actor=nurana)
    assert (matter.call_back_at, states(call)) == (cast.now + timedelta(hours=2), ["ended"])
    back = calling.start(channel="phone", matter=matter, actor=nurana)
    matter.refresh_from_db()
    assert (matter.call_back_at, back.outgoing, back.matter) == (None, True, matter)


def test_another_agencys_operator_calls_nobody_back(cast: Cast) -> None:
    matter = start(cast.actor("nurana")).matter
    with pytest.raises(Refused):
        calling.start(channel="phone", matter=matter, actor=crew(cast).actor("lale"))


@pytest.mark.django_db(transaction=True)
def test_two_who_press_answer_in_the_same_moment_do_not_both_have_the_call(cast: Cast, gul: Membership) -> None:
    call = ringing(cast)
    pages = [Call.objects.select_related("matter__subject", "matter__agency").get(pk=call.pk) for _page in range(2)]
    actors = [cast.actor("nurana"), cast.actor("gul")]
    given = at_once(
        [lambda: calling.answer(pages[0], actor=actors[0]), lambda: calling.answer(pages[1], actor=actors[1])]
    )
    late = [one for one in given if isinstance(one, PersonFacingError)]
    assert len(late) == 1, given
    assert "answered this call already" in str(late[0])


def test_a_name_that_was_written_in_another_call_of_the_matter_is_not_written_over_unseen(
    cast: Cast, gul: Membership
) -> None:
    nurana, other = cast.actor("nurana"), cast.actor("gul")
    first = start(nurana)
    second = calling.start(channel="phone", matter=first.matter, actor=other)
    seen = Call.objects.get(pk=second.pk).version
    calling.write_call(first, caller_name="Ogulnur", actor=nurana)
    with pytest.raises(Stale) as stale:
        calling.write_call(second, caller_name="", summary="x", seen=seen, actor=other)
    assert stale.value.theirs["caller_name"] == "Ogulnur"
    assert told(second, other)["caller_name"] == "Ogulnur"


@pytest.mark.sqlcipher_only
def test_in_a_closed_matter_no_call_begins_and_no_end_is_taken_back(cast: Cast) -> None:
    nurana = cast.actor("nurana")
    call = ending.end(start(nurana), outcome="advised", actor=nurana)
    matters.close(call.matter, reason="done", actor=nurana)
    with pytest.raises(PersonFacingError, match="This matter is closed"):
        calling.start(channel="phone", matter=call.matter, actor=nurana)
    with pytest.raises(PersonFacingError, match="This matter is closed"):
        ending.take_back_end(call, actor=nurana)
    assert not Call.objects.filter(ended_at=None).exists()
