"""A row that says what can't be: told before anything is made, and kept as text once it is taken."""

from __future__ import annotations

import pytest
from django.urls import reverse

from amanat.cases.models import ALSO_IN_THE_SOURCE, Sheet
from amanat.exchange import findings
from amanat.exchange.actions import importing
from amanat.exchange.tests.bringing import looked
from amanat.exchange.work import Work
from amanat.vault.sealing import open_sealed

pytestmark = pytest.mark.django_db

HEADERS = ["prs_FirstName", "prs_Birthdate", "vic_AgeWhenTrafficked", "hte_Date", "hte_Date_2", "hte_City"]
AYLAR = ["Aylar", "05.04.2012", "145", "04.04.2012", "2051-11-25", "Mary"]
TOLD = [
    ("vic_AgeWhenTrafficked", "145", "This is more than 120. Look whether the number is right."),
    ("hte_Date_2", "2051-11-25", "This day has not come yet. Look whether day, month and year are right."),
    ("hte_Date", "04.04.2012", "This day is before “prs_Birthdate” (05.04.2012). Look which of the two days is right."),
]


@pytest.fixture
def held(actor):
    return looked(actor("jemal"), [AYLAR], HEADERS)


def test_the_dry_run_says_where_what_and_how_to_mend_it(browse, actor, held):
    cells = findings.wrong_cells(held, "", actor("jemal")).rows
    assert [(cell.header, cell.read, f"{cell.why} {cell.mend}") for cell in cells] == TOLD
    assert {cell.row for cell in cells} == {2}
    page = browse("jemal").get(reverse("exchange.wrong", args=[held.pk])).content.decode()
    assert all(sentences in page for _header, _read, sentences in TOLD)


def test_taken_as_it_is_the_row_loses_nothing(actor, held):
    importing.take(held, which="all", actor=actor("jemal"))
    Work().all_of(held)
    kept = {sheet.section: open_sealed(sheet, "values") for sheet in Sheet.objects.select_related("subject")}
    assert kept == {
        "historic_event": {"hte_City": "Mary"},
        ALSO_IN_THE_SOURCE: {header: read for header, read, _sentences in TOLD},
    }
