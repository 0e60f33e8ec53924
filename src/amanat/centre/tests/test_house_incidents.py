"""The incidents of a house: what each reader's files open, and of an allegation no trace for who may not read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amanat.access.models import Conflict
from amanat.audit.models import Entry
from amanat.centre.actions.incidents import add_to_incident
from amanat.centre.house_incidents import Asked, incidents_of
from amanat.centre.tests.housed import a_house, girl
from amanat.centre.tests.on_shift import in_circle, resident
from amanat.centre.tests.test_incidents import against, recorded


@pytest.fixture
def house(cast, case):
    house = a_house(cast)
    resident(cast, case, house)
    in_circle(cast, case)
    return house


def told(cast, house, who: str, **asked: str) -> list[tuple[str, str, bool]]:
    lines = incidents_of(cast.actor(who), house, Asked.of(asked), "")["lines"]
    return [(str(line.kind), line.severity_code, line.is_closed) for line in lines]


def test_open_ones_stand_first_and_all_of_them_on_demand_by_how_grave_they_are_now(cast, case, house):
    first = recorded(cast, case, happened_at=cast.now - timedelta(hours=3))
    recorded(cast, case, kind="accident", severity="s1")
    add_to_incident(
        case, series=first.series, adds="corrected", severity="s3", words="She bled.", actor=cast.actor("bahar")
    )
    assert [line[1] for line in told(cast, house, "bahar")] == ["s1", "s3"]
    assert [line[1] for line in told(cast, house, "bahar", severity="s3")] == ["s3"]
    add_to_incident(case, series=first.series, adds="closed", words="Settled.", actor=cast.actor("bahar"))
    assert [line[1] for line in told(cast, house, "bahar")] == ["s1"]
    assert [line[1:] for line in told(cast, house, "bahar", which="all", severity="s3")] == [("s3", True)]
    assert told(cast, house, "bahar", severity="nonsense", which="nonsense") == told(cast, house, "bahar")


def test_nothing_is_told_of_a_child_whose_file_is_closed_to_the_reader(cast, case, register, house):
    other = girl(register)
    resident(cast, other, house)
    recorded(cast, other, by="jemal")
    assert told(cast, house, "bahar") == []
    recorded(cast, case, other, by="jemal")
    (line,) = incidents_of(cast.actor("bahar"), house, Asked(), "")["lines"]
    assert [name for _case, name in line.children] == [case.child.code_name]
    Conflict.objects.create(
        subject=case.subject, user=cast["bahar"].user, recorded_by=cast["jemal"], recorded_at=cast.now
    )
    assert told(cast, house, "bahar") == []


def test_an_allegation_is_told_to_who_reads_the_narrative_and_leaves_no_trace_for_the_house(cast, case, house, browse):
    against(cast, case)
    assert [line[0] for line in told(cast, house, "jemal", which="all")] == ["Allegation against staff"]
    assert told(cast, house, "bahar", which="all") == []
    address = reverse("centre.house_incidents", args=[house.pk])
    page = browse("bahar").get(address, {"which": "all"}).content.decode()
    assert "Allegation" not in page
    assert "No such incident" in page
    assert "Allegation" in browse("jemal").get(address).content.decode()
    assert "Allegation" not in browse("aman").get(address).content.decode()  # who has it revealed reads it on the file


def test_the_list_leads_to_each_child_and_the_look_stands_in_its_log(cast, case, house, browse):
    account = recorded(cast, case)
    page = browse("bahar").get(reverse("centre.house_incidents", args=[house.pk])).content.decode()
    assert reverse("centre.incident", args=[case, account.series]) in page
    assert Entry.objects.filter(page="centre.house_incidents", subject=case.subject, outcome="read").exists()
    assert browse("elena").get(reverse("centre.house_incidents", args=[house.pk])).status_code == 404


def test_a_page_costs_the_same_with_few_and_many(cast, case, register, house, browse):
    bahar, address, costs = browse("bahar"), reverse("centre.house_incidents", args=[house.pk]), []
    for number in (2, 18):
        for each in range(number):
            child = girl(register, f"Maral {number} {each}")
            resident(cast, child, house) if number == 2 else None
            in_circle(cast, child)
            recorded(cast, case, child, happened_at=cast.now - timedelta(hours=each + 1))
        with CaptureQueriesContext(connection) as asked:
            assert bahar.get(address).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 12
