"""*Find a service for this child*: what fits first and the nearest first, why, and never a no for what nobody told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amanat.directory import candidates, finding
from amanat.directory.finding import CONFIRMED_FOR, Fit, find
from amanat.directory.judging import FREE_PLACES_LAST, Wanted
from amanat.directory.models import Address, Location, Schedule, Service, ServiceAtLocation, Status
from amanat.directory.nearness import EARTH, Point, distance_km, point_of, towns
from amanat.directory.tests.made import many, service
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
DAY = NOW - timedelta(days=3)


def names(wanted: Wanted, **more: Any) -> list[str]:
    return [fit.service.name for fit in find(wanted, now=NOW, **more).rows]


def only(wanted: Wanted) -> Fit:
    return find(wanted, now=NOW).rows[0]


def words(reasons: list[Any]) -> list[str]:
    return [str(reason) for reason in reasons]


def test_a_service_for_another_need_is_not_among_them_and_one_of_which_nobody_told_is() -> None:
    service("Shelter", "shelter")
    service("Lawyer", "legal")
    service("Nobody knows")
    assert names(Wanted(need="shelter")) == ["Shelter", "Nobody knows"]
    assert words(find(Wanted(need="shelter"), now=NOW).rows[1].asks)[0] == "What it is for is not told: ask"


def test_what_is_not_given_now_is_not_found() -> None:
    service("Paused", "shelter", status=Status.CLOSED)
    service("Over", "shelter", status=Status.DEFUNCT)
    assert names(Wanted()) == []


@pytest.mark.parametrize(
    ("told", "wanted", "fits", "misfits", "asks"),
    [
        ({"minimum_age": 6, "maximum_age": 17}, {"age": 17}, ["From 6 to 17 years"], [], []),
        ({"minimum_age": 6, "maximum_age": 17}, {"age": 5}, [], ["From 6 to 17 years"], []),
        ({"maximum_age": 17}, {"age": 0}, ["Up to 17 years"], [], []),
        ({"minimum_age": 12}, {"age": 11}, [], ["From 12 years"], []),
        ({}, {"age": 3}, [], [], ["For which ages is not told: ask"]),
        ({"sex": "girls"}, {"sex": "Feminine"}, ["Girls only"], [], []),
        ({"sex": "girls"}, {"sex": "Masculine"}, [], ["Girls only"], []),
        ({"sex": "girls"}, {"sex": "NonConforming"}, [], [], ["Girls only: ask"]),
        ({"sex": "any"}, {"sex": "NonConforming"}, ["Girls and boys"], [], []),
        ({"languages": ["tk", "ru"]}, {"languages": ("ru",)}, ["Languages: Russian, Turkmen"], [], []),
        ({"languages": ["ru"]}, {"languages": ("tk", "ro")}, [], ["Only: Russian"], []),
        ({}, {"languages": ("tk",)}, [], [], ["Which languages are spoken is not told: ask"]),
        ({"documents": ["passport"]}, {"has_documents": False}, [], ["Asks for: Passport"], []),
        ({"documents": ["a letter"]}, {"has_documents": True}, [], [], ["Asks for: a letter"]),
        ({}, {"has_documents": False}, [], [], ["Which papers it asks for is not told: ask"]),
        (
            {"free_places": 2, "free_places_at": DAY},
            {"free_places": True},
            ["2 places free, told on 21.11.2026"],
            [],
            [],
        ),
        (
            {"free_places": 0, "free_places_at": DAY},
            {"free_places": True},
            [],
            ["No place free, told on 21.11.2026"],
            [],
        ),
        ({}, {"free_places": True}, [], [], ["How many places are free is not told: ask"]),
        ({"hours": [("TU", "09:00", "18:00")]}, {"open_at": NOW}, ["Open until 18:00"], [], []),
        ({"hours": [("WE", "09:00", "18:00")]}, {"open_at": NOW}, [], ["Closed, opens 25.11.2026, 09:00"], []),
        ({}, {"open_at": NOW}, [], [], ["When it is open is not told: ask"]),
    ],
)
def test_each_result_says_why_it_fits_or_not(
    cast: Cast, told: dict[str, Any], wanted: dict[str, Any], fits: list[str], misfits: list[str], asks: list[str]
) -> None:
    made = service("Help", **told)
    made.organization.agency = cast["jemal"].agency  # whose clock counts
    made.organization.save()
    fit = only(Wanted(**wanted))
    assert (words(fit.fits), words(fit.misfits), words(fit.asks)) == (fits, misfits, asks)
    assert fit.is_fitting == (not misfits)


def test_a_number_of_free_places_grows_old() -> None:
    service("Shelter", free_places=3, free_places_at=NOW - FREE_PLACES_LAST - timedelta(hours=1))
    fit = only(Wanted(free_places=True))
    assert words(fit.asks) == ["No free places told since 10.11.2026: ask"]
    assert fit.is_fitting


def test_what_fits_comes_before_what_is_near_and_the_near_before_the_far() -> None:
    near = Point(38.0, 58.0)
    for name, latitude, age in (("Far", 40.0, 6), ("Near", 38.1, 6), ("Nearest, for others", 38.0, 12)):
        service(name, minimum_age=age, at={"latitude": latitude, "longitude": 58.0})
    service("Somewhere", minimum_age=6)
    found = find(Wanted(age=7, near=near), now=NOW)
    assert [(fit.service.name, fit.distance_km) for fit in found.rows] == [
        ("Near", 11.1),
        ("Far", 222.4),
        ("Somewhere", None),
        ("Nearest, for others", 0.0),
    ]
    assert (found.count, found.fitting) == (4, 3)


def test_hours_at_its_place_count_where_it_has_none_of_its_own() -> None:
    made = service("Help", at={"region": "north_valley"})
    at = ServiceAtLocation.objects.get(service=made)
    Schedule.objects.create(location=at.location, freq="WEEKLY", byday="TU", opens_at="00:00", closes_at="23:59")
    assert only(Wanted(open_at=NOW)).is_fitting
    Schedule.objects.create(service_at_location=at, freq="WEEKLY", byday="WE", opens_at="09:00", closes_at="18:00")
    assert not only(Wanted(open_at=NOW)).is_fitting


def test_a_region_leaves_its_services_those_by_phone_and_those_of_which_nobody_told() -> None:
    service("Here", at={"region": "north_valley"})
    service("There", at={"region": "south_valley"})
    service("By phone", at={"region": "south_valley", "location_type": "virtual"})
    service("Nobody knows", at={"region": ""})
    service("No place at all")
    assert sorted(names(Wanted(region="north_valley"))) == ["By phone", "Here", "No place at all", "Nobody knows"]


def test_an_entry_that_nobody_confirmed_for_90_days_is_marked() -> None:
    today = NOW.date()
    service("Confirmed", confirmed_on=today - CONFIRMED_FOR)
    service("Old", confirmed_on=today - CONFIRMED_FOR - timedelta(days=1))
    service("Never")
    old = {fit.service.name: fit.is_old for fit in find(Wanted(), now=NOW).rows}
    assert old == {"Confirmed": False, "Old": True, "Never": True}


def test_pages_show_each_service_once_and_the_way_back() -> None:
    many(60)
    wanted = Wanted(age=9, near=Point(38.0, 58.0), languages=("tk",))
    first = find(wanted, now=NOW)
    second = find(wanted, now=NOW, cursor=first.next_cursor)
    Service.objects.filter(pk=first.rows[0].service.pk).delete()  # what goes meanwhile shifts nothing
    third = find(wanted, now=NOW, cursor=second.next_cursor)
    seen = [fit.service.pk for page in (first, second, third) for fit in page.rows]
    assert (len(seen), len(set(seen)), third.next_cursor, first.previous_cursor) == (60, 60, "", "")
    back = find(wanted, now=NOW, cursor=third.previous_cursor)
    assert [fit.service.pk for fit in back.rows] == [fit.service.pk for fit in second.rows]
    assert find(wanted, now=NOW, cursor="not ours").rows[0].service.pk == first.rows[1].service.pk


def test_pages_say_the_same_of_hours_as_all_on_one_page_would(monkeypatch: pytest.MonkeyPatch) -> None:
    many(60)
    wanted = Wanted(age=9, near=Point(38.0, 58.0), languages=("tk",), open_at=NOW)

    def told(fits: list[Fit]) -> list[tuple[str, list[str]]]:
        return [(fit.service.name, words([*fit.fits, *fit.misfits, *fit.asks])) for fit in fits]

    pages = [find(wanted, now=NOW)]
    while pages[-1].next_cursor:
        pages.append(find(wanted, now=NOW, cursor=pages[-1].next_cursor))
    back = find(wanted, now=NOW, cursor=pages[-1].previous_cursor)
    monkeypatch.setattr(finding, "PAGE_SIZE", 60)
    whole = find(wanted, now=NOW)
    assert 0 < whole.fitting < 25
    assert [told(page.rows) for page in pages] == [told(whole.rows[at : at + 25]) for at in (0, 25, 50)]
    assert told(back.rows) == told(pages[1].rows)


def test_no_more_queries_for_more_services() -> None:
    wanted = Wanted(need="shelter", age=9, near=Point(38.0, 58.0), languages=("tk",), open_at=NOW, free_places=True)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert find(wanted, now=NOW).rows
        return len(queries)

    many(100)
    few = asked()
    many(200, seed=8)
    assert asked() == few <= 5


def test_hours_that_were_compared_are_not_read_again() -> None:
    """Two questions, about places and their hours, are asked once where all that is shown fits in all else."""
    service("Fits", "shelter", minimum_age=6, hours=[("TU", "09:00", "18:00")])
    with CaptureQueriesContext(connection) as compared:
        assert find(Wanted(need="shelter", age=7, open_at=NOW), now=NOW).fitting == 1
    with CaptureQueriesContext(connection) as shown:
        find(Wanted(need="shelter", age=7), now=NOW)
    assert len(compared) == len(shown)


def test_more_than_are_compared_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "MOST", 3)
    monkeypatch.setattr("amanat.directory.finding.MOST", 3)
    for name in "dcba":
        service(name, "shelter" if name == "d" else "legal")
    found = find(Wanted(), now=NOW)
    assert (found.too_many, [fit.service.name for fit in found.rows]) == (True, ["a", "b", "c"])
    assert not find(Wanted(need="shelter"), now=NOW).too_many


def test_a_town_lies_in_the_middle_of_what_is_known_there(place: Callable[..., None]) -> None:
    place("Aşgabat", 37.9, 58.3)
    place("Aşgabat", 38.1, 58.5)
    place("Mary", None, None)
    assert towns() == ["Aşgabat"]
    found = point_of(town="Aşgabat")
    assert found
    assert [round(number, 6) for number in found] == [38.0, 58.4]
    assert point_of(town="Mary") is None
    assert point_of(region="north_valley") is not None
    assert point_of() is None


@pytest.fixture
def place() -> Callable[..., None]:
    def make(city: str, latitude: float | None, longitude: float | None) -> None:
        made = Location.objects.create(name=city, region="north_valley", latitude=latitude, longitude=longitude)
        Address.objects.create(location=made, city=city)

    return make


def test_distances_are_those_of_the_globe() -> None:
    quarter = 3.141592653589793 / 2 * EARTH
    assert distance_km(Point(0, 0), Point(0, 90)) == pytest.approx(quarter)
    assert distance_km(Point(90, 0), Point(-90, 123)) == pytest.approx(2 * quarter)
    assert distance_km(Point(10, 179), Point(10, -179)) == pytest.approx(219, abs=1)


def test_the_hours_are_compared_of_those_alone_that_fit_in_all_else() -> None:
    service("For older ones, open", "shelter", minimum_age=12, hours=[("MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59")])
    service("Fits, closed", "shelter", minimum_age=6, hours=[("WE", "09:00", "18:00")])
    found = find(Wanted(need="shelter", age=7, open_at=datetime(2026, 11, 24, 9, tzinfo=UTC)), now=NOW)
    assert found.fitting == 0
    told = {fit.service.name: (words(fit.misfits), words(fit.fits)) for fit in found.rows}
    assert told == {
        "For older ones, open": (["From 12 years"], ["Shelter", "Open day and night"]),
        "Fits, closed": (["Closed, opens 25.11.2026, 09:00"], ["Shelter", "From 6 years"]),
    }
