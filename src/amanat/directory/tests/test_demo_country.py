"""The invented country has services from the first moment; what belongs to one of its agencies is that agency's own."""

from __future__ import annotations

from typing import Any

import pytest

from amanat import packs
from amanat.config.country import SECTION, Arrival
from amanat.directory.models import ConfidentialPlace, Location, Organization, Service
from amanat.office.country import organisations
from tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


def test_the_demo_country_opens_with_its_directory(settings: Any) -> None:
    settings.AMANAT_PACKS = [settings.SHIPPED_PACKS / "core", settings.SHIPPED_PACKS / "demo"]
    arrival = Arrival(NOW)
    arrival.settle(packs.current().part(SECTION))
    arrival.open_directory()
    own = Organization.objects.exclude(agency=None).values_list("name", "agency__name")
    assert len(own) == 4
    assert all(name == agency for name, agency in own)
    needs = {code.code for code in packs.current().codes("service_need").codes}
    assert needs == set(Service.objects.values_list("needs__code", flat=True))  # something for each need
    assert not Organization.objects.filter(verified=True).exists()
    house = Location.objects.get(is_confidential=True)
    assert (house.region, house.name) == ("lake_shore", "")
    assert ConfidentialPlace.objects.filter(location=house).exists()


def test_what_the_pack_says_names_no_confidential_place(settings: Any) -> None:
    pack = packs.load(settings.SHIPPED_PACKS / "demo")
    told = [one for organisation in organisations(pack) for one in (organisation, *organisation.services)]
    places = {place for one in told for place in one.places}
    assert "Orchard Workshop" in places
    assert not any("mill" in place for place in places)
    assert "+993 60 000 211" not in {phone for one in told for phone in one.phones}
