"""What the log says of an import: which one, what was asked for and of how many rows; and that wrong cells were taken along."""

from __future__ import annotations

import pytest
from django.urls import reverse

from amanat.audit.models import Entry, Outcome
from amanat.exchange.actions import importing
from amanat.exchange.tests.bringing import AYLAR, MERDAN, NOBODY, looked
from amanat.exchange.work import Work
from amanat.people.clock import stopped
from amanat.vault.sealing import open_sealed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_the_casts_moment(cast):
    with stopped(cast.now):
        yield


def told(outcome: Outcome = Outcome.DONE) -> list[str]:
    entries = Entry.objects.filter(verb="exchange.import", outcome=outcome).select_related("subject").order_by("id")
    return sorted(open_sealed(entry, "details")["about"] for entry in entries)


def test_each_step_names_the_import_what_was_asked_for_and_how_much(actor):
    jemal = actor("jemal")
    held = looked(jemal, [AYLAR, MERDAN, NOBODY])
    for wanted in ({"which": "ticked", "ticked": [0]}, {"which": "fresh"}):
        importing.take(held, actor=jemal, **wanted)
        Work().all_of(held)
    importing.discard(held, actor=jemal)
    assert told() == sorted(
        f"import {held.pk}: {step}"
        for step in (
            "its file was received",
            "4 of 5 columns were given a field",
            "a dry run was begun",
            "taking was begun of its 3 rows (1 ticked)",
            "taking was begun of its 3 rows (fresh)",
            "it was discarded",
        )
    )


def test_wrong_cells_that_are_taken_along_stand_in_the_log(actor, browse):
    held = looked(actor("jemal"), [["Aylar", "Walkedowa", "31.31.2011", "", ""]])
    before = told(Outcome.READ)
    b"".join(browse("jemal").get(reverse("exchange.wrong_csv", args=[held.pk])))
    assert before == []
    assert told(Outcome.READ) == [f"import {held.pk}: its 1 wrong cells were downloaded"]
    entry = Entry.objects.get(verb="exchange.import", outcome=Outcome.READ)
    assert (entry.user, entry.page) == (actor("jemal").user, "exchange.wrong_csv")


def test_wrong_cells_that_could_not_be_logged_do_not_leave(actor, browse, monkeypatch):
    held = looked(actor("jemal"), [["Aylar", "Walkedowa", "31.31.2011", "", ""]])
    browser = browse("jemal")

    def failing(**_mark):
        raise OSError("no space left")

    monkeypatch.setattr("amanat.exchange.downloads.recording.record", failing)
    with pytest.raises(OSError, match="no space"):
        browser.get(reverse("exchange.wrong_csv", args=[held.pk]))
