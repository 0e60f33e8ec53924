"""Agencies and sites: arranged by administrators."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.office.actions import agencies
from amanat.office.tests.ways import entries_of, read, send
from amanat.people.models import Agency, Site
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import Cast

Browse = Callable[..., Client]


def test_an_administrator_adds_an_agency_and_a_site(cast: Cast, browse: Browse) -> None:
    viktor = browse("viktor")
    page = send(
        viktor, "/agencies/add", name="Lake Shore Clinic", kind="NGO", duty_contact="+993 12 000000, day and night"
    )
    assert "Lake Shore Clinic" in page
    clinic = Agency.objects.get(name="Lake Shore Clinic")
    page = send(viktor, f"/agencies/{clinic.pk}/site", name="Ward two", time_zone="Asia/Ashgabat")
    assert "Ward two" in page
    assert clinic.sites.get().time_zone == "Asia/Ashgabat"
    assert entries_of("people.arrange")[0][1]["about"] == "Lake Shore Clinic"


def test_a_change_stands_and_is_in_the_log(cast: Cast, browse: Browse) -> None:
    harbour = cast["dowlet"].agency
    page = send(
        browse("viktor"),
        f"/agencies/{harbour.pk}/change",
        name="Harbour Legal Aid",
        kind="NGO",
        duty_contact="Ask for Selbi",
    )
    assert "Ask for Selbi" in page
    harbour.refresh_from_db()
    assert harbour.duty_contact == "Ask for Selbi"


def test_the_log_says_what_was_there_before(cast: Cast, browse: Browse) -> None:
    """Whoever changes a duty contact changes who is called about a child."""
    viktor, harbour, site = browse("viktor"), cast["dowlet"].agency, Site.objects.get(agency=cast["jemal"].agency)
    typed = {"name": harbour.name, "kind": "NGO", "duty_contact": "Ask for Selbi"}
    send(viktor, f"/agencies/{harbour.pk}/change", **typed)
    send(viktor, f"/agencies/{harbour.pk}/change", **typed)
    send(viktor, f"/agencies/sites/{site.pk}/change", name="By the lake", time_zone="Asia/Ashgabat")
    assert sorted(details["about"] for _entry, details in entries_of("people.arrange")) == [
        "Harbour Legal Aid",
        "Harbour Legal Aid (duty contact: Duty desk of Harbour Legal Aid → Ask for Selbi)",
        "Northern Network: By the lake (name: Northern Network → By the lake)",
    ]


def test_a_site_can_move_to_another_time_zone(cast: Cast, browse: Browse) -> None:
    site = Site.objects.filter(agency=cast["jemal"].agency).get()
    send(browse("viktor"), f"/agencies/sites/{site.pk}/change", name="By the lake", time_zone="Europe/Chisinau")
    site.refresh_from_db()
    assert (site.name, site.time_zone) == ("By the lake", "Europe/Chisinau")


def test_a_time_zone_that_this_machine_does_not_know_keeps_nobody_out(cast: Cast, browse: Browse) -> None:
    Site.objects.filter(agency=cast["jemal"].agency).update(time_zone="Nowhere/Land")
    jemal = browse("jemal")
    assert [jemal.get(page).status_code for page in ("/", "/lock")] == [200, 200]


def test_two_agencies_of_one_name_are_refused_whatever_the_capitals(cast: Cast, actor: Callable[..., Actor]) -> None:
    agencies.add_agency(name="Çaga", kind="NGO", duty_contact="", actor=actor("viktor"))
    with pytest.raises(PersonFacingError, match="an agency of this name"):
        agencies.add_agency(name="ÇAGA", kind="NGO", duty_contact="", actor=actor("viktor"))


def test_a_name_that_is_taken_is_told_at_its_field_and_nothing_typed_is_lost(cast: Cast, browse: Browse) -> None:
    page = send(browse("viktor"), "/agencies/add", name="northern network", kind="NGO", duty_contact="kept words")
    assert "There is an agency of this name." in page
    assert 'href="#id_name"' in page
    assert "kept words" in page


def test_a_time_zone_that_is_none_is_refused_with_a_sentence(cast: Cast, browse: Browse) -> None:
    page = send(browse("viktor"), f"/agencies/{cast['jemal'].agency_id}/site", name="Moon", time_zone="Moon/Sea")
    assert "Select a valid choice" in page
    assert not Site.objects.filter(name="Moon").exists()


@pytest.mark.parametrize("name", ["jemal", "aman", "kerim", "irina"])
def test_nobody_else_arranges_agencies(cast: Cast, actor: Callable[..., Actor], browse: Browse, name: str) -> None:
    assert browse(name).get("/agencies").status_code == 404
    with pytest.raises(Refused):
        agencies.add_agency(name="A new one", kind="NGO", duty_contact="", actor=actor(name))


def test_an_agency_without_a_duty_contact_is_told_what_that_means(cast: Cast, browse: Browse) -> None:
    Agency.objects.filter(pk=cast["jemal"].agency_id).update(duty_contact="")
    assert "others would not know whom to ask" in read(browse("viktor"), "/agencies")
