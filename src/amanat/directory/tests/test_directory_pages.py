"""The pages of the directory: looking, finding, one entry, and those that agencies keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from django.test import Client

from amanat.directory.actions import detailing
from amanat.directory.models import Address, Location, Organization, Schedule, Service, ServiceAtLocation
from amanat.directory.tests.made import NOWHERE, many, organization, service
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Browse = Callable[[str], Client]
WHERE = dict.fromkeys(("state_province", "postal_code", "country", "transportation"), "")


@pytest.fixture
def own(cast: Cast) -> Service:
    north = organization("Northern Network", cast["jemal"].agency)
    return service("Shelter", "shelter", of=north, hours=[("MO,TU,WE,FR", "09:00", "18:00")], minimum_age=6)


def text(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_looked_for_stands_as_codes_in_the_address(browse: Browse) -> None:
    service("Lawyer", "legal", languages=["ru"])
    form = {"need": "legal", "age": "9", "sex": "Feminine", "language": "ru", "open_now": "on", "papers": "no"}
    answer = browse("jemal").post("/directory/find", form)
    assert answer.status_code == 302
    query = parse_qs(urlparse(answer["Location"]).query)
    assert query == {
        "need": ["legal"],
        "age": ["9"],
        "sex": ["Feminine"],
        "language": ["ru"],
        "open": ["now"],
        "papers": ["no"],
    }
    page = text(browse("jemal"), answer["Location"])
    assert "Legal help · Female · Russian · 9 years old · open now · has no papers" in page
    assert "1 fits as far as it is told" in page
    again = text(browse("jemal"), answer["Location"].replace("/directory?", "/directory/find?"))
    assert 'value="legal" selected' in again


@pytest.mark.parametrize(
    "query",
    [
        "need=nothing&age=old&sex=x&open=yesterday&papers=maybe&region=moon&near=Atlantis&from=nonsense",
        "age=-1&open=2026-99-99T00:00Z",
        "age=" + "9" * 40,
        "open=2026-11-24T09:00",
    ],
)
def test_an_address_that_somebody_made_up_shows_all_services(browse: Browse, query: str) -> None:
    service("Lawyer", "legal")
    assert "Lawyer" in text(browse("jemal"), f"/directory?{query}")


def test_bad_input_gets_a_sentence_and_nothing_is_lost(browse: Browse) -> None:
    answer = browse("jemal").post("/directory/find", {"age": "121", "need": "legal"})
    page = answer.content.decode()
    assert "less than or equal to 120" in page
    assert 'value="121"' in page


def test_the_distance_counts_from_the_town_or_from_the_middle_of_the_region(browse: Browse) -> None:
    made = service("Lawyer", at={"latitude": 37.0, "longitude": 58.0, "region": "abroad"})
    Address.objects.create(location=Location.objects.get(), city="Aşgabat")
    service("Far lawyer", at={"latitude": 39.0, "longitude": 58.0, "region": "abroad"})
    page = text(browse("jemal"), "/directory?near=A%C5%9Fgabat")
    assert "less than 1 km" in page
    assert "about 222 km" in page
    assert text(browse("jemal"), "/directory?region=abroad").count("about 111 km") == 2
    assert "Aşgabat" in text(browse("jemal"), "/directory/find")
    assert made.name in page


def test_an_empty_directory_says_how_it_is_filled(browse: Browse) -> None:
    assert "The directory is empty" in text(browse("jemal"), "/directory")
    assert "No service yet" in text(browse("aman"), "/directory/entries")


def test_the_list_goes_on_where_it_ended(browse: Browse) -> None:
    many(30)
    page = text(browse("jemal"), "/directory?age=9")
    onward = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "age=9" in onward
    assert text(browse("jemal"), f"/directory{onward}").count('class="card fit"') == 5


def test_the_entry_says_when_and_how_sure_it_is(browse: Browse, own: Service) -> None:
    page = text(browse("dowlet"), f"/directory/services/{own.pk}")
    for words in ("Monday to Wednesday, Friday", "09:00–18:00", "not confirmed for 90 days", "From 6 years"):
        assert words in page
    assert "You keep this entry" not in page
    assert "You keep this entry" in text(browse("aman"), f"/directory/services/{own.pk}")
    assert browse("dowlet").get("/directory/services/12345678-1234-1234-1234-123456789012").status_code == 404


def test_where_a_shelter_is_reads_who_may_know_it(browse: Browse, own: Service, cast: Cast) -> None:
    jemal = cast.actor("jemal")
    told = {"address_1": "Zqlane 7", "city": "Zqtown", **WHERE, **NOWHERE}
    at = detailing.add_place(own, name="Zqhouse", region="", is_confidential=True, actor=jemal, **told)
    entry, place = f"/directory/services/{own.pk}", f"/directory/places/{at.location_id}"
    outsider = text(browse("dowlet"), entry)
    assert "The address is told when the referral is accepted." in outsider
    assert browse("dowlet").get(place).status_code == 404
    assert place in text(browse("ogulgerek"), entry)
    assert "Zqlane 7" in text(browse("ogulgerek"), place)
    seen = outsider + "".join(text(browse("jemal"), page) for page in ("/directory", entry, "/directory/entries"))
    assert not [word for word in ("Zqhouse", "Zqlane", "Zqtown") if word in seen]
    assert "Zqlane 7" in text(browse("jemal"), f"/directory/services/{own.pk}/places/{at.location_id}")


def test_an_agency_puts_itself_and_a_service_in(browse: Browse, cast: Cast) -> None:
    browser = browse("jemal")
    answer = browser.post("/directory/organizations/add", {"name": "North", "website": "", "email": ""})
    house = Organization.objects.get()
    assert (house.agency, answer["Location"]) == (
        cast["jemal"].agency,
        f"/directory/organizations/{house.pk}/service",
    )
    refused = browser.post(answer["Location"], {"name": "Day centre"}).content.decode()
    assert "without it nobody finds the service" in refused
    assert 'value="Day centre"' in refused
    answer = browser.post(answer["Location"], {"name": "Day centre", "needs": ["social", "education"]}, follow=True)
    made = Service.objects.get()
    assert [need.code for need in made.needs.all()] == ["social", "education"]
    assert "Now say for whom it is" in answer.content.decode()
    browser.post(f"/directory/services/{made.pk}/for-whom", {"minimum_age": "7", "sex": "any", "languages": ["tk"]})
    hours = {"days": ["MO", "TU"], "opens_at": "09:00", "closes_at": "18:00"}
    browser.post(f"/directory/services/{made.pk}/hours", hours)
    browser.post(f"/directory/services/{made.pk}/place", {"name": "House", "city": "Mary", "latitude": "37.6"})
    assert not Location.objects.exists()  # one of the two coordinates is missing
    browser.post(f"/directory/services/{made.pk}/place", {"name": "House", "city": "Mary"})
    page = text(browse("selbi"), f"/directory/services/{made.pk}")
    for words in ("From 7 years", "Languages: Turkmen", "Monday, Tuesday", "House", "Mary"):
        assert words in page


def test_free_places_and_a_confirmation_are_one_press_in_the_list(browse: Browse, own: Service) -> None:
    browser = browse("aman")
    assert "1 service was not confirmed for 90 days." in text(browser, "/directory/entries")
    form = {"free_places": "2", "at": "list"}
    answer = browser.post(f"/directory/services/{own.pk}/free-places", form, follow=True)
    assert answer.redirect_chain[-1][0] == "/directory/entries"
    assert "Shelter: places free now: 2." in answer.content.decode()
    answer = browser.post(f"/directory/services/{own.pk}/free-places", {"free_places": "many", "at": "list"})
    assert 'value="many"' in answer.content.decode()
    browser.post(f"/directory/services/{own.pk}/confirm", {"at": "list"})
    own.refresh_from_db()
    assert (own.free_places, own.confirmed_on) == (2, NOW.date())
    assert "All entries are confirmed" in text(browser, "/directory/entries?show=old")


def test_my_day_asks_who_may_confirm(browse: Browse, own: Service, cast: Cast) -> None:
    service("Clinic", confirmed_on=date(2026, 1, 1))
    for who, count in (("jemal", 1), ("irina", 1), ("dowlet", 0), ("ogulgerek", 0)):
        assert text(browse(who), "/").count("service to confirm") == count, who


def test_the_pages_of_keeping_do_not_exist_for_others(browse: Browse, own: Service) -> None:
    place = service("Clinic", of=own.organization, at={"region": ""}).service_at_locations.get()
    at = f"/directory/services/{own.pk}"
    pages = [f"{at}/{name}" for name in ("change", "for-whom", "status", "free-places", "confirm", "hours", "phone")]
    pages += [f"{at}/place", f"{at}/other-place", f"{at}/take-out/hours/{Schedule.objects.get().pk}"]
    pages += [f"{at}/places/{place.location_id}", f"/directory/organizations/{own.organization.pk}/change"]
    for address in pages:
        assert browse("dowlet").get(address).status_code == 404, address
        assert browse("irina").post(address, {"reason": "x"}).status_code == 404, address
        assert browse("jemal").get(address).status_code == 200, address
    assert browse("jemal").get(f"{at}/take-out/phone/{Schedule.objects.get().pk}").status_code == 404
    assert browse("jemal").get(f"{at}/take-out/nothing/{own.pk}").status_code == 404


def test_a_place_of_the_organisation_can_be_taken_and_left(browse: Browse, own: Service) -> None:
    other = service("Clinic", of=own.organization, at={"name": "Blue house"})
    browser, at = browse("jemal"), f"/directory/services/{own.pk}"
    assert "Blue house" in text(browser, f"{at}/other-place")
    browser.post(f"{at}/other-place", {"location": Location.objects.get().pk.hex})
    taken = ServiceAtLocation.objects.get(service=own)
    browser.post(f"{at}/take-out/place/{taken.pk}")
    assert [row.service for row in ServiceAtLocation.objects.all()] == [other]


def test_the_navigation_leads_there_who_may_look(browse: Browse) -> None:
    told: dict[str, Any] = {who: text(browse(who), "/account") for who in ("jemal", "irina", "tamara")}
    assert {who: 'href="/directory"' in page for who, page in told.items()} == {
        "jemal": True,
        "irina": True,
        "tamara": False,
    }
