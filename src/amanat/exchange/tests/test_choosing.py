"""Choosing which rows to take: nothing that may be known is taken unasked, and what is needed to judge stands beside the row."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from amanat import packs
from amanat.audit.models import Entry, Outcome
from amanat.cases.models import Case
from amanat.exchange import findings, keeping
from amanat.exchange.models import Import, State
from amanat.exchange.tests.bringing import AYLAR, HEADERS, MERDAN, NOBODY, looked, many, taken
from amanat.exchange.work import Work
from amanat.people.clock import stopped

pytestmark = pytest.mark.django_db

CHANGED = [*AYLAR[:4], "37"]
WRONG = ["Sona", "Orazowa", "31.31.2011", "", "36"]


@pytest.fixture(autouse=True)
def _at_the_casts_moment(cast):
    with stopped(cast.now):
        yield


def look_at(held: Any, **asked: str) -> str:
    return reverse("exchange.look", args=[held.pk], query=asked)


def chosen(page: str) -> str:
    """The choice that stands there without anybody's doing."""
    return re.search(r'name="which" value="(\w+)"[^>]*checked', page)[1]


def test_where_nothing_is_new_only_ticked_rows_are_chosen(browse, actor):
    taken(actor("jemal"), [AYLAR])
    page = browse("jemal").get(look_at(looked(actor("jemal"), [CHANGED]))).content.decode()
    assert chosen(page) == "ticked"


def test_rows_that_may_be_known_are_taken_together_only_by_who_says_that_they_looked(browse, actor):
    taken(actor("jemal"), [AYLAR])
    held = looked(actor("jemal"), [CHANGED, MERDAN])
    client = browse("jemal")
    assert chosen(client.get(look_at(held)).content.decode()) == "right"
    page = client.post(look_at(held), {"which": "all"}).content.decode()
    assert "Look at the rows that may be known first." in page
    Work().all_of(held)
    assert Case.objects.count() == 1
    client.post(look_at(held), {"which": "all", "all_the_same": "on"})
    Work().all_of(held)
    assert Case.objects.count() == 3


def test_ticks_beside_another_choice_are_asked_back(browse, actor):
    held = looked(actor("jemal"), [AYLAR, MERDAN])
    client = browse("jemal")
    page = client.post(look_at(held), {"which": "right", "ticked": ["1"]}).content.decode()
    assert "You ticked rows in the list." in page
    assert re.search(r'name="ticked" value="1"[^>]* checked', page)
    assert Import.objects.get().state == State.LOOKED


def test_a_ticked_row_that_may_be_known_is_not_taken_unasked(browse, actor):
    taken(actor("jemal"), [AYLAR])
    held = looked(actor("jemal"), [CHANGED, MERDAN])
    client, sent = browse("jemal"), {"which": "ticked", "ticked": ["0"]}
    assert "Look at the rows that may be known first." in client.post(look_at(held), sent).content.decode()
    assert client.post(look_at(held, show="fresh"), {"which": "ticked", "ticked": ["1"]}).status_code == 302


def test_a_ticked_row_that_may_be_known_is_taken_by_whoever_looked_at_it(browse, actor):
    taken(actor("jemal"), [AYLAR])
    held = looked(actor("jemal"), [CHANGED, MERDAN])
    answer = browse("jemal").post(look_at(held), {"which": "ticked", "ticked": ["0"], "all_the_same": "on"})
    assert answer.status_code == 302
    Work().all_of(held)
    assert Case.objects.count() == 2


def test_a_known_childs_name_and_birth_date_stand_beside_the_rows_and_the_look_is_in_its_log(browse, actor):
    taken(actor("jemal"), [AYLAR])
    held = looked(actor("jemal"), [["Aylar", "Walkedowa", "2011-03-05", AYLAR[3], ""]])
    looks = Entry.objects.filter(subject=Case.objects.get().subject, outcome=Outcome.READ)
    before = looks.count()
    page = browse("jemal").get(look_at(held)).content.decode()
    shown = re.search(r"<tbody>(.*)</tbody>", page, re.DOTALL)[1]
    assert shown.count("Walkedowa") == 2
    assert all(text in shown for text in ("05.03.2011", "04.03.2011", AYLAR[3]))
    assert looks.count() == before + 1


def test_why_a_row_may_be_known_is_said_in_the_language_of_the_page(browse, actor):
    jemal = actor("jemal")
    taken(jemal, [AYLAR])
    jemal.user.language = "ru"
    jemal.user.save()
    held = looked(jemal, [CHANGED, ["Aylar", "Walkedowa", "2011-03-04", "", "40"]])
    lines = keeping.opened(held, "content", jemal, keeping.batches_of(held).get())
    reasons = {reason for line in lines for met in line["met"] for reason in met["reasons"]}
    assert reasons <= {"earlier", "document", "phone", "name", "birth_date", "sound", "given", "family"}
    rows = findings.rows_of(held, "known", "", jemal).rows
    for language, word in (("en", "earlier import"), ("ru", "импорт")):
        with translation.override(language):
            assert word in str(rows[0].files[0].reasons[0])


def test_after_all_rows_were_taken_none_is_offered(browse, actor):
    held = taken(actor("jemal"), [AYLAR, MERDAN])
    page = browse("jemal").get(look_at(held)).content.decode()
    assert "No row is left to take." in page
    assert "would make" not in page
    assert "Take in</button>" not in page
    assert "Take more rows" not in browse("jemal").get(reverse("exchange.taken", args=[held.pk])).content.decode()


def test_after_some_were_taken_the_others_are_offered(browse, actor):
    held = taken(actor("jemal"), [AYLAR, WRONG], which="right")
    page = browse("jemal").get(look_at(held)).content.decode()
    assert "1 row would make a new file." in page
    assert "Orazowa" in page
    assert "Walkedowa" not in page


def test_a_file_without_a_row_to_take_says_so(browse, actor):
    for rows in ([NOBODY], []):
        page = browse("jemal").get(look_at(looked(actor("jemal"), rows, HEADERS))).content.decode()
        assert "No row of this file can be taken." in page
        assert "Take in</button>" not in page


def test_leafing_stays_in_the_list_that_was_chosen(browse, actor):
    held = looked(actor("jemal"), [AYLAR, AYLAR, *many(30)])
    page = browse("jemal").get(look_at(held, show="fresh")).content.decode()
    assert "?show=fresh&amp;from=25" in page


def test_who_looks_at_wrong_cells_is_told_first_what_to_do(browse, actor):
    held = looked(actor("jemal"), [WRONG])
    page = browse("jemal").get(reverse("exchange.wrong", args=[held.pk])).content.decode()
    assert "Mend the cells in your file and bring it again" in page


def test_beside_a_refused_choice_stand_the_answers_that_the_field_takes(browse, actor):
    held = looked(actor("jemal"), [["Sona", "begging"]], ["prs_FirstName", "vic_TypeOfExploitation"])
    labels = [label for _code, label in packs.current().codes("htcds_exploitation").choices("en")]
    page = browse("jemal").get(reverse("exchange.wrong", args=[held.pk])).content.decode()
    assert all(f"<li>{label}</li>" in page for label in labels)
    table = b"".join(browse("jemal").get(reverse("exchange.wrong_csv", args=[held.pk]))).decode()
    assert f"Write one of the answers, by its name or code. {'; '.join(labels)}" in table
