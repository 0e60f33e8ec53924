"""A form that nobody here has seen before: its team uploads it; a social worker fills it in on a small phone without a script, corrects
and prints it; ODK's own engine fills it in offline, and it is sent encrypted. Both records stand on the file, each part before its eyes.
"""

from __future__ import annotations

import io
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from openpyxl import Workbook

from amanat.access.files import open_file
from amanat.access.policy import Relation
from amanat.api.tests.calling import Phone, arrive
from amanat.api.tests.sender import Sender, Sent
from amanat.audit.sealer import seal_pending
from amanat.audit.verify import verify
from amanat.cases.models import Case
from amanat.cases.tests.looking import bring_in
from amanat.forms import records
from amanat.forms.models import Record
from tests.cast import Cast
from tests.odk.comparing import TheirEngine, answers_of
from tests.odk.test_another_client import CHOSEN, fetched_engine  # noqa: F401 -- a fixture
from tests.people_at_work import MovingClock

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.sqlcipher_only, pytest.mark.django_db(transaction=True)]

SURVEY = [
    ["type", "name", "label::English (en)", "label::Русский (ru)", "required", "relevant", "constraint",
     "constraint_message::English (en)", "constraint_message::Русский (ru)", "calculation", "amanat::part", "amanat::score"],
    ["begin group", "night", "The night", "Ночь"],
    ["integer", "hours", "Hours of sleep", "Часов сна", "yes", "", ". <= 24", "A day has 24 hours.", "В сутках 24 часа.", "", "facts"],
    ["select_one often", "woke", "Woke up", "Просыпался", "yes", "", "", "", "", "", "facts"],
    ["select_one often", "afraid", "Was afraid", "Было страшно", "yes", "", "", "", "", "", "facts"],
    ["text", "who", "Who was called for", "Кого звал", "", "${afraid} != '0'", "", "", "", "", "contacts"],
    ["calculate", "unrest", "Unrest", "Беспокойство", "", "", "", "", "", "${woke} + ${afraid}", "facts", "unrest"],
    ["end group"],
    ["begin group", "health", "Health", "Здоровье"],
    ["text", "medicine", "Medicine for the night", "Лекарство на ночь", "", "", "", "", "", "", "health_alerts"],
    ["end group"],
]  # fmt: skip
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Русский (ru)"],
    ["often", "0", "Not at all", "Совсем нет"],
    ["often", "1", "Once", "Один раз"],
    ["often", "2", "Often", "Часто"],
]
SETTINGS = [
    ["form_title", "amanat::title::Русский (ru)", "form_id", "version", "default_language", "amanat::source", "amanat::verified"],
    ["A night at the centre", "Ночь в центре", "night", "1", "English (en)", "Invented for a test", "no"],
]  # fmt: skip
AUNT = "Тётя Огулджан"


def workbook() -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.mark.usefixtures("fetched_engine")
def test_a_form_never_seen_before_goes_its_whole_way(
    seat: Callable[..., Page],
    case: Case,
    cast: Cast,
    clock: MovingClock,
    phone: Phone,
    office: Path,
    browser: Browser,
    live_server: LiveServer,
) -> None:
    bring_in(case, cast, "sona", Relation.HEALTH_WORKER)
    publishes_it(seat("viktor"))
    jemal = seat("jemal", 320, java_script_enabled=False)
    fills_it_in_in_russian(jemal, case)
    corrects_it(jemal)
    is_printed(seat("jemal"), case)
    with TheirEngine.opened(browser, live_server.url) as engine:
        instance = fills_it_in_offline(engine, phone, live_server.url, case)
    arrive(office)
    assert [record.number for record in Record.objects.filter(subject=case.subject)] == [1, 2]
    stands_as_it_was_sent(Record.objects.get(number=2), instance, case, cast)
    each_sees_their_parts(seat, case)
    seal_pending(now=clock.now)
    assert verify(now=clock.now).faults == []


# --- the form ----------------------------------------------------------------------------------------------------------


def publishes_it(viktor: Page) -> None:
    viktor.goto("/forms")
    viktor.get_by_role("link", name="Upload a form").click()
    viktor.locator("main [name=file]").set_input_files({"name": "night.xlsx", "mimeType": "", "buffer": workbook()})
    viktor.locator("main form .actions button").last.click()
    viktor.get_by_text("It has no faults.").wait_for()
    viktor.get_by_role("link", name="Try 1").click()
    viktor.get_by_label("Hours of sleep").fill("30")
    viktor.locator("main .actions button").first.click()
    viktor.get_by_text("A day has 24 hours.").first.wait_for()
    viktor.goto("/forms/named/night")
    viktor.get_by_role("link", name="Publish 1").click()
    viktor.locator("main form .actions button").last.click()
    viktor.wait_for_url("**/forms/named/night")


# --- in the browser ----------------------------------------------------------------------------------------------------


