"""The incidents of a house: what each reader's files open, and of an allegation no trace for who may not read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amanat.access.models import Conflict, Reveal
from amanat.audit.models import Entry
from amanat.centre import house_incidents
from amanat.centre.actions.incidents import add_to_incident
from amanat.centre.house_incidents import Asked, grave_ones, incidents_of
from amanat.centre.incidents import APART
from amanat.centre.tests.housed import a_house, girl
from amanat.centre.tests.on_shift import in_circle, resident
from amanat.centre.tests.test_incidents import against, recorded
from amanat.web.errors import Refused


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
    assert told(cast, house, "jemal", which="all", severity="s4") == [("Allegation against staff", "s4", False)]


def test_a_supervisor_learns_of_an_allegation_and_reads_it_once_it_is_revealed(cast, case, house, browse):
    account = against(cast, case)
    aman, incident = browse("aman"), reverse("centre.incident", args=[case, account.series])
    page = aman.get(reverse("centre.all_incidents"), {"severity": "grave"}).content.decode()
    assert incident in page
    assert "Allegation against staff" in page
    assert "He hit her." not in page
    closed = aman.get(incident)
    assert closed.status_code == 403
    assert "He hit her." not in closed.content.decode()
    add = reverse("centre.add_to_incident", args=[case, account.series])
    assert aman.get(add).status_code == 403
    Reveal.objects.create(
        subject=case.subject, membership=cast["aman"], part=APART, until=cast.now + timedelta(minutes=10)
    )
    assert "He hit her." in aman.get(incident).content.decode()
    assert aman.post(add, {"adds": "closed", "words": "The inspectorate decided."}).status_code == 302
    assert told(cast, house, "aman") == []


def test_a_supervisor_whom_an_allegation_is_about_learns_nothing_of_it(cast, case, house, browse):
    account = against(cast, case, accused=cast["aman"].user)
    assert told(cast, house, "aman", which="all") == []
    assert grave_ones(cast.actor("aman")).count() == 0
    for name in ("centre.incident", "centre.add_to_incident"):
        assert browse("aman").get(reverse(name, args=[case, account.series])).status_code == 404
    with pytest.raises(Refused):
        add_to_incident(case, series=account.series, adds="closed", words="Nothing.", actor=cast.actor("aman"))


def test_a_grave_incident_stands_on_the_supervisors_day_until_they_close_it(cast, case, house, browse):
    account = recorded(cast, case, severity="s3")
    aman = browse("aman")
    day = reverse("cases.my_day")
    listed = reverse("centre.all_incidents") + "?severity=grave"
    assert listed in aman.get(day).content.decode()
    page = aman.get(listed).content.decode()
    assert reverse("centre.incident", args=[case, account.series]) in page
    assert "House of the lark" in page
    add = reverse("centre.add_to_incident", args=[case, account.series])
    assert add in aman.get(reverse("centre.incident", args=[case, account.series])).content.decode()
    assert aman.post(add, {"adds": "added", "words": "The doctor was here."}).status_code == 302
    assert aman.post(add, {"adds": "closed", "words": "Settled."}).status_code == 302
    assert listed not in aman.get(day).content.decode()
    assert aman.get(reverse("centre.record_incident", args=[case])).status_code == 403


def test_pages_of_a_house_are_whole_though_rows_are_closed_to_the_reader(cast, case, register, house):
    for minute in range(1, 31):
        recorded(cast, case, happened_at=cast.now - timedelta(hours=1, minutes=minute))
    barred = girl(register)
    resident(cast, barred, house)
    in_circle(cast, barred)
    Conflict.objects.create(
        subject=barred.subject, user=cast["bahar"].user, part="centre", recorded_by=cast["jemal"], recorded_at=cast.now
    )
    for minute in range(1, 6):
        recorded(cast, barred, by="jemal", happened_at=cast.now - timedelta(minutes=minute))
    found = incidents_of(cast.actor("bahar"), house, Asked(), "")
    assert len(found["lines"]) == 25
    rest = incidents_of(cast.actor("bahar"), house, Asked(), found["page"].next_cursor)
    assert len(rest["lines"]) == 5


def test_a_file_that_is_closed_while_the_page_is_made_is_left_out(cast, case, house, monkeypatch):
    recorded(cast, case)
    opened = house_incidents.open_files

    def meanwhile(actor, cases):
        Conflict.objects.create(
            subject=case.subject, user=cast["bahar"].user, recorded_by=cast["jemal"], recorded_at=cast.now
        )
        return opened(actor, cases)

    monkeypatch.setattr(house_incidents, "open_files", meanwhile)
    assert told(cast, house, "bahar") == []


def test_the_next_page_asks_for_the_same(cast, case, house, browse):
    for minute in range(1, 28):
        recorded(cast, case, severity="s3", happened_at=cast.now - timedelta(minutes=minute))
    page = browse("bahar").get(reverse("centre.house_incidents", args=[house.pk]), {"which": "all", "severity": "s3"})
    assert "?which=all&amp;severity=s3&amp;from=" in page.content.decode()


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
