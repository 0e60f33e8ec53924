"""What users of other directories complain of (33: what HSDS has no column for, or not where it is asked), each as a promise."""

from __future__ import annotations

import pytest

from amanat.directory import public, published
from amanat.directory.actions import detailing, keeping
from amanat.directory.finding import Fit, find
from amanat.directory.judging import Wanted
from amanat.directory.tests.made import NOWHERE, organization, service
from tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


def only(**wanted: object) -> Fit:
    [fit] = find(Wanted(**wanted), now=NOW).rows  # type: ignore[arg-type]
    return fit


def misfits(**wanted: object) -> list[str]:
    return [str(reason) for reason in only(**wanted).misfits]


@pytest.fixture
def shelter(cast):
    return service("Shelter", "shelter", of=organization("North", cast["jemal"].agency), places=4)


def test_33_whether_it_can_take_a_referral_is_told_with_its_day(shelter, actor):
    keeping.tell_free_places(service=shelter, free_places=0, actor=actor("jemal"))
    assert misfits(free_places=True) == ["No place free, told on 24.11.2026"]
    shelter.refresh_from_db()
    keeping.tell_free_places(service=shelter, free_places=2, actor=actor("jemal"))
    assert only(free_places=True).is_fitting


def test_33_a_confidential_location_is_found_by_its_region_and_its_intake_point_is_reached(
    shelter, actor, browse, settings, tmp_path
):
    settings.WORKSPACE = tmp_path
    hidden = dict.fromkeys(("state_province", "postal_code", "country", "transportation"), "")
    hidden |= {"address_1": "Zqhidden lane 7", "city": "Zqtown", **NOWHERE}
    place = {"name": "Zqhouse", "region": "lakeside", "is_confidential": True}
    detailing.add_place(shelter, **place, **hidden, actor=actor("jemal"))
    detailing.add_phone(shelter, number="+993 12 111111", description="Intake", actor=actor("jemal"))
    assert only(region="lakeside").is_fitting
    page = browse("dowlet").get(f"/directory/services/{shelter.pk}").content.decode()
    public.write(NOW)
    [offer] = published.part().offers
    assert "+993 12 111111" in page
    assert [(phone.number, phone.about) for phone in offer.phones] == [("+993 12 111111", "Intake")]
    assert "Zq" not in page + published.file().read_text()
    assert (offer.places, dict(offer.regions)) == ([], {})


def test_33_who_is_not_taken_in_and_how_one_comes_to_it_are_told(shelter, cast, browse):
    shelter.eligibility_description, shelter.application_process = "Not after an injury.", "By a social worker."
    shelter.maximum_age = 17
    shelter.save()
    page = browse("dowlet").get(f"/directory/services/{shelter.pk}").content.decode()
    assert "Not after an injury." in page
    assert "By a social worker." in page
    assert misfits(age=18) == ["Up to 17 years"]


def test_33_languages_are_those_of_the_service_not_of_its_organisation():
    house = organization("House")
    service("Lawyer", "legal", of=house, languages=["ru"])
    service("Doctor", "medical", of=house, languages=["tk"])
    assert only(need="legal", languages=("ru",)).is_fitting
    assert misfits(need="medical", languages=("ru",)) == ["Only: Turkmen"]


def test_33_a_child_without_papers_is_not_sent_where_they_are_asked_for():
    service("School", "education", documents=["passport"])
    assert misfits(has_documents=False) == ["Asks for: Passport"]
