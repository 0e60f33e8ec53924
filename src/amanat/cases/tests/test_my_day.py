"""My day: what waits for somebody, for whom they stand in, and a day without children for whoever never sees a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from amanat.access.policy import Relation
from amanat.cases.actions import changing, emergency, handing, registering, writing
from amanat.cases.models import Case
from amanat.cases.tests.looking import bring_in, counting, many, read, write_on
from amanat.people.models import Membership
from tests.cast import CAST, Cast

Browse = Callable[..., Client]


def figures(told: str) -> dict[str, str]:
    """The tiles: what they count, and how many."""
    found = re.findall(r'<span class="figure">(\S+) <svg.*?</svg></span>([^<]+)<', told)
    return {label: figure for figure, label in found}


@pytest.mark.parametrize("name", CAST)
def test_every_worker_has_a_day(name: str, case: Case, browse: Browse) -> None:
    assert "My day" in read(browse(name), "/")


def test_what_is_due_stands_there_by_name_with_the_late_first(case: Case, cast: Cast, browse: Browse) -> None:
    write_on(case, cast)
    told = read(browse("jemal"), "/")
    assert "Aylar Çaryýewa" in told
    assert told.index("Call the school.") < told.index("Bring winter shoes.")
    assert figures(told) == {"overdue": "1", "due today": "0", "new in my circle this week": "1"}


def test_due_today_ends_at_midnight_where_the_worker_is(case: Case, cast: Cast, browse: Browse) -> None:
    jemal, midnight = cast.actor("jemal"), cast.now.replace(hour=19)  # in Ashgabat
    writing.flag(case, text="Before", due=midnight - timedelta(minutes=1), actor=jemal)
    writing.flag(case, text="After", due=midnight, actor=jemal)
    assert figures(read(browse("jemal"), "/"))["due today"] == "1"


def test_a_supervisor_finds_their_own_flag_by_code_name_only(case: Case, cast: Cast, browse: Browse) -> None:
    writing.flag(case, text="Read the plan.", due=cast.now, actor=cast.actor("aman"))
    told = read(browse("aman"), "/")
    assert case.child.code_name in told
    assert "Read the plan." in told
    assert "Aylar" not in told


def test_a_flag_for_a_colleague_stands_in_both_days(case: Case, cast: Cast, browse: Browse) -> None:
    writing.flag(case, text="Call the school.", due=cast.now, owner=cast["jemal"], actor=cast.actor("aman"))
    assert "Call the school." in read(browse("jemal"), "/")
    assert "Call the school." in read(browse("aman"), "/").split("waiting for colleagues")[1]


def test_a_task_on_a_file_that_one_has_left_is_gone(case: Case, cast: Cast, browse: Browse) -> None:
    from amanat.cases.actions import handing

    writing.flag(case, text="Call the school.", due=cast.now, actor=cast.actor("jemal"))
    handing.hand_over(case, to=cast["merdan"], reason="Leave.", actor=cast.actor("jemal"))
    told = read(browse("jemal"), "/")
    assert "Call the school." not in told
    assert case.child.code_name not in told


def test_a_deputy_sees_whom_they_stand_in_for_and_what_is_due_to_them(case: Case, cast: Cast, browse: Browse) -> None:
    write_on(case, cast)
    Membership.objects.filter(pk=cast["jemal"].pk).update(
        deputy=cast["merdan"], away_from=cast.now, away_until=cast.now + timedelta(days=7)
    )
    told = read(browse("merdan"), "/")
    assert "You stand in for" in told
    assert "Call the school." in told
    assert "For Jemal" in told


def test_an_emergency_waits_for_the_supervisor_and_stands_with_the_dpo(case: Case, cast: Cast, browse: Browse) -> None:
    emergency.open_emergency(code_name=case.child.code_name, reason="A call.", actor=cast.actor("dowlet"))
    assert figures(read(browse("aman"), "/"))["emergencies to judge"] == "1"
    assert figures(read(browse("elena"), "/"))["emergencies to judge"] == "0"
    assert figures(read(browse("kerim"), "/"))["emergencies not yet judged"] == "1"


@pytest.mark.parametrize("name", ["viktor", "andrei", "tamara"])
def test_whoever_never_sees_a_file_has_a_day_without_children(
    name: str, case: Case, cast: Cast, browse: Browse
) -> None:
    write_on(case, cast)
    told = read(browse(name), "/")
    assert case.child.code_name not in told
    assert "none are shown to you" in told
    assert 'href="/cases' not in told


def test_an_empty_day_says_what_to_do(case: Case, browse: Browse) -> None:
    assert "Nothing is waiting for you" in read(browse("merdan"), "/")


@pytest.mark.parametrize("name", ["jemal", "aman"])
def test_the_cost_does_not_grow_with_what_is_due(name: str, cast: Cast, browse: Browse) -> None:
    cases, client, counts = many(cast, 40), browse(name), []
    for some in (cases[:5], cases[5:]):
        for case in some:
            writing.flag(case, text="Visit.", due=cast.now, actor=cast.actor(name))
        read(client, "/")
        with counting() as statements:
            read(client, "/")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def test_new_in_my_circle_leads_to_those_cases(case: Case, cast: Cast, browse: Browse) -> None:
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    client = browse("ogulgerek")
    assert 'href="/cases?only=new"' in read(client, "/")
    assert case.get_absolute_url() in read(client, "/cases", only="new")


def test_an_emergency_access_is_announced_to_the_circle_and_stands_with_its_end_on_the_day_of_who_opened_it(
    case: Case, cast: Cast, browse: Browse
) -> None:
    access = emergency.open_emergency(code_name=case.child.code_name, reason="x", actor=cast.actor("dowlet"))
    told = read(browse("jemal"), "/")
    assert "Dowlet (Harbour Legal Aid) opened this file in an emergency." in told
    assert case.get_absolute_url() in told
    assert "opened this file" not in read(browse("merdan"), "/")
    own = read(browse("dowlet"), "/")
    assert "Your emergency access" in own
    assert "Open until" in own
    emergency.judge_emergency(case, access=access, judgement="justified", reason="x", actor=cast.actor("aman"))
    assert "It was judged: Justified" in read(browse("dowlet"), "/")


def test_whoever_gets_a_case_handed_over_reads_from_whom(case: Case, cast: Cast, browse: Browse) -> None:
    handing.hand_over(case, to=cast["merdan"], reason="Moves away.", actor=cast.actor("jemal"))
    told = read(browse("merdan"), "/")
    assert case.child.code_name in told.split("Handed over to you this week")[1]
    assert "by Jemal" in told
    assert "Handed over to you" not in read(browse("ogulgerek"), "/")


def test_the_last_day_of_a_leave_is_named_to_the_deputy_not_the_day_after(cast: Cast, browse: Browse) -> None:
    begins = cast.now.replace(hour=19, minute=0, second=0, microsecond=0)  # midnight in Ashgabat
    Membership.objects.filter(pk=cast["jemal"].pk).update(
        away_from=begins - timedelta(days=2), away_until=begins + timedelta(days=3), deputy=cast["merdan"]
    )
    last_day = (begins + timedelta(days=3)).strftime(
        "%d.%m.%Y"
    )  # it ends where the next one begins, hence no day is added
    assert last_day in read(browse("merdan"), "/")


def test_how_many_files_wait_for_a_first_risk_is_said_with_the_way_to_them(
    case: Case, cast: Cast, browse: Browse, register: Callable[..., Case]
) -> None:
    many(cast, 2)  # at low risk
    other, closed, foreign = register(), register(), register(by="dowlet")
    changing.close(closed, why="other", reason="x", actor=cast.actor("jemal"))
    client = browse("jemal")
    assert 'href="/cases?risk=-&amp;only=managed">2 files have no risk yet</a>' in read(client, "/")
    listed = read(client, "/cases", risk="-", only="managed")
    assert "Only those whose case manager I am" in listed
    assert {one for one in (case, other, closed, foreign) if one.get_absolute_url() in listed} == {case, other}
    assert "2 cases" in listed
    registering.open_case(other, risk="high", priority="P2", reason="x", actor=cast.actor("jemal"))
    assert 'href="/cases?risk=-&amp;only=managed">1 file has no risk yet</a>' in read(client, "/")
    registering.open_case(case, risk="high", priority="P2", reason="x", actor=cast.actor("jemal"))
    assert "no risk yet" not in read(client, "/")


def test_a_risk_is_asked_only_of_who_can_set_one(case: Case, cast: Cast, browse: Browse) -> None:
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    assert "1 file has no risk yet" in read(browse("jemal"), "/")
    for name in ("ogulgerek", "merdan", "aman", "kerim", "dowlet"):
        assert "no risk yet" not in read(browse(name), "/")
    assert case.get_absolute_url() in read(browse("merdan"), "/cases", risk="-")
    assert case.get_absolute_url() not in read(browse("merdan"), "/cases", risk="-", only="managed")
    Membership.objects.filter(pk=cast["jemal"].pk).update(
        deputy=cast["merdan"], away_from=cast.now, away_until=cast.now + timedelta(days=7)
    )
    assert "1 file has no risk yet" in read(browse("merdan"), "/")


def test_more_than_a_thousand_files_without_risk_are_said_to_be_that_many(cast: Cast, browse: Browse) -> None:
    children = [registering.NewChild({"names": [{"given": f"Name{place}"}]}) for place in range(1001)]
    registering.register(children, actor=cast.actor("jemal"))
    assert "more than 1,000 files have no risk yet" in read(browse("jemal"), "/")
