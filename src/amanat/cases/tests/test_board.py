"""The supervisor's board: the same clocks as on *My day* and on the file; what is late goes on to the deputy, then to the supervisor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from amanat.access.files import open_file
from amanat.access.policy import Relation
from amanat.cases import board, queries, steps
from amanat.cases.actions import changing, registering, writing
from amanat.cases.actions import steps as acts
from amanat.cases.actions.registering import NewChild
from amanat.cases.models import Case
from amanat.cases.overdue import deputy_since, supervisor_since
from amanat.cases.tests.looking import bring_in, counting, make_late, read
from amanat.cases.tests.test_my_day import figures
from amanat.people.models import Membership
from tests.cast import NOW, Cast

Browse = Callable[..., Client]


def opened(cast: Cast, ago: timedelta, by: str = "jemal") -> Case:
    before = cast.actor(by, NOW - ago)
    (case,) = registering.register([NewChild({"names": [{"given": "Aylar", "family": "Çaryýewa"}]})], actor=before)
    return registering.open_case(case, risk="high", priority="P2", reason="A call.", actor=before)


def test_the_board_my_day_and_the_file_show_the_same_clocks(cast: Cast) -> None:
    case = opened(cast, timedelta(hours=50))
    shown = board.board(cast.actor("aman"), board.Asked(), "")
    on_the_board = {(entry.text, entry.due, entry.is_late) for row in shown.rows for entry in row.entries}
    jemal = cast.actor("jemal")
    on_my_day = {(steps.happenings.step_label(row.step), row.due, row.due < NOW) for row in queries.my_steps(jemal)}
    on_the_file = {
        (one.step.label.text(), one.deadline.at, one.is_late)
        for one in steps.due(open_file(jemal, case))
        if one.deadline and one.deadline.at < NOW + board.WEEK
    }
    assert on_the_board == on_my_day == on_the_file
    assert {True, False} == {late for _text, _due, late in on_the_board}


def test_the_board_says_whose_work_it_is_by_code_name(cast: Cast, browse: Browse) -> None:
    case = opened(cast, timedelta(hours=50))
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    told = read(browse("aman"), "/board")
    assert case.child.code_name in told
    assert "Aylar" not in told
    assert "Ogulgerek" in told
    assert "Case manager: Jemal" in told


def test_a_step_that_nobody_in_the_circle_does_says_so(cast: Cast, browse: Browse) -> None:
    opened(cast, timedelta(hours=50))
    assert "Nobody in the circle of care does this yet: psychologist." in read(browse("aman"), "/board")


def test_another_agency_has_its_own_board(cast: Cast, browse: Browse) -> None:
    case = opened(cast, timedelta(hours=50))
    told = read(browse("elena"), "/board")
    assert case.child.code_name not in told
    assert "Nothing is late" in told
    for name in ("jemal", "irina", "kerim", "viktor"):
        assert browse(name).get("/board").status_code == 404


def test_what_the_file_finishes_leaves_the_board(cast: Cast, browse: Browse) -> None:
    case = opened(cast, timedelta(hours=50))
    asked = board.Asked(step="guardian")
    (row,) = board.board(cast.actor("aman"), asked, "").rows
    assert "Have a guardian appointed" in {entry.text for entry in row.entries}
    acts.finish_step(case, step="guardian", happened_at=NOW, text="Appointed.", actor=cast.actor("jemal"))
    assert board.board(cast.actor("aman"), asked, "").rows == []


@pytest.mark.parametrize(("when", "ago", "there"), [
    ("late", timedelta(hours=25), True), ("late", timedelta(hours=1), False),
    ("escalated", timedelta(hours=73), True), ("escalated", timedelta(hours=60), False),
])  # fmt: skip
def test_the_board_by_when(cast: Cast, when: str, ago: timedelta, there: bool) -> None:
    """The first steps of core are due after 24 hours; what is late for 48 hours is the supervisor's."""
    opened(cast, ago)
    assert bool(board.board(cast.actor("aman"), board.Asked(when=when), "").rows) is there


def test_the_board_by_worker(cast: Cast, browse: Browse) -> None:
    mine, other = opened(cast, timedelta(hours=30)), opened(cast, timedelta(hours=30), by="merdan")
    told = read(browse("aman"), f"/board?worker={cast['merdan'].pk.hex}")
    assert other.child.code_name in told
    assert mine.child.code_name not in told
    assert mine.child.code_name in read(browse("aman"), "/board?worker=nobody&when=never&step=none")


def test_what_is_late_for_long_stands_at_the_head_of_the_supervisors_day(cast: Cast, browse: Browse) -> None:
    opened(cast, timedelta(hours=25))
    assert figures(read(browse("aman"), "/"))["late for long in the agency"] == "0"
    opened(cast, timedelta(hours=73))
    told = figures(read(browse("aman"), "/"))
    assert (told["late for long in the agency"], told["late in the agency"]) == ("1", "2")


def test_a_deputy_hears_that_work_of_a_colleague_is_late_and_not_of_whom(cast: Cast, browse: Browse) -> None:
    Membership.objects.filter(pk=cast["jemal"].pk).update(deputy=cast["merdan"])
    case = opened(cast, timedelta(hours=49))
    make_late(writing.flag(case, text="Call.", due=NOW, actor=cast.actor("jemal")), NOW - timedelta(hours=25))
    told = read(browse("merdan"), "/")
    assert "pieces of work of Jemal, whose deputy you are, have been late for long." in told
    assert case.child.code_name not in told
    assert "whose deputy you are" not in read(browse("bahar"), "/")


def test_what_is_late_for_a_short_while_is_not_yet_the_deputys(cast: Cast, browse: Browse) -> None:
    Membership.objects.filter(pk=cast["jemal"].pk).update(deputy=cast["merdan"])
    opened(cast, timedelta(hours=25))
    assert "whose deputy you are" not in read(browse("merdan"), "/")


def test_a_closed_case_is_late_with_nobody(cast: Cast, browse: Browse) -> None:
    Membership.objects.filter(pk=cast["jemal"].pk).update(deputy=cast["merdan"])
    case = opened(cast, timedelta(hours=100))
    changing.close(case, why="goals_met", reason="", actor=cast.actor("jemal"))
    assert "whose deputy you are" not in read(browse("merdan"), "/")
    assert board.board(cast.actor("aman"), board.Asked(), "").rows == []


def test_the_deputys_time_comes_before_the_supervisors() -> None:
    assert supervisor_since(NOW) < deputy_since(NOW) < NOW


def test_the_board_costs_the_same_however_many_cases(cast: Cast, browse: Browse) -> None:
    client = browse("aman")
    opened(cast, timedelta(hours=50))
    with counting() as one:
        client.get("/board")
    for _each in range(5):
        opened(cast, timedelta(hours=50))
    with counting() as many:
        client.get("/board")
    assert len(many) == len(one)
    assert len(many) <= 12
