"""The caseload: whose cases, in which order, by which name, at what cost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from amanat import names
from amanat.audit.models import Entry, Outcome
from amanat.cases import caseload as caseloads
from amanat.cases.actions import registering
from amanat.cases.actions.registering import NewChild
from amanat.cases.models import Case, Stage
from amanat.cases.tests.looking import counting, many, read, write_on
from tests.cast import Cast

Browse = Callable[..., Client]
ROW = re.compile(r'<th scope="row"><a href="(/cases/[0-9a-f]{32})">(?:<span[^>]*>([^<]+)</span>)?')


def rows(told: str) -> list[tuple[str, str]]:
    """(address, name) of each line."""
    return ROW.findall(told)


def walk(client: Client, **query: str) -> list[tuple[str, str]]:
    """The lines of all pages."""
    found, told = [], read(client, "/cases", **query)
    while True:
        found += rows(told)
        following = re.search(r'rel="next" href="\?([^"]+)"', told)
        if not following:
            return found
        told = read(client, "/cases?" + following[1].replace("&amp;", "&"))


def test_the_circle_sees_names_and_others_code_names(case: Case, cast: Cast, browse: Browse) -> None:
    assert "Aylar Çaryýewa" in read(browse("jemal"), "/cases")
    for name in ("aman", "irina", "kerim"):
        told = read(browse(name), "/cases")
        assert case.child.code_name in told
        assert "Aylar" not in told


def test_the_coordinator_learns_the_agency_and_not_who_works_on_it(case: Case, browse: Browse) -> None:
    told = read(browse("irina"), "/cases")
    assert "Northern Network" in told
    assert "Jemal" not in told
    assert "Jemal" in read(browse("aman"), "/cases")


@pytest.mark.parametrize("name", ["dowlet", "merdan", "elena"])
def test_whoever_has_no_case_is_told_what_to_do(name: str, case: Case, browse: Browse) -> None:
    told = read(browse(name), "/cases")
    assert "No open cases" in told
    assert case.child.code_name not in told


@pytest.mark.parametrize("name", ["viktor", "andrei", "tamara"])
def test_for_who_never_sees_a_file_there_is_no_caseload(name: str, case: Case, browse: Browse) -> None:
    assert browse(name).get("/cases").status_code == 404


def test_an_opened_name_is_a_look_and_a_code_name_is_none(case: Case, browse: Browse) -> None:
    looks = Entry.objects.filter(subject=case.subject, outcome=Outcome.READ)
    read(browse("irina"), "/cases")
    assert looks.count() == 0
    read(browse("jemal"), "/cases")
    assert [look.page for look in looks] == ["cases.caseload"]


@pytest.mark.parametrize("sort", ["due", "risk", "opened", "contact", "name"])
def test_every_order_gives_each_case_once_over_all_pages(sort: str, cast: Cast, browse: Browse) -> None:
    cases = many(cast, 60)
    found = walk(browse("jemal"), sort=sort)
    assert len(found) == 60
    assert {address for address, _name in found} == {case.get_absolute_url() for case in cases}


def test_the_late_and_the_critical_come_first(cast: Cast, browse: Browse) -> None:
    many(cast, 3)
    late, critical = registering.register(
        [NewChild({"names": [{"given": "Late"}]}), NewChild({"names": [{"given": "Critical"}]}, risk="critical")],
        actor=cast.actor("jemal"),
    )
    write_on(late, cast)
    told = read(browse("jemal"), "/cases")
    assert rows(told)[0] == (late.get_absolute_url(), "Late")
    assert told.count("late</span>") == 1
    assert rows(read(browse("jemal"), "/cases", sort="risk"))[0][0] == critical.get_absolute_url()


@pytest.mark.parametrize("language", ["tk", "ru", "ro", "en"])
def test_names_stand_in_the_alphabet_of_the_page(language: str, cast: Cast, browse: Browse) -> None:
    given = ["Çary", "Cary", "Şirin", "Sona", "Ýazgul", "Žanna", "Ünal", "Илья", "Ёлка", "Ștefan", "Äşe"]
    registering.register([NewChild({"names": [{"given": name}]}) for name in given], actor=cast.actor("jemal"))
    client = browse("jemal")
    client.cookies["language"] = language
    found = [name for _address, name in rows(read(client, "/cases", sort="name"))]
    assert found == sorted(given, key=lambda name: names.sort_key(name, language))


def test_too_many_to_sort_by_name_are_said_to_be(cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caseloads, "BY_NAME_UP_TO", 5)
    many(cast, 6)
    assert "Too many cases to put in order by name" in read(browse("jemal"), "/cases", sort="name")


def test_stage_risk_and_state_narrow_the_list(cast: Cast, browse: Browse) -> None:
    cases, client = many(cast, 4), browse("jemal")
    Case.objects.filter(pk=cases[0].pk).update(stage=Stage.CLOSED)
    Case.objects.filter(pk=cases[1].pk).update(stage=Stage.ASSISTANCE, risk="high")
    assert len(rows(read(client, "/cases"))) == 3
    assert len(rows(read(client, "/cases", state="closed"))) == 1
    assert len(rows(read(client, "/cases", state="all"))) == 4
    assert len(rows(read(client, "/cases", stage="assistance"))) == 1
    assert len(rows(read(client, "/cases", risk="low"))) == 2
    assert "No case fits" in read(client, "/cases", stage="follow_up")


def test_words_in_the_address_that_are_not_ours_change_nothing(cast: Cast, browse: Browse) -> None:
    many(cast, 2)
    told = read(browse("jemal"), "/cases", sort="names", stage="x' OR 1=1", risk="none", only="all", **{"from": "zzz"})
    assert len(rows(told)) == 2


@pytest.mark.parametrize("sort", ["due", "name"])
def test_the_cost_does_not_grow_with_the_caseload(sort: str, cast: Cast, browse: Browse) -> None:
    client = browse("jemal")
    many(cast, 30)
    read(client, "/cases", sort=sort)
    with counting() as few:
        read(client, "/cases", sort=sort)
    many(cast, 270)
    with counting() as more:
        read(client, "/cases", sort=sort)
    assert len(more) == len(few) <= 12


def test_more_than_a_thousand_are_not_counted(cast: Cast, browse: Browse) -> None:
    many(cast, 1001)
    assert "more than 1,000 cases" in read(browse("jemal"), "/cases")
