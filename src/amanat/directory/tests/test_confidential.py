"""A place that nobody may know: not in a clear row, not in a package that leaves, and open to those alone who keep it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from amanat.desk.actions import rotating
from amanat.desk.tests.rotated import finish
from amanat.directory import bringing, confidential, models
from amanat.directory.actions import taking_in
from amanat.directory.packages.writing import nested, tabular
from amanat.directory.tests.standard import SHELTER, unzipped, zipped
from amanat.vault.models import Subject, SubjectKind
from amanat.web.errors import Refused
from tests.cast import Cast

Take = Callable[..., int]
OURS = (SubjectKind.LOCATION, SubjectKind.IMPORT)
CLEAR = {**SHELTER, "locations": [{**SHELTER["locations"][0], "amanat::confidential": "no"}]}


def stored() -> Iterator[str]:
    """Every value in the tables of the directory, as the database has it."""
    with connection.cursor() as cursor:
        for model in apps.get_app_config("directory").get_models():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            yield from (str(value) for row in cursor.fetchall() for value in row)


def leaves() -> str:
    tables = unzipped(b"".join(tabular(withheld=True)))
    return json.dumps(tables) + b"".join(nested(withheld=True)).decode()


def test_what_tells_where_it_is_stands_in_no_clear_row_and_leaves_by_no_way(take: Take) -> None:
    take(zipped(SHELTER))
    location = models.Location.objects.get()
    assert (location.region, location.is_confidential, location.name, location.latitude) == ("abroad", True, "", None)
    assert not any(sign in value for value in stored() for sign in ("CANARY", "37.123", "58.321"))
    assert "CANARY" not in leaves()
    assert "37.123" not in leaves()


def test_the_service_is_still_there_without_its_place(take: Take) -> None:
    take(zipped(SHELTER))
    tables = unzipped(b"".join(tabular(withheld=False)))
    assert [row["name"] for row in tables["services"]] == ["Night beds"]
    assert [row["number"] for row in tables["phones"]] == ["+993 12 222222"]
    assert not {"locations", "service_at_location", "addresses", "schedules"} & tables.keys()
    assert [row["link_entity"] for row in tables["attributes"]] == ["service"]
    (told,) = json.loads(b"".join(nested(withheld=False)))
    assert [service["name"] for service in told["services"]] == ["Night beds"]
    assert "locations" not in told


@pytest.mark.sqlcipher_only
def test_the_hours_of_a_confidential_place_are_known_without_their_words(take: Take) -> None:
    take(zipped(SHELTER))
    nights = models.Schedule.objects.get()
    assert (nights.opens_at, nights.byday, nights.notes) == ("18:00", "MO", "")


def test_a_place_that_becomes_confidential_leaves_nothing_behind(take: Take) -> None:
    take(zipped(CLEAR))
    assert "CANARY" in leaves()
    confidential.hide(models.Location.objects.get())
    assert not any("CANARY" in value for value in stored())
    assert "CANARY" not in leaves()


def test_a_package_makes_a_place_confidential_and_none_makes_it_clear_again(take: Take) -> None:
    take(zipped(CLEAR))
    take(zipped({table: SHELTER[table] for table in ("organizations", "services", "locations")}))
    assert not any("CANARY" in value for value in stored())
    take(zipped(CLEAR))
    assert models.Location.objects.get().is_confidential
    assert not any("CANARY" in value for value in stored())
    assert Subject.objects.filter(kind=SubjectKind.LOCATION).count() == 1


def test_what_comes_later_about_a_confidential_place_is_sealed_beside(take: Take, cast: Cast) -> None:
    take(zipped(SHELTER))
    take(zipped({"addresses": [SHELTER["addresses"][0] | {"id": "second", "address_1": "CANARY yard"}]}))
    content = confidential.opened(models.Location.objects.get(), cast.actor("irina"))
    assert sorted(one["address_1"] for one in content["addresses"]) == ["CANARY street 4", "CANARY yard"]
    assert not any("CANARY" in value for value in stored())


@pytest.mark.sqlcipher_only
def test_only_who_keeps_a_place_may_know_where_it_is(take: Take, cast: Cast) -> None:
    take(zipped(SHELTER))
    location = models.Location.objects.select_related("organization").get()
    assert confidential.opened(location, cast.actor("irina"))["addresses"][0]["city"] == "CANARY town"
    for name in ("viktor", "jemal", "dowlet"):
        with pytest.raises(Refused):
            confidential.opened(location, cast.actor(name))
    assert location.organization
    location.organization.agency = cast["jemal"].agency
    location.organization.save()
    confidential.opened(location, cast.actor("jemal"))
    for name in ("irina", "dowlet", "elena"):
        with pytest.raises(Refused):
            confidential.opened(location, cast.actor(name))


@pytest.mark.sqlcipher_only
def test_another_room_may_let_somebody_know(take: Take, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    take(zipped(SHELTER))
    monkeypatch.setattr(confidential, "_askers", [])
    confidential.register(lambda actor, places: places if actor.user.username == "dowlet" else ())
    assert confidential.opened(models.Location.objects.get(), cast.actor("dowlet"))["locations"]


def test_what_is_for_workers_only_leaves_only_when_it_is_asked_for(take: Take) -> None:
    told: dict[str, Any] = {
        **CLEAR,
        "organizations": [SHELTER["organizations"][0] | {"amanat::withheld": "yes"}],
    }
    take(zipped(told))
    tables = unzipped(b"".join(tabular(withheld=False)))
    assert set(tables) == {"taxonomies", "taxonomy_terms"}
    assert json.loads(b"".join(nested(withheld=False))) == []
    assert "Harbour House" in leaves()


def test_where_only_what_is_for_workers_only_is_given_leaves_as_little(take: Take) -> None:
    beds = SHELTER["services"][0] | {"amanat::withheld": "yes"}
    take(zipped({**CLEAR, "services": [beds]}))
    tables = unzipped(b"".join(tabular(withheld=False)))
    assert "CANARY" not in json.dumps(tables) + b"".join(nested(withheld=False)).decode()
    assert "CANARY" in leaves()
    talks = models.Service.objects.create(organization=models.Organization.objects.get(), name="Open talks")
    models.ServiceAtLocation.objects.create(service=talks, location=models.Location.objects.get())
    assert "CANARY street" in json.dumps(unzipped(b"".join(tabular(withheld=False))))


def test_new_data_keys_reach_a_place_and_a_package_that_waits(
    take: Take, bring: Callable[..., Any], cast: Cast
) -> None:
    take(zipped(SHELTER))
    bring(zipped(SHELTER))
    before = {subject.pk: bytes(subject.wrapped_key) for subject in Subject.objects.filter(kind__in=OURS)}
    rotating.rotate_data_keys(reason="A laptop was lost.", actor=cast.actor("kerim"))
    finish()
    now = {subject.pk: bytes(subject.wrapped_key) for subject in Subject.objects.filter(kind__in=OURS)}
    assert now.keys() == before.keys()
    assert not set(now.values()) & set(before.values())
    location = models.Location.objects.get()
    assert confidential.opened(location, cast.actor("irina"))["locations"][0]["name"] == "CANARY villa"
    package = bringing.waiting_of(cast.actor("irina"))
    assert package
    taking_in.discard(package, actor=cast.actor("irina"))
    assert set(Subject.objects.filter(kind__in=OURS)) == {location.place.subject}
