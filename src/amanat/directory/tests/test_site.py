"""“Where to find help” on the public site: what everybody reads of the directory, and what is never shown, kept or broken by a bad file."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from amanat.access.actor import Actor
from amanat.directory import public, published, site, week, whom
from amanat.directory.actions import detailing
from amanat.directory.models import Address, Location, Phone, Service, ServiceAtLocation
from amanat.directory.refreshing import GOOD_FOR, Refresher
from amanat.directory.tests.made import HOURS, NOWHERE, many, organization, service
from tests.cast import NOW, Cast

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlcipher_only,
    pytest.mark.urls("amanat.config.tree.site_urls"),
]
EMPTY = "No list is here now"


@pytest.fixture(autouse=True)
def workspace(settings: Any, tmp_path: Path) -> None:
    settings.WORKSPACE, settings.AMANAT_DUTY_NUMBER = tmp_path, "+993 12 00 00 00"


def visit(address: str = "/services", language: str = "en") -> str:
    answer = Client().get(address, headers={"accept-language": language})
    assert (answer.status_code, answer.cookies) == (200, {})
    return answer.content.decode()


def names(address: str) -> list[str]:
    return re.findall(r'<h2 id="s[^"]*"><a [^>]*>([^<]*)', visit(address))


def day_centre() -> Service:
    made = service(
        "Day centre",
        "social",
        hours=HOURS,
        languages=["tk"],
        documents=["passport"],
        minimum_age=6,
        maximum_age=17,
        sex="girls",
        at={"region": "lakeside", "name": "By the lake"},
        texts={"name": {"ru": "Дневной центр"}},
    )
    Address.objects.create(location=Location.objects.get(), address_1="Long street 5", city="Lakeside")
    Phone.objects.create(service=made, number="+993 (12) 11-11-11")
    return made


def test_a_service_is_told_with_all_that_one_needs_to_go_there() -> None:
    made = day_centre()
    public.write(NOW)
    page = visit(f"/services/{made.pk}")
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))
    wanted = ["Day centre", "girls only", "from 6 to 17 years", "Turkmen", "Passport", "Monday, Tuesday", "09:00–18:00"]
    assert [word for word in (*wanted, "Long street 5", "Call before you go", "24.11.2026") if word not in told] == []
    assert 'href="tel:+993121111' in page
    assert "Дневной центр" in visit(language="ru")
    assert page.count("<h1>") == 1
    assert "data-leave" in page


def test_a_canary_in_what_is_not_public_is_on_no_page(actor: Callable[..., Actor], cast: Cast) -> None:
    made = service("Shelter", "shelter", of=organization("North", cast["jemal"].agency))
    hidden = dict.fromkeys(("state_province", "postal_code", "country", "transportation"), "Zqhidden")
    hidden |= {"address_1": "Zqlane 7", "city": "Zqtown", "name": "Zqhouse"}
    detailing.add_place(made, region="lakeside", is_confidential=True, actor=actor("jemal"), **hidden, **NOWHERE)
    secret = service("Zqwithheld", is_withheld=True)
    public.write(NOW)
    assert "Zq" not in visit() + visit(f"/services/{made.pk}")
    assert "lakeside" not in visit(f"/services/{made.pk}").lower()
    assert names("/services?region=lakeside") == ["Shelter"]
    assert Client().get(f"/services/{secret.pk}").status_code == 404


def test_need_and_region_leave_what_fits_and_that_of_which_nobody_told() -> None:
    day_centre()
    service("Lawyer", "legal", at={"region": "south_valley"})
    service("Nobody knows")
    public.write(NOW)
    assert names("/services?need=legal") == ["Lawyer", "Nobody knows"]
    assert names("/services?need=legal&region=lakeside") == ["Nobody knows"]
    assert names("/services?need=education") == ["Day centre", "Lawyer", "Nobody knows"]
    assert 'value="legal" selected' in visit("/services?need=legal")


def test_nothing_of_an_address_is_shown_again_but_codes_of_ours() -> None:
    day_centre()
    public.write(NOW)
    page = visit("/services?need=Zqaylar&region=Zqhere&page=Zq1&name=Zqname&lang=Zq")
    assert "Zq" not in page
    assert "need=social&amp;lang=ro" in visit("/services?need=social", "ru")


def test_a_page_holds_25_and_the_last_one_is_reached() -> None:
    many(30)
    public.write(NOW)
    every = names("/services") + names("/services?page=2")
    assert (len(names("/services")), len(set(every))) == (25, 30)
    assert names("/services?page=99") == every[25:]


def test_without_a_file_the_page_says_where_to_call() -> None:
    page = visit("/services")
    assert EMPTY in page
    assert "+993 12 00 00 00" in page
    assert "/call-back?lang=en" in page


WHOLE = {"service": {"id": "1", "name": "x", "organization": {"name": "y"}}, "needs": [], "regions": [], "sex": ""}
ONE = WHOLE | {"texts": {}, "unverified": False}


@pytest.mark.parametrize(
    "damaged",
    [
        *("", "{", "[]", "null", '"x"', "[" * 100_000, "\ud800"),
        json.dumps({"made_at": "yesterday", "words": {}, "services": []}),
        *(
            json.dumps({"made_at": NOW.isoformat(), "words": {}, "services": [ONE | {"service": told}]})
            for told in (
                None,
                [],
                "x",
                {"id": 7},
                ONE["service"] | {"phones": 3},
                ONE["service"] | {"phones": [{"number": 3}]},
            )  # type: ignore[operator]
        ),
    ],
)
def test_a_damaged_file_is_as_none(damaged: str) -> None:
    published.file().parent.mkdir()
    published.file().write_bytes(damaged.encode(errors="surrogatepass"))
    assert EMPTY in visit("/services")


def test_the_file_is_read_once_until_it_is_written_anew() -> None:
    made = service("Day centre")
    public.write(NOW)
    first = published.part()
    assert published.part() is first
    Service.objects.filter(pk=made.pk).update(name="Night centre")
    public.write(NOW)
    assert published.part().offers[0].name.text() == "Night centre"


def test_what_was_written_once_is_written_anew_every_hour_and_nothing_by_itself_before() -> None:
    made, moment = service("Day centre"), [NOW]
    refresher = Refresher(lambda: moment[0])
    refresher.turn()
    assert not published.file().exists()
    public.write(NOW)
    made.is_withheld = True
    made.save()
    moment[0] = NOW + GOOD_FOR - timedelta(seconds=1)
    refresher.turn()
    assert len(published.part().offers) == 1
    moment[0] = NOW + GOOD_FOR
    refresher.turn()
    assert (published.part().offers, published.part().made_at) == ([], NOW + GOOD_FOR)
    published.file().write_text("{")
    refresher.turn()
    assert published.part().made_at == NOW + GOOD_FOR


def test_hours_at_a_place_count_where_the_service_has_none_and_each_number_stands_once() -> None:
    made = service("Doctor", at={"name": "Clinic"})
    at = ServiceAtLocation.objects.get()
    for row in ({"location": at.location}, {"service_at_location": at}, {"organization": made.organization}):
        Phone.objects.create(number="+993 12 22", **row)
    at.schedules.create(freq="WEEKLY", byday="SA", opens_at="10:00", closes_at="12:00")
    at.location.schedules.create(freq="WEEKLY", byday="SU", opens_at="10:00", closes_at="12:00")
    public.write(NOW)
    [offer] = published.part().offers
    assert [(line.days, line.clock) for line in offer.hours] == [("Saturday", "10:00–12:00")]
    assert [phone.dialled for phone in offer.phones] == ["+9931222"]


def test_the_page_asks_for_no_table_and_other_public_pages_lead_to_it() -> None:
    assert resolve("/services", "amanat.config.tree.site_urls").func is site.services
    told = {name for module in (site, published, week, whom) for name in imported(Path(module.__file__ or ""))}
    assert {name for name in told if name.startswith("amanat.")} == {
        "amanat.directory.published",
        "amanat.directory.week",
        "amanat.directory.whom",
        "amanat.packs.labels",
        "amanat.web.formats",
    }
    assert 'href="/services?' in visit("/call-back")


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            of_rooms = node.module == "amanat.directory"
            yield from [f"{node.module}.{one.name}" for one in node.names] if of_rooms else [str(node.module)]
