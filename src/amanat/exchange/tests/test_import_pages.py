"""The pages of an import: from the file to the result, by who may, and hidden from everybody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from amanat.access.files import open_files
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.cases.shown import opened
from amanat.exchange.actions import importing
from amanat.exchange.models import Import
from amanat.exchange.tests.bringing import AYLAR, MERDAN, NOBODY, brought, csv_bytes, looked, many, taken
from amanat.exchange.work import Work
from amanat.people.clock import stopped

pytestmark = pytest.mark.django_db

PAGES = ("columns", "look", "taken", "wrong", "wrong_csv", "progress", "stop", "discard")


def send(client, rows, name="children.csv"):
    return client.post("/import", {"file": SimpleUploadedFile(name, csv_bytes(rows))})


def filled(page: str) -> dict[str, str]:
    """The columns' form as it was shown."""
    found = {}
    for select in re.findall(r'<select name="([^"]+)".*?</select>', page, re.DOTALL):
        chosen = re.search(rf'<select name="{select}".*?<option value="([^"]+)" selected', page, re.DOTALL)
        found[select] = chosen[1] if chosen else ""
    return found


def test_a_worker_goes_from_the_file_to_the_files_of_children(browse, cast):
    client = browse("jemal")
    columns = send(client, [AYLAR, MERDAN, NOBODY])["Location"]
    page = client.get(columns).content.decode()
    assert "Walkedowa" in page
    look = client.post(columns, filled(page))["Location"]
    assert "The file is being read" in client.get(look).content.decode()
    Work().all_of(Import.objects.get())
    page = client.get(look).content.decode()
    assert "2 rows would make new files." in page
    result = client.post(look, {"which": "right"})["Location"]
    assert "being taken in" in client.get(result).content.decode()
    Work().all_of(Import.objects.get())
    page = client.get(result).content.decode()
    assert all(case.child.code_name in page for case in Case.objects.select_related("child"))
    assert "2 rows are children" in page


def test_a_column_of_whole_names_is_offered_as_such_and_names_the_child(browse, cast, actor):
    client = browse("jemal")
    content = csv_bytes([["Чарыева Айлар Маратовна", "+99312345678"]], ["Ребёнок и имя", "prs_MobilePhone"])
    columns = client.post("/import", {"file": SimpleUploadedFile("children.csv", content)})["Location"]
    page = client.get(columns).content.decode()
    assert "Full name (given and family name in one)" in page
    look = client.post(columns, filled(page) | {"column-0-A": "full_name"})["Location"]
    Work().all_of(Import.objects.get())
    client.post(look, {"which": "right"})
    Work().all_of(Import.objects.get())
    (file,) = open_files(actor("jemal"), Case.objects.select_related("subject", "child", "agency"))
    assert opened(file, Part.IDENTITY)["names"] == [{"given": "Айлар", "family": "Чарыева", "patronymic": "Маратовна"}]


@pytest.mark.parametrize("name", ["merdan", "aman", "kerim", "dowlet"])
def test_an_import_does_not_exist_for_anybody_but_its_author(name, browse, actor):
    held = looked(actor("jemal"), [AYLAR])
    client = browse(name)
    for page in PAGES:
        address = reverse(f"exchange.{page}", args=[held.pk])
        assert client.get(address).status_code == client.post(address).status_code == 404, page


def test_rows_can_be_ticked(browse, actor):
    held = looked(actor("jemal"), [AYLAR, MERDAN, NOBODY])
    client = browse("jemal")
    look = reverse("exchange.look", args=[held.pk])
    assert "Tick at least one row." in client.post(look, {"which": "ticked"}).content.decode()
    assert client.post(look, {"which": "ticked", "ticked": ["1"]}).status_code == 302
    Work().all_of(held)
    assert [case.child.cases.count() for case in Case.objects.all()] == [1]


def test_lists_of_rows_have_pages_of_twenty_five(browse, actor):
    held = looked(actor("jemal"), many(60))
    client = browse("jemal")
    look = reverse("exchange.look", args=[held.pk])
    pages = [client.get(look, {"from": start}).content.decode() for start in ("", "25", "50")]
    assert [page.count('name="ticked"') for page in pages] == [25, 25, 10]
    assert ['rel="next"' in page for page in pages] == [True, True, False]
    assert ['rel="prev"' in page for page in pages] == [False, True, True]


