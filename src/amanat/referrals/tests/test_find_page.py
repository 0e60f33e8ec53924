"""What finding a service for a child costs: the same few questions, however much is filtered and however many services there are."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amanat.cases.models import Case
from amanat.directory.models import Organization, Service
from amanat.directory.tests.made import service
from tests.cast import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")
FILTERS = {"age": "14", "sex": "Feminine", "language": "tk", "region": "north_valley", "open": "on", "free": "on"}
QUERIES = 12


def shelters(of: Organization, numbers: range) -> None:
    """They differ in what fits, so that hours are read of those that are likely and of those that are not."""
    chance = random.Random(7)
    for number in numbers:
        service(
            f"Beds {number}",
            "shelter",
            of=of if number % 2 else None,
            sex="boys" if number % 2 else "girls",
            minimum_age=6,
            maximum_age=17,
            free_places=2,
            free_places_at=NOW - timedelta(days=1),
            languages=["tk"],
            documents=["passport"],
            hours=[("MO,TU", "09:00", "18:00")],
            at={"region": "north_valley", "latitude": chance.uniform(35, 42), "longitude": chance.uniform(52, 66)},
        )


def asked(jemal: Client, address: str, filters: dict[str, str], shown: int) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        page = jemal.get(address, filters).content.decode()
    assert page.count('<article class="fit">') == shown
    return [one["sql"] for one in queries if not one["sql"].startswith(CONTROL)]


def test_finding_a_service_asks_twelve_queries_at_most_whatever_is_filtered(
    case: Case, cast: Cast, browse: Callable[..., Client]
) -> None:
    harbour = Organization.objects.create(name="Harbour House", agency=cast["dowlet"].agency)
    jemal, address = browse("jemal"), reverse("referrals.find", args=[case, "shelter:now"])
    jemal.get(address)  # the first page of a session writes down that somebody is there
    looks = [{}, *({"filtered": "1", name: value} for name, value in FILTERS.items()), {"filtered": "1"} | FILTERS]
    shelters(harbour, range(2))
    few = [asked(jemal, address, look, shown=2) for look in looks]
    assert {len(one) for one in few if len(one) > QUERIES} == set(), "\n".join(max(few, key=len))
    shelters(harbour, range(2, 20))
    assert Service.objects.count() == 20
    assert [len(asked(jemal, address, look, shown=20)) for look in looks] == [len(one) for one in few]
