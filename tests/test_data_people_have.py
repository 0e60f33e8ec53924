"""An agency's workbook becomes sealed files, is worked on, and leaves again: as a social worker goes through it at her browser,
with what a colleague of another agency gets to know meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amanat import packs
from amanat.audit.models import Entry, Outcome
from amanat.audit.sealer import seal_pending
from amanat.audit.verify import verify
from amanat.cases.models import Case
from amanat.exchange.models import Import
from amanat.exchange.tests.books import read
from amanat.exchange.tests.official import filled
from amanat.exchange.work import Work
from tests.cast import NORTH
from tests.people_at_work import MovingClock, Worker

if TYPE_CHECKING:
    from playwright.sync_api import Download

pytestmark = pytest.mark.django_db(transaction=True)

# Columns of the official workbook, by their letters; the texts as people choose them from its lists.
AYNA = {
    "B": "Jemal",
    "D": "Aýna",
    "E": "Çaryýewa",
    "F": True,
    "G": date(2012, 4, 5),
    "H": "Feminine",
    "I": "Turkmenistan; Korea, Republic of",
    "M": "+993 65 12-34-56",
    "N": "Görogly köçesi 5",
    "O": "Aşgabat",
    "R": "Turkmenistan",
    "S": "Possible victim of trafficking",
    "V": "Mary",
    "W": "Debt bondage; Threats of law enforcement",
    "AB": "Follow up",
    "AC": "Hotline",
    "AG": "=1+1",
    "AL": "two\nlines",
}
MERDAN = {"D": "Merdan", "E": "Orazow", "F": False, "G": date(2010, 12, 31), "H": "Masculine", "AB": "Active"}
LOOKED_FOR = "чарыева айна"
AS_TOLD_BY_PHONE = {"given_name": "Айна", "family_name": "Чарыева", "birth_date": "2012-04-05"}
SECRETS = ("Aýna", "Çaryýewa", "Merdan", "Orazow", "12-34-56", "Görogly")
CHANGED = {("Aýna", "vic_LocationOfRecruitment"): ("Mary", "Tejen"), ("Aýna", "vic_AgeWhenTrafficked"): (None, 13)}


def test_a_workbook_comes_in_is_worked_on_and_leaves_equal_but_for_what_was_changed_here(
    worker: Callable[[str], Worker], clock: MovingClock, tmp_path: Path
) -> None:
    brought = filled("multi", [AYNA, MERDAN])
    jemal = worker("jemal")
    brings_in(jemal, brought)
    says_what_the_columns_are(jemal)
    looks_at_the_dry_run_and_takes_all(jemal)
    ayna = finds_by_a_cyrillic_spelling(jemal)
    is_told_at_the_next_registration(jemal, ayna)

    dowlet = worker("dowlet")
    hears_only_whom_to_ask(dowlet, ayna)
    finds_nothing(dowlet, ayna)

    works_on_the_facts(jemal, ayna)
    assert differences(brought, brings_out(jemal, tmp_path)) == CHANGED
    every_step_is_in_a_log_that_verifies(ayna, clock)


# --- in --------------------------------------------------------------------------------------------------------------


def brings_in(jemal: Worker, content: bytes) -> None:
    jemal.follows("Files in and out")
    file = {"name": "our children.xlsm", "mimeType": "", "buffer": content}
    jemal.page.locator("main [name=file]").set_input_files(file)
    jemal.presses("Read the file")
    jemal.page.get_by_role("heading", name="What the columns are").wait_for()


def says_what_the_columns_are(jemal: Worker) -> None:
    """All are proposed; what is odd about the workbook is told."""
    jemal.page.locator("main select[name^=column-]").nth(37).wait_for()
    assert "Aýna" in jemal.text
    jemal.presses("Look what would be made of it")
    jemal.page.wait_for_url("**/look")


def looks_at_the_dry_run_and_takes_all(jemal: Worker) -> None:
    """The page shows by itself when the work is done, and asks nobody to wait for it."""
    Work().all_of(Import.objects.get())
    jemal.page.get_by_role("heading", name="What would be made of it").wait_for()
    jemal.is_told("2 rows would make new files.")
    assert Case.objects.count() == 0
    jemal.ticks("which", "right")
    jemal.presses("Take in")
    jemal.page.wait_for_url("**/taken")
    Work().all_of(Import.objects.get())
    jemal.page.get_by_role("heading", name="What became of the rows").wait_for()
    jemal.is_told("2 rows are children's files now.")
    assert Case.objects.count() == 2


# --- found and known -------------------------------------------------------------------------------------------------


def finds_by_a_cyrillic_spelling(jemal: Worker) -> Case:
    """As she types; the words stand in no address."""
    jemal.follows("Find a child")
    jemal.page.get_by_role("searchbox").press_sequentially(LOOKED_FOR)
    jemal.page.locator("#found-count").get_by_text("1 file fits.").wait_for()
    assert re.search(r"\?search=[0-9a-f]{32}$", jemal.page.url)
    jemal.follows(re.compile("Aýna Çaryýewa"))
    jemal.page.wait_for_url(re.compile(r"/cases/[0-9a-f]{32}$"))
    assert "Aýna Çaryýewa" in jemal.heading
    case: Case = Case.objects.select_related("child").get(pk=jemal.page.url[-32:])
    return case


def is_told_at_the_next_registration(jemal: Worker, ayna: Case) -> None:
    jemal.opens("/cases/register")
    jemal.fills(**{f"child0-{name}": text for name, text in AS_TOLD_BY_PHONE.items()})
    jemal.presses("Register")
    jemal.is_told("This child may be known")
    jemal.is_told(ayna.child.code_name)
    assert Case.objects.count() == 2


def hears_only_whom_to_ask(dowlet: Worker, ayna: Case) -> None:
    dowlet.follows("Is the child known?")
    dowlet.fills(**AS_TOLD_BY_PHONE, reason="Her aunt came to us.")
    dowlet.presses("Ask")
    dowlet.is_told(f"A file may exist. Ask the duty contact of {NORTH}:")
    dowlet.is_told(f"Duty desk of {NORTH}")
    assert [secret for secret in (*SECRETS, ayna.child.code_name, ayna.pk.hex) if secret in dowlet.page.content()] == []


def finds_nothing(dowlet: Worker, ayna: Case) -> None:
    for text in (LOOKED_FOR, ayna.child.code_name, "123456"):
        dowlet.opens("/find-a-child")
        dowlet.page.get_by_role("searchbox").fill(text)
        dowlet.page.locator("#found-count").get_by_text("No file fits.").wait_for()
    assert dowlet.asks_for(ayna.get_absolute_url())[0] == 404


# --- worked on, and out ----------------------------------------------------------------------------------------------


def works_on_the_facts(jemal: Worker, ayna: Case) -> None:
    jemal.opens(f"/cases/{ayna.pk.hex}/facts/victim_context")
    control = packs.current().codes("htcds_methods_of_control")
    for answer in ("Mary", control.label("DebtBondage"), control.label("ThreatsLawEnforcement")):
        jemal.is_told(answer)
    jemal.opens(f"/cases/{ayna.pk.hex}/facts/victim_context/1")
    for summary in jemal.page.locator("main details:not([open]) > summary").all():
        summary.click()
    jemal.fills(vic_LocationOfRecruitment="Tejen", vic_AgeWhenTrafficked="13")
    jemal.presses("Save")
    jemal.is_told("Saved.")


def brings_out(jemal: Worker, folder: Path) -> bytes:
    jemal.opens("/export")
    jemal.ticks("which", "all")
    jemal.page.get_by_label("Where the file goes").select_option(label="It stays in our agency")
    jemal.ticks("kind", "xlsx")
    jemal.fills(reason="For the national office.")
    jemal.presses("Look what would leave")
    with jemal.page.expect_download() as waiting:
        jemal.presses("Make the file")
    download: Download = waiting.value
    assert download.suggested_filename == "children.xlsx"
    download.save_as(folder / "out.xlsx")
    return (folder / "out.xlsx").read_bytes()


def differences(brought: bytes, left: bytes) -> dict[tuple[str, str], tuple[Any, Any]]:
    """(child, field) → value that came in, value that left; where they are unlike."""
    came, went = by_name(brought), by_name(left)
    assert came.keys() == went.keys()
    return {
        (child, field): (came[child].get(field), went[child].get(field))
        for child in came
        for field in came[child] | went[child]
        if came[child].get(field) != went[child].get(field)
    }


def by_name(content: bytes) -> dict[str, dict[str, Any]]:
    rows = read(content)
    assert [row.faults for row in rows] == [[]] * len(rows)
    return {row.flat["prs_FirstName"]: row.flat for row in rows}


# --- the log ---------------------------------------------------------------------------------------------------------


def every_step_is_in_a_log_that_verifies(ayna: Case, clock: MovingClock) -> None:
    entries = Entry.objects.filter(subject=ayna.subject).values_list("user__username", "verb", "outcome")
    assert {
        ("jemal", "case.register", Outcome.DONE),
        ("jemal", "look.find", Outcome.READ),
        ("jemal", "case.write_facts", Outcome.DONE),
        ("jemal", "case.export", Outcome.DONE),
        ("dowlet", "existence.ask", Outcome.DONE),
    } <= set(entries)
    seal_pending(clock.now)
    assert verify(now=clock.now).faults == []
