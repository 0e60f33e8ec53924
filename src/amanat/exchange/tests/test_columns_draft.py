"""What a worker has chosen for the columns of a file and not yet sent: kept for them, shown again, dropped when it was sent."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.urls import reverse

from amanat.access.models import Draft
from amanat.exchange.tests.bringing import brought
from amanat.exchange.tests.test_import_pages import filled
from amanat.people.clock import stopped
from amanat.people.doors import IDLE
from tests.cast import NOW

pytestmark = pytest.mark.django_db

HEADERS = ["prs_FirstName", "Remarks", "prs_Birthdate", "Shoe size"]
ROWS = [["Aylar", "Calls on Mondays.", "04.03.2011", "36"]]
CHOSEN = {
    "column-0-A": "prs_FirstName",
    "column-0-B": "cco_CaseComment",
    "column-0-C": "prs_Birthdate",
    "column-0-D": "#",
}


@pytest.fixture
def columns(actor) -> str:
    return reverse("exchange.columns", args=[brought(actor("jemal"), ROWS, HEADERS).pk])


def keep(client, page, typed):
    assert client.post("/draft", {"page": page, "body": urlencode(typed)}).status_code == 200


def test_the_choices_are_kept_while_they_are_made_and_stand_there_again(browse, columns):
    client = browse("jemal")
    page = client.get(columns).content.decode()
    assert "data-draft data-draft-saved=" in page
    assert "data-draft-state" in page
    assert "It was kept for you:" not in page
    assert filled(page) != CHOSEN
    keep(client, columns, CHOSEN | {"column-0-C-order": "on"})
    page = client.get(columns).content.decode()
    assert filled(page) == CHOSEN
    assert 'name="column-0-C-order" id="id_column-0-C-order" checked' in page
    assert "It was kept for you:" in page
    assert "Discard it" in page


def test_a_box_that_was_unticked_stays_so(browse, actor):
    held = brought(actor("jemal"), [["Aylar", "03/14/2011"]], ["prs_FirstName", "prs_Birthdate"])
    columns, client = reverse("exchange.columns", args=[held.pk]), browse("jemal")
    box = 'name="column-0-B-order" id="id_column-0-B-order" checked'
    assert box in client.get(columns).content.decode()
    keep(client, columns, {"column-0-A": "prs_FirstName", "column-0-B": "prs_Birthdate"})
    assert box not in client.get(columns).content.decode()


def test_a_session_that_locked_itself_while_they_were_sent_loses_none(browse, columns):
    client = browse("jemal")
    with stopped(NOW + 2 * IDLE):
        answer = client.post(columns, CHOSEN)
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [columns]
    assert filled(client.get(columns).content.decode()) == CHOSEN


def test_they_are_dropped_when_they_were_sent_and_when_somebody_discards_them(browse, columns):
    client = browse("jemal")
    keep(client, columns, CHOSEN)
    assert client.post("/draft/discard", {"page": columns})["Location"] == columns
    assert filled(client.get(columns).content.decode()) != CHOSEN
    keep(client, columns, CHOSEN)
    assert client.post(columns, CHOSEN | {"column-0-B": "prs_FirstName"}).status_code == 200  # two columns of one field
    assert Draft.objects.exists()
    assert client.post(columns, CHOSEN).status_code == 302
    assert not Draft.objects.exists()
    assert filled(client.get(columns).content.decode()) == CHOSEN


@pytest.mark.django_db(transaction=True)
def test_a_choice_is_kept_by_itself_soon_after_it_was_made(seat, actor):
    """And stands there again in another browser, where nobody sent anything."""
    columns = reverse("exchange.columns", args=[brought(actor("jemal"), ROWS, HEADERS).pk])
    page = seat("jemal")
    page.goto(columns)
    page.get_by_label("Shoe size").select_option("#")
    page.get_by_text("Saved as a draft at").wait_for()
    other = seat("jemal")
    other.goto(columns)
    assert other.get_by_label("Shoe size").input_value() == "#"
