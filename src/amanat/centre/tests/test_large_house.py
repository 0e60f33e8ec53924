"""A house with many places: its board goes floor by floor, its log of a day child by child, and no child is left out of either."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amanat.access.files import open_file
from amanat.centre import board, log
from amanat.centre.models import LogEntry, LogKind
from amanat.centre.tests.housed import a_house, a_room, beds_of, girl, stay_of
from amanat.vault import bulk
from amanat.web.paging import PAGE_SIZE

NEXT = re.compile(r'rel="next" href="([^"]+)"')


def test_a_large_house_is_shown_floor_by_floor_with_the_figures_of_all_of_it(
    cast: Any, browse: Any, register: Any, monkeypatch: Any
) -> None:
    house, children = a_house(cast), []
    for floor in (0, 1):
        room = a_room(cast, house, name=f"Room {floor}", floor=floor)
        children.append(girl(register, f"Girl {floor}"))
        stay_of(children[-1], beds_of(room)[0], cast)
    browser = browse("jemal")
    names = [case.child.code_name for case in children]
    page = browser.get("/centre").content.decode()
    assert all(name in page for name in names), "a small house stands on one page"
    monkeypatch.setattr(board, "AT_ONCE", 3)
    for asked, here, elsewhere in (("", 0, 1), ("0", 0, 1), ("1", 1, 0), ("cellar", 0, 1)):
        page = browser.get("/centre", {"house": house.pk.hex, "floor": asked}).content.decode()
        assert names[here] in page, asked
        assert names[elsewhere] not in page, asked
        assert "<strong>2</strong> taken tonight" in page
        assert f"?house={house.pk.hex}&amp;floor=1" in page


def test_no_child_is_left_out_of_the_log_of_a_day(cast: Any, browse: Any, register: Any) -> None:
    """However much was written of another one: what does not stand on one page stands on the next."""
    house = a_house(cast)
    children = [girl(register, f"Girl {number}") for number in range(PAGE_SIZE + 2)]
    beds = [bed for number in range(3) for bed in beds_of(a_room(cast, house, name=f"Room {number}", beds=10))]
    house.capacity = len(beds)
    house.save()
    for case, bed in zip(children, beds, strict=False):
        stay_of(case, bed, cast)
    first, *others = children
    bulk.insert(_entry(first, cast, house, f"Entry {number}.") for number in range(201))
    bulk.insert(_entry(case, cast, house, f"Of {case.child.code_name}.") for case in others)
    browser = browse("jemal")
    address, seen = reverse("centre.house_log", args=[house.pk]), ""
    pages = []
    while address:
        page = browser.get(address).content.decode()
        pages.append(page.count('class="place"'))
        seen += page
        found = NEXT.search(page)
        address = f"{reverse('centre.house_log', args=[house.pk])}{found[1].replace('&amp;', '&')}" if found else ""
    assert pages == [PAGE_SIZE, 2]
    assert all(f"Of {case.child.code_name}." in seen for case in others)
    assert seen.count("Entry 200.") == 1


def _entry(case: Any, cast: Any, house: Any, words: str) -> LogEntry:
    told = {"kind": LogKind.LOG, "author": cast["jemal"], "written_at": cast.now, "content": {"words": words}}
    return LogEntry(case=case, subject=case.subject, house=house, **told)


@pytest.mark.sqlcipher_only
def test_the_log_of_a_child_is_read_by_its_index_and_not_sorted_anew(cast: Any, case: Any) -> None:
    file = open_file(cast.actor("jemal"), case)
    with CaptureQueriesContext(connection) as asked:
        log.page_of(file, "")
    [sql] = [one["sql"] for one in asked if 'FROM "centre_logentry"' in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert "log_of_subject" in plan
    assert "TEMP B-TREE" not in plan