def test_the_progress_asks_by_itself_and_shows_the_result_when_the_work_has_ended(browse, actor):
    held = brought(actor("jemal"), [AYLAR])
    importing.look_through(held, actor=actor("jemal"))
    client = browse("jemal")
    bar = reverse("exchange.progress", args=[held.pk])
    assert bar in client.get(reverse("exchange.look", args=[held.pk])).content.decode()
    assert "hx-get" in client.get(bar).content.decode()
    Work().all_of(held)
    assert client.get(bar).headers["HX-Refresh"] == "true"


def test_stopping_and_discarding_lead_on(browse, actor):
    held = brought(actor("jemal"), [AYLAR])
    importing.look_through(held, actor=actor("jemal"))
    client = browse("jemal")
    stopped = client.post(reverse("exchange.stop", args=[held.pk]), follow=True)
    assert "It is stopped." in stopped.content.decode()
    assert "The file was not read to its end" in stopped.content.decode()
    gone = client.post(reverse("exchange.discard", args=[held.pk]), follow=True)
    assert "are gone" in gone.content.decode()
    assert not Import.objects.exists()


def test_the_same_file_again_is_told_before_anything_is_done(browse, actor):
    taken(actor("jemal"), [AYLAR])
    page = browse("jemal").get(send(browse("jemal"), [AYLAR])["Location"]).content.decode()
    assert "You brought this very file before" in page


def test_a_row_that_a_colleague_brought_says_so_and_names_nobody(browse, actor):
    taken(actor("jemal"), [AYLAR])
    held = looked(actor("merdan"), [AYLAR])
    page = browse("merdan").get(f"/import/{held.pk}/look?show=again").content.decode()
    assert "This row was brought before by your agency. Ask your supervisor." in page
    assert Case.objects.get().child.code_name not in page


def test_what_is_in_a_file_stands_in_no_title_and_no_address(browse, actor):
    held = taken(actor("jemal"), [AYLAR])
    client = browse("jemal")
    for name in PAGES:
        answer = client.get(reverse(f"exchange.{name}", args=[held.pk]))
        titles = re.findall(r"<title>(.*?)</title>", b"".join(answer).decode())
        assert not any("Aylar" in title or "children.csv" in title for title in titles)


def test_a_page_that_asks_by_itself_keeps_no_session_open(browse, actor, cast):
    held = brought(actor("jemal"), [AYLAR])
    importing.look_through(held, actor=actor("jemal"))
    client = browse("jemal")
    bar = reverse("exchange.progress", args=[held.pk])
    client.get("/import")
    for minutes in (4, 8):
        with stopped(cast.now + timedelta(minutes=minutes)):
            assert client.get(bar).status_code == 200
    with stopped(cast.now + timedelta(minutes=11)):
        assert "/account/locked" in client.get(bar)["Location"]
        assert "/account/locked" in client.get("/import")["Location"]


def test_the_wrong_cells_can_be_taken_along_as_a_table_that_is_no_formula(browse, actor):
    held = looked(actor("jemal"), [["Aylar", "Walkedowa", "=1+1", "", ""]])
    answer = browse("jemal").get(reverse("exchange.wrong_csv", args=[held.pk]))
    assert answer["Cache-Control"] == "no-store"
    header, line = b"".join(answer).decode("utf-8-sig").splitlines()
    assert header.startswith("Sheet,Row,Column")
    assert ",2,prs_Birthdate (C),'=1+1,This is not a date." in line


def test_a_column_can_be_only_one_field_and_a_field_one_column(browse, actor):
    client = browse("jemal")
    columns = send(client, [AYLAR])["Location"]
    body = filled(client.get(columns).content.decode()) | {"column-0-E": "prs_FirstName"}
    page = client.post(columns, body).content.decode()
    assert "“prs_FirstName” is this field already." in page


def test_a_file_that_is_no_table_is_told_where_it_was_chosen(browse):
    page = browse("jemal").post("/import", {"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.4")}).content.decode()
    assert "This file is not a table: it is a PDF." in page
    assert page.index("it is a PDF") < page.index("Choose the file once more")


def test_how_letters_are_written_can_be_chosen_where_they_came_out_as_nonsense(browse):
    table = "prs_FirstName;prs_SecondName\nМерет;Аширов\n".encode("windows-1251")
    sent = {"file": SimpleUploadedFile("children.csv", table), "letters": "windows-1252"}
    browser = browse("jemal")
    wrong = browser.post("/import", sent)
    assert "Ìåðåò" in browser.get(wrong["Location"]).content.decode()
    right = browser.post(
        "/import", sent | {"file": SimpleUploadedFile("children.csv", table), "letters": "windows-1251"}
    )
    assert "Мерет" in browser.get(right["Location"]).content.decode()
