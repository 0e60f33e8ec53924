"""Agencies keep their own entries, who takes directories in keeps the others, and where a shelter stands is in no table and no log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection

from amanat.access.actor import Actor
from amanat.audit.models import Entry, Outcome
from amanat.directory import confidential, keepers, showing
from amanat.directory.actions import detailing, keeping
from amanat.directory.finding import CONFIRMED_FOR
from amanat.directory.models import (
    Address,
    ConfidentialPlace,
    Language,
    Location,
    Phone,
    RequiredDocument,
    Schedule,
    Service,
    ServiceNeed,
    Status,
)
from amanat.directory.tests.made import organization, service
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Act = Callable[..., Actor]
CANARY = "Zqhidden lane 7"
PLACE = {
    "address_1": CANARY,
    "city": "Zqhiddenton",
    "state_province": "",
    "postal_code": "",
    "country": "TM",
    "transportation": "Zqbus 9",
    "latitude": 38.7654321,
    "longitude": 58.7654321,
}


@pytest.fixture
def own(cast: Cast) -> Service:
    """What the north offers."""
    return service("Shelter", "shelter", of=organization("Northern Network", cast["jemal"].agency))


@pytest.fixture
def other(cast: Cast) -> Service:
    """Of an organisation that is no agency here."""
    return service("Clinic", "medical")


def logged(outcome: Outcome = Outcome.DONE) -> str:
    """What the log tells of what was done, or looked at."""
    return "\n".join(str(open_sealed(entry, "details")) for entry in Entry.objects.filter(outcome=outcome))


@pytest.mark.parametrize(
    ("who", "keeps_own", "keeps_other"),
    [
        ("jemal", True, False),
        ("aman", True, False),
        ("dowlet", False, False),
        ("irina", False, True),
        ("ogulgerek", False, False),
        ("viktor", False, False),
    ],
)
def test_who_keeps_which_entries(
    actor: Act, own: Service, other: Service, who: str, keeps_own: bool, keeps_other: bool
) -> None:
    somebody = actor(who)
    assert [keepers.may_keep(somebody, one.organization) for one in (own, other)] == [keeps_own, keeps_other]
    assert {one.name for one in keepers.services(somebody)} == {
        one.name for one, keeps in ((own, keeps_own), (other, keeps_other)) if keeps
    }


CHANGES: dict[str, Callable[[Service, Actor], object]] = {
    "change": lambda row, actor: keeping.change_service(service=row, needs=["legal"], name="Another", actor=actor),
    "for whom": lambda row, actor: keeping.say_for_whom(service=row, actor=actor, **FOR_WHOM),
    "status": lambda row, actor: keeping.set_status(service=row, status=Status.CLOSED, alert="", actor=actor),
    "free places": lambda row, actor: keeping.tell_free_places(service=row, free_places=1, actor=actor),
    "confirm": lambda row, actor: keeping.confirm(row, actor=actor),
    "phone": lambda row, actor: detailing.add_phone(row, number="+993 12 000000", description="", actor=actor),
    "place": lambda row, actor: _add_place(row, actor, is_confidential=False),
    "add": lambda row, actor: keeping.add_service(organization=row.organization, needs=[], name="New", actor=actor),
    "organization": lambda row, actor: keeping.change_organization(
        organization=row.organization, name="New", actor=actor
    ),
}
FOR_WHOM: dict[str, Any] = {
    "minimum_age": 6,
    "maximum_age": 17,
    "sex": "girls",
    "languages": ["tk", "ru"],
    "documents": ["passport"],
    "eligibility_description": "",
}


def _add_place(row: Service, actor: Actor, **more: Any) -> Any:
    return detailing.add_place(row, **{"name": "A house", "region": "", "actor": actor, **PLACE, **more})


@pytest.mark.parametrize("act", CHANGES)
def test_nobody_changes_the_entry_of_another_agency(actor: Act, own: Service, act: str) -> None:
    before = Service.objects.values().get(pk=own.pk)
    for who in ("dowlet", "irina"):
        with pytest.raises(Refused):
            CHANGES[act](own, actor(who))
    assert Service.objects.values().get(pk=own.pk) == before
    CHANGES[act](own, actor("aman"))


def test_the_log_says_what_stood_there_before(actor: Act, own: Service) -> None:
    keeping.tell_free_places(service=own, free_places=3, places=12, actor=actor("jemal"))
    keeping.tell_free_places(service=own, free_places=0, actor=actor("jemal"))
    assert "free places: 3 → 0" in logged()
    own.refresh_from_db()
    assert (own.free_places, own.places, own.free_places_at, own.last_modified) == (0, 12, NOW, NOW)
    keeping.change_service(service=own, needs=["shelter", "medical"], actor=actor("jemal"))
    assert "needs: shelter → shelter, medical" in logged()
    assert [need.code for need in ServiceNeed.objects.filter(service=own)] == ["shelter", "medical"]


def test_more_free_places_than_places_are_not_taken(actor: Act, own: Service) -> None:
    with pytest.raises(PersonFacingError, match="More places are free than there are: 2"):
        keeping.tell_free_places(service=own, free_places=3, places=2, actor=actor("jemal"))
    own.refresh_from_db()
    assert (own.free_places, own.places) == (None, None)


def test_for_whom_it_is_takes_the_place_of_what_was_told_before(actor: Act, own: Service) -> None:
    keeping.say_for_whom(service=own, actor=actor("jemal"), **FOR_WHOM)
    kept = Language.objects.get(code="ru")
    keeping.say_for_whom(service=own, actor=actor("jemal"), **FOR_WHOM | {"languages": ["ru"], "documents": []})
    assert list(Language.objects.filter(service=own)) == [kept]
    assert not RequiredDocument.objects.exists()
    with pytest.raises(PersonFacingError, match="below the youngest"):
        keeping.say_for_whom(service=own, actor=actor("jemal"), **FOR_WHOM | {"minimum_age": 18})


def test_what_stood_in_another_language_goes_with_the_text_that_it_translated(actor: Act, own: Service) -> None:
    own.texts = {"name": {"ru": "Убежище"}, "description": {"ru": "Комната"}}
    own.save()
    keeping.change_service(service=own, needs=["shelter"], name="Day centre", actor=actor("jemal"))
    own.refresh_from_db()
    assert own.texts == {"description": {"ru": "Комната"}}


def test_an_entry_is_asked_for_after_90_days_until_one_press(actor: Act, own: Service, other: Service) -> None:
    jemal = actor("jemal")
    keeping.confirm(own, actor=jemal)
    day = NOW + CONFIRMED_FOR
    assert not keepers.to_confirm(actor("jemal", day), day).exists()
    day += timedelta(days=1)
    assert [row.name for row in keepers.to_confirm(actor("jemal", day), day)] == ["Shelter"]
    assert [row.name for row in keepers.to_confirm(actor("irina", day), day)] == ["Clinic"]
    assert not keepers.to_confirm(actor("ogulgerek", day), day).exists()
    keeping.confirm(own, actor=actor("aman", day))
    assert not keepers.to_confirm(actor("jemal", day), day).exists()
    keeping.set_status(service=other, status=Status.CLOSED, alert="", actor=actor("irina"))
    assert not keepers.to_confirm(actor("irina", day), day).exists()


def test_an_agency_stands_in_the_directory_once(actor: Act, cast: Cast) -> None:
    fields = {"name": "North", "description": "", "website": "", "email": ""}
    made = keeping.add_organization(agency=cast["jemal"].agency, actor=actor("jemal"), **fields)
    assert (made.agency, made.confirmed_on) == (cast["jemal"].agency, NOW.date())
    with pytest.raises(PersonFacingError, match="stands in the directory already"):
        keeping.add_organization(agency=cast["jemal"].agency, actor=actor("aman"), **fields)
    with pytest.raises(Refused):
        keeping.add_organization(agency=None, actor=actor("jemal"), **fields)
    with pytest.raises(Refused):
        keeping.add_organization(agency=cast["jemal"].agency, actor=actor("dowlet"), **fields)


def test_who_keeps_the_others_hands_an_entry_to_its_agency(actor: Act, cast: Cast, other: Service) -> None:
    house, agency = other.organization, cast["dowlet"].agency
    keeping.change_organization(organization=house, agency=agency, actor=actor("irina"))
    assert keepers.may_keep(actor("dowlet"), house)
    with pytest.raises(Refused):
        keeping.change_organization(organization=house, name="Mine again", actor=actor("irina"))
    another = organization("Another")
    with pytest.raises(PersonFacingError, match="stands in the directory already"):
        keeping.change_organization(organization=another, agency=agency, actor=actor("irina"))


def test_hours_and_phones_come_and_go(actor: Act, own: Service, other: Service) -> None:
    jemal = actor("jemal")
    hours = detailing.add_hours(own, days=["MO", "TU"], opens_at=time(9), closes_at=time(18), actor=jemal)
    assert (hours.freq, hours.byday, hours.opens_at, hours.closes_at) == ("WEEKLY", "MO,TU", "09:00", "18:00")
    with pytest.raises(PersonFacingError, match="lies before the first"):
        detailing.add_hours(
            own,
            days=["MO"],
            opens_at=time(9),
            closes_at=time(18),
            valid_from=date(2026, 12, 2),
            valid_to=date(2026, 12, 1),
            actor=jemal,
        )
    phone = detailing.add_phone(own, number="+993 12 000000", description="", actor=jemal)
    with pytest.raises(ValueError, match="another service"):
        detailing.take_out(other, row=phone, actor=actor("irina"))
    detailing.take_out(own, row=phone, actor=jemal)
    detailing.take_out(own, row=hours, actor=jemal)
    assert not Phone.objects.exists()
    assert not Schedule.objects.exists()


# --- confidential places ---------------------------------------------------------------------------------------------


def everything() -> str:
    """All that the tables hold, as the database holds it."""
    tables = connection.introspection.table_names()
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [
                bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
                for row in cursor.fetchall()
                for value in row
            ]
    return "\n".join(found)


@pytest.mark.parametrize("begins_open", [False, True])
def test_where_a_confidential_place_is_stands_nowhere_in_clear(actor: Act, own: Service, begins_open: bool) -> None:
    jemal = actor("jemal")
    at = _add_place(own, jemal, is_confidential=not begins_open, name="Zqhouse")
    if begins_open:
        assert CANARY in everything()
        fields = {"name": "Zqhouse", "region": "", **PLACE}
        detailing.change_place(at.location, is_confidential=True, actor=jemal, **fields)
    held = everything()
    assert not [word for word in (CANARY, "Zqhouse", "Zqhiddenton", "Zqbus", "38.7654", "58.7654") if word in held]
    assert not Address.objects.exists()
    where = showing.look_at_place(Location.objects.get(), jemal)
    assert (where.name, where.directions) == ("Zqhouse", "Zqbus 9")
    assert where.address == [CANARY, "Zqhiddenton", "Turkmenistan", "38.7654321 58.7654321"]


def test_it_can_be_changed_and_stays_confidential(actor: Act, own: Service) -> None:
    jemal = actor("jemal")
    place = _add_place(own, jemal, is_confidential=True).location
    fields = {"name": "Blue house", "region": "north_valley", **PLACE, "city": "Elsewhere"}
    detailing.change_place(place, is_confidential=True, actor=jemal, **fields)
    content = confidential.opened(Location.objects.get(), jemal)
    assert (content["locations"][0]["name"], content["addresses"][0]["city"]) == ("Blue house", "Elsewhere")
    assert len(content["addresses"]) == ConfidentialPlace.objects.count() == 1
    with pytest.raises(PersonFacingError, match="stays confidential"):
        detailing.change_place(place, is_confidential=False, actor=jemal, **fields)


def test_a_look_at_it_stands_in_the_log_and_others_do_not_get_there(actor: Act, own: Service) -> None:
    place = _add_place(own, actor("jemal"), is_confidential=True).location
    showing.look_at_place(place, actor("ogulgerek"))  # of the same agency
    assert Entry.objects.get(outcome=Outcome.READ).verb == "look.directory"
    assert str(place.pk) in logged(Outcome.READ)
    assert CANARY not in logged(Outcome.READ) + logged()
    for who in ("dowlet", "irina", "kerim"):
        with pytest.raises(Refused):
            showing.look_at_place(place, actor(who))


def test_half_of_the_coordinates_is_no_place(actor: Act, own: Service) -> None:
    with pytest.raises(PersonFacingError, match="both coordinates"):
        _add_place(own, actor("jemal"), is_confidential=False, longitude=None)
    assert not Location.objects.exists()
