"""An import as a person does it: with and without JavaScript, on a phone and on a desk, by axe's rules."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from amanat.cases.models import Case
from amanat.exchange.models import Import
from amanat.exchange.tests.bringing import AYLAR, MERDAN, NOBODY, csv_bytes, looked
from amanat.exchange.work import Importer, Work

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from amanat.access.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)

TWIN = [*AYLAR[:4], "37"]
WRONG = ["Sona", "Orazowa", "31.31.2011", "", "36"]
PICTURES = os.environ.get("AMANAT_PICTURES", "")  # a folder, for whoever wants to look at the pages


def choose(page: Page, rows: list[list[str]]) -> None:
    page.goto("/import")
    file = {"name": "children.csv", "mimeType": "text/csv", "buffer": csv_bytes(rows)}
    page.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]


def picture(page: Page, name: str, width: int) -> None:
    page.wait_for_load_state()  # before its style has come, a page is as wide as it likes
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def check(page: Page, name: str, width: int) -> None:
    picture(page, name, width)
    found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], name


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), pytest.param(1280, "dark", marks=pytest.mark.thorough)])
def test_each_page_of_an_import_fits_and_axe_finds_nothing(seat: Callable[..., Page], width: int, scheme: str) -> None:
    page = seat("jemal", width, color_scheme=scheme)
    choose(page, [AYLAR, MERDAN, NOBODY, TWIN, WRONG])
    check(page, "imports", width)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("heading", name="What the columns are").wait_for()
    check(page, "columns", width)
    page.get_by_role("button", name="Look what would be made of it").click()
    page.get_by_role("heading", name="The file is being read").wait_for()
    check(page, "progress", width)
    Work().all_of(Import.objects.get())
    page.get_by_role("heading", name="What would be made of it").wait_for()  # the page asked by itself
    check(page, "look", width)
    page.get_by_role("link", name="1 cell can't be read").click()
    page.get_by_role("heading", name="Wrong cells").wait_for()
    check(page, "wrong", width)
    page.go_back()
    page.get_by_role("button", name="Take in").click()
    page.get_by_role("heading", name="The rows are being taken in").wait_for()
    Work().all_of(Import.objects.get())
    page.get_by_role("heading", name="What became of the rows").wait_for()
    check(page, "taken", width)
    page.goto("/export")
    page.get_by_role("heading", name="Bring files out").wait_for()
    check(page, "export", width)
    page.get_by_label("All whose case manager I am").check()
    page.get_by_label("Where the file goes").select_option(label="It stays in our agency")
    page.get_by_label("What it is for").fill("For the court.")
    page.get_by_role("button", name="Look what would leave").click()
    page.get_by_role("heading", name="What would leave").wait_for()
    check(page, "leaving", width)


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_a_row_beside_a_file_fits_and_is_put_in_without_javascript(
    seat: Callable[..., Page], case: Case, width: int, scheme: str
) -> None:
    page = seat("jemal", width, color_scheme=scheme, java_script_enabled=False)
    headers = ["prs_FirstName", "prs_SecondName", "prs_Birthdate", "prs_MailingCity", "con_Consent", "Shoe size"]
    row = ["Aylar", "Orazowa", "2012-04-05", "Mary", "No", "36"]
    page.goto("/import")
    file = {"name": "children.csv", "mimeType": "text/csv", "buffer": csv_bytes([row], headers)}
    page.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Look what would be made of it").click()
    Work().all_of(Import.objects.get())
    page.get_by_role("link", name="Refresh").click()
    picture(page, "known", width)
    page.get_by_role("link", name=f"Put it into the file of {case.child.code_name}").click()
    picture(page, "row-beside-a-file", width)
    page.get_by_role("button", name=f"Put it into the file of {case.child.code_name}").click()
    page.get_by_text(f"The row stands in the file of {case.child.code_name} now.").wait_for()
    picture(page, "put-in", width)
    page.goto(f"{case.get_absolute_url()}?section=timeline")
    page.get_by_text("row of an import put in", exact=False).first.wait_for()
    picture(page, "timeline-of-it", width)
    assert Case.objects.count() == 1


def test_the_whole_way_is_gone_without_javascript(seat: Callable[..., Page]) -> None:
    page = seat("jemal", 320, java_script_enabled=False)
    worker = Importer(every=0.05)
    worker.start()
    try:
        choose(page, [AYLAR, MERDAN])
        page.get_by_role("button", name="Read the file").click()
        page.get_by_role("button", name="Look what would be made of it").click()
        refresh_until(page, "What would be made of it")
        page.get_by_role("button", name="Take in").click()
        refresh_until(page, "What became of the rows")
    finally:
        worker.ask_to_end()
        assert worker.has_ended()
    page.get_by_text("2 rows are children's files now.").wait_for()
    assert Case.objects.count() == 2


def refresh_until(page: Page, heading: str) -> None:
    while page.get_by_role("heading", level=1).inner_text() != heading:
        page.get_by_role("link", name="Refresh").click()


def test_a_workbook_leaves_by_the_browser(seat: Callable[..., Page], case: Case) -> None:
    page = seat("jemal")
    page.goto("/export")
    page.get_by_label("All whose case manager I am").check()
    page.get_by_label("Where the file goes").select_option(label="It stays in our agency")
    page.get_by_label("Excel workbook").check()
    page.get_by_label("What it is for").fill("For the court.")
    page.get_by_role("button", name="Look what would leave").click()
    for _time in range(2):  # the page stands, and its buttons do what they did
        with page.expect_download() as download:
            page.get_by_role("button", name="Make the file").click()
        assert download.value.suggested_filename == "children.xlsx"
        assert Path(download.value.path()).read_bytes()[:2] == b"PK"
        page.get_by_role("status").get_by_text("The file was made.").wait_for()
        assert page.locator("[aria-disabled]").count() == 0
    assert not [cookie for cookie in page.context.cookies() if cookie["name"] == "awaited"]
    page.get_by_role("button", name="Change something").click()
    page.get_by_role("heading", name="Bring files out").wait_for()


def test_whoever_ticks_a_row_has_chosen_the_ticked_ones(
    seat: Callable[..., Page], actor: Callable[[str], Actor]
) -> None:
    held = looked(actor("jemal"), [AYLAR, MERDAN])
    page = seat("jemal")
    page.goto(reverse("exchange.look", args=[held.pk]))
    only_ticked = page.get_by_label("Only those that I tick on this page")
    assert not only_ticked.is_checked()
    page.get_by_label("Walkedowa").check()
    assert only_ticked.is_checked()
