"""Two people on one child's file at the same time, or one with a page that was read long ago: nothing is lost, nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from amanat.access.models import EmergencyTry
from amanat.access.policy import Part, Relation
from amanat.cases.actions import changing, emergency, guarding, handing, passing_on, registering, writing
from amanat.cases.actions.emergency import NothingFound
from amanat.cases.actions.facts import write_facts
from amanat.cases.models import NOTHING_DUE, Case
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError
from tests.cast import IDENTITY


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """What each gives, or the error that it raises; each in a connection of its own, all begun together."""
    given: list[object] = [None] * len(acts)
    begin = threading.Barrier(len(acts))

    def run(place: int) -> None:
        try:
            begin.wait()
            given[place] = acts[place]()
        except Exception as error:  # it is what the test looks at
            given[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def again(case: Case) -> Case:
    """The case as another page read it."""
    return Case.objects.select_related("subject", "child", "agency").get(pk=case.pk)


@pytest.mark.django_db
class TestWithAPageReadLongAgo:
    def test_opening_the_case_keeps_what_is_due_and_the_last_contact(self, cast, actor, case):
        old = again(case)
        due, later = cast.now + timedelta(hours=3), cast.now + timedelta(days=2)
        writing.flag(case, text="Call the school.", due=due, actor=actor("jemal"))
        writing.note(case, part=Part.NARRATIVE, text="Talked.", actor=actor("jemal", later))
        registering.open_case(old, risk="high", priority="P2", reason="x", actor=actor("jemal"))
        case.refresh_from_db()
        assert (case.next_due, case.last_contact) == (due, later.date())

    def test_a_closed_case_takes_no_flag(self, cast, actor, case):
        old = again(case)
        changing.close(case, why="other", reason="x", actor=actor("jemal"))
        with pytest.raises(PersonFacingError, match="closed"):
            writing.flag(old, text="Call.", due=cast.now + timedelta(days=1), actor=actor("jemal"))
        case.refresh_from_db()
        assert case.next_due == NOTHING_DUE

    def test_a_closed_case_takes_no_other_risk(self, actor, case):
        old = again(case)
        changing.close(case, why="other", reason="x", actor=actor("jemal"))
        with pytest.raises(PersonFacingError, match="closed"):
            changing.change_risk(old, risk="high", priority="P1", reason="x", actor=actor("jemal"))

    def test_it_is_closed_once(self, actor, case):
        old = again(case)
        changing.close(case, why="other", reason="x", actor=actor("jemal"))
        with pytest.raises(PersonFacingError, match="closed already"):
            changing.close(old, why="other", reason="x", actor=actor("jemal"))


@pytest.mark.django_db(transaction=True)
def test_many_flags_at_once_leave_the_earliest_date_in_lists(cast, case):
    days = [5, 1, 4, 2]

    def flag(day: int) -> object:
        due = cast.now + timedelta(days=day)
        return writing.flag(again(case), text="Call.", due=due, actor=cast.actor("jemal"))

    assert not [given for given in at_once([lambda day=day: flag(day) for day in days]) if isinstance(given, Exception)]
    case.refresh_from_db()
    assert case.next_due == cast.now + timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_a_flag_and_a_closing_at_once_leave_no_closed_case_with_something_to_do(cast, case):
    jemal, one, other = cast.actor("jemal"), again(case), again(case)
    due = cast.now + timedelta(days=1)
    given = at_once(
        [
            lambda: writing.flag(one, text="Call.", due=due, actor=jemal),
            lambda: changing.close(other, why="other", reason="x", actor=jemal),
        ]
    )
    [error] = [error for error in given if isinstance(error, Exception)]
    assert isinstance(error, PersonFacingError)
    case.refresh_from_db()
    assert case.is_closed != case.tasks.filter(done_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_caseload_on_its_way_and_work_on_its_cases_do_not_wait_for_each_other(cast, register):
    cases = [register(identity=IDENTITY | {"birth_date": f"2011-01-0{day}"}) for day in range(1, 7)]
    aman, jemal = cast.actor("aman"), cast.actor("jemal")
    for case in cases:
        handing.bring_in(case, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="x", actor=jemal)

    def keep_out() -> None:
        for case in reversed(cases):
            guarding.record_conflict(again(case), user=cast["ogulgerek"].user, reason="x", actor=cast.actor("kerim"))

    def siblings() -> object:
        first, *rest = [again(case) for case in reversed(cases)]
        return writing.note(first, part=Part.NARRATIVE, text="All of them.", siblings=rest, actor=jemal)

    def pass_on() -> object:
        return passing_on.hand_over_caseload(cast["jemal"], to=cast["merdan"], reason="Leaves.", actor=aman)

    given = at_once([pass_on, keep_out, siblings])
    # A note may come too late: by then the cases are another's.
    assert not [error for error in given if isinstance(error, Exception) and not isinstance(error, PersonFacingError)]


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_first_facts_at_once_lose_nothing_of_each_other(cast, case):
    def write(**values: object) -> Callable[[], object]:
        mine = again(case)
        return lambda: write_facts(mine, section="person", record=1, values=values, actor=cast.actor("jemal"))

    given = at_once([write(prs_MaritalStatus="Single"), write(prs_Deceased=False)])
    assert given == [1, 1]
    assert set(open_sealed(case.child.sheets.get(), "values")) == {"prs_MaritalStatus", "prs_Deceased"}


@pytest.mark.django_db(transaction=True)
def test_records_that_are_added_at_once_get_a_number_each(cast, case):
    cases = [again(case) for _number in range(4)]

    def add(mine: Case) -> Callable[[], object]:
        values = {"hte_City": "Mary"}
        return lambda: write_facts(
            mine, section="historic_event", record=None, values=values, actor=cast.actor("jemal")
        )

    assert sorted(at_once([add(mine) for mine in cases])) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_many_emergency_tries_at_once_are_no_more_than_one_after_the_other(cast, case):
    def guess() -> object:
        return emergency.open_emergency(code_name="Wrong name", reason="x", actor=cast.actor("dowlet"))

    given = at_once([guess] * 14)
    assert sum(isinstance(error, NothingFound) for error in given) == emergency.TRIES_A_DAY
    assert sum("too often" in str(error) for error in given) == 14 - emergency.TRIES_A_DAY
    assert EmergencyTry.objects.count() == emergency.TRIES_A_DAY