def fills_it_in_in_russian(jemal: Page, case: Case) -> None:
    jemal.goto(f"{case.get_absolute_url()}?section=forms")
    jemal.get_by_role("button", name="Русский").click()
    jemal.goto(f"{case.get_absolute_url()}?section=forms")
    jemal.locator("main details summary").last.click()
    jemal.get_by_role("link", name="Ночь в центре", exact=True).click()
    jemal.get_by_label("Часов сна").fill("40")
    jemal.get_by_role("group", name="Просыпался").get_by_label("Часто").check()
    jemal.get_by_role("group", name="Было страшно").get_by_label("Один раз").check()
    onward(jemal)
    jemal.get_by_text("В сутках 24 часа.").first.wait_for()
    fits(jemal)
    jemal.get_by_label("Часов сна").fill("4")
    jemal.get_by_label("Кого звал").fill(AUNT)
    onward(jemal)  # the screen about health is not hers to write
    jemal.get_by_text(AUNT).wait_for()
    score(jemal, "3")
    fits(jemal)


def corrects_it(jemal: Page) -> None:
    jemal.get_by_role("link", name="Исправить").click()
    jemal.get_by_role("group", name="Было страшно").get_by_label("Часто").check()
    onward(jemal)
    jemal.locator("main [name=reason]").fill("Она сказала утром иначе.")
    onward(jemal)
    jemal.get_by_text("Она сказала утром иначе.").first.wait_for()
    score(jemal, "4")
    jemal.get_by_text("Один раз").first.wait_for()  # what stood there before
    fits(jemal)


def onward(page: Page) -> None:
    page.locator("main .actions .button").first.click()


def score(page: Page, points: str) -> None:
    page.locator(".facts > div", has_text="Беспокойство").get_by_text(points, exact=True).wait_for()


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def is_printed(jemal: Page, case: Case) -> None:
    jemal.goto(f"{case.get_absolute_url()}/records/1")
    jemal.emulate_media(media="print")
    assert AUNT in jemal.locator("body").inner_text()
    assert not jemal.locator("nav").first.is_visible()


# --- on a phone --------------------------------------------------------------------------------------------------------


def fills_it_in_offline(engine: TheirEngine, phone: Phone, server: str, case: Case) -> str:
    """Fetched before; filled in without a line; encrypted by the sender, which knows nothing but the form. What it sealed."""
    basic = phone.basic["authorization"]
    fetched = engine.call("fetched", "/phone", basic)["night"]
    engine.page.context.set_offline(True)
    engine.call("load", fetched["xform"], fetched["files"])
    engine.call("course", 7, "Русский (ru)", 1, {f"/{CHOSEN}": case.pk.hex})
    instance: str = engine.call("instance")
    engine.page.context.set_offline(False)
    root = etree.fromstring(instance.encode())
    sent = sender_of(fetched["xform"]).sent(root.findtext(".//{*}instanceID"), instance)
    assert "night" not in str(sent.files)
    assert send(server, basic, sent) == 201
    return instance


def sender_of(xform: str) -> Sender:
    root = etree.fromstring(xform.encode())
    (asked,) = root.iter("{*}submission")
    (data,) = (one for one in root.iter("{*}data") if one.get("id"))
    return Sender(asked.get("base64RsaPublicKey"), data.get("id"), data.get("version"))


def send(server: str, basic: str, sent: Sent) -> int:
    """As an app does, by the multipart form of the protocol."""
    parts = {"xml_submission_file": sent.manifest.encode()} | sent.files
    head = '--x1\r\nContent-Disposition: form-data; name="{0}"; filename="{0}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    content = b"".join(head.format(name).encode() + held + b"\r\n" for name, held in parts.items()) + b"--x1--\r\n"
    headers = {"Authorization": basic, "Content-Type": "multipart/form-data; boundary=x1", "X-OpenRosa-Version": "1.0"}
    asked = urllib.request.Request(f"{server}/phone/submission", content, headers)
    with urllib.request.urlopen(asked) as answer:
        status: int = answer.status
    return status


def stands_as_it_was_sent(record: Record, instance: str, case: Case, cast: Cast) -> None:
    """All of it, and marked, because a phone asks its worker also what somebody else writes here."""
    assert record.needs_review
    whole = records.read(open_file(cast.actor("jemal"), case), record).whole
    assert whole is not None
    sent = answers_of(instance)
    assert sent.pop(CHOSEN) == [case.pk.hex]
    assert answers_of(whole) == sent


# --- whose eyes --------------------------------------------------------------------------------------------------------


def each_sees_their_parts(seat: Callable[..., Page], case: Case) -> None:
    sona = seat("sona")
    sona.goto(f"{case.get_absolute_url()}/records/1")
    told = sona.locator("main").inner_text()
    assert AUNT in told, "a health worker sees contacts"
    assert "Hours of sleep" not in told
    assert "This form has more" in told
    for number in (1, 2):
        for stranger in ("merdan", "dowlet"):
            page = seat(stranger)
            answer = page.goto(f"{case.get_absolute_url()}/records/{number}")
            assert answer is not None
            assert answer.status == 404
            page.context.close()
