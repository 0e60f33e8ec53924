"""What the script adds in a real browser: leaving quickly, the idle lock, drafts, one submit at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from amanat.web.tests.urls import DRAFTS, LOCKS, STANDING, WAITING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from pytest_django import Settings

NEUTRAL = re.compile(r"/neutral$")
LOCKED = re.compile(r"/account/locked\?next=%2Fnote$")  # who opens it again comes back to the page


@pytest.fixture(autouse=True)
def nothing_was_sent_yet() -> None:
    DRAFTS.clear()
    LOCKS.clear()
    WAITING.clear()
    STANDING[:] = [200]


@pytest.fixture
def timed(page: Page) -> Page:
    """A page whose clock the test turns. It also ticks by itself; never turn it past a moment at which the page leaves,
    since the browser would be asked to go on in a page that is no longer there."""
    page.clock.install()
    page.goto("/note")
    return page


def test_leave_quickly_takes_the_place_of_the_page_in_the_history(page: Page) -> None:
    page.goto("/note")
    page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url(NEUTRAL)
    page.get_by_role("heading", name="Weights and measures").wait_for()
    assert "Amanat" not in page.content()
    page.go_back()
    assert page.url == "about:blank"


def test_leaving_saves_what_was_typed_and_then_locks(page: Page) -> None:
    page.goto("/note")
    page.get_by_label("Note").fill("Somebody came in.")
    page.get_by_role("link", name="Leave quickly").click()
    page.get_by_role("heading", name="Weights and measures").wait_for()
    assert DRAFTS[0]["page"] == "/note"
    assert parse_qs(DRAFTS[0]["body"])["note"] == ["Somebody came in."]
    assert LOCKS == ["GET"]


def test_shift_three_times_leaves_from_inside_a_field(page: Page) -> None:
    page.goto("/note")
    page.get_by_label("Note").focus()
    for _ in range(3):
        page.keyboard.press("Shift")
    page.get_by_role("heading", name="Weights and measures").wait_for()
    assert page.get_by_label("Note").count() == 0


def test_capital_letters_do_not_leave(page: Page) -> None:
    page.goto("/note")
    page.get_by_label("Name").focus()
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    assert page.get_by_label("Name").input_value() == "ABCD"
    assert page.url.endswith("/note")


def test_leaving_works_without_a_network(page: Page) -> None:
    page.goto("/note")
    page.context.set_offline(True)
    page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url(NEUTRAL)
    assert page.title().strip() == ""
    assert page.locator("body").inner_text() == ""


def test_leaving_in_one_tab_leaves_in_the_other(page: Page) -> None:
    page.goto("/note")
    other = page.context.new_page()
    other.goto("/note")
    other.get_by_role("link", name="Leave quickly").click()
    for tab in (other, page):
        tab.get_by_role("heading", name="Weights and measures").wait_for()
        assert tab.get_by_label("Note").count() == 0


def test_the_warning_can_be_answered_by_keyboard(timed: Page) -> None:
    timed.clock.fast_forward(8 * 60_000)
    assert not timed.get_by_role("dialog").is_visible()
    timed.clock.fast_forward(61_000)
    timed.get_by_role("dialog", name="Are you still there?").wait_for()
    timed.keyboard.press("Enter")
    timed.get_by_role("dialog").wait_for(state="hidden")
    timed.clock.fast_forward(8 * 60_000)
    assert timed.url.endswith("/note")
    assert not timed.get_by_role("dialog").is_visible()


def test_ten_idle_minutes_lock_and_what_was_typed_is_kept(timed: Page) -> None:
    timed.get_by_label("Note").fill("Not yet saved.")
    timed.clock.fast_forward(9 * 60_000 + 59_000)
    timed.wait_for_url(LOCKED)
    assert parse_qs(DRAFTS[-1]["body"])["note"] == ["Not yet saved."]


def test_a_laptop_that_slept_locks_at_the_first_touch(timed: Page) -> None:
    timed.clock.set_system_time(timed.evaluate("Date.now()") + 3 * 60 * 60_000)
    timed.keyboard.press("a")
    timed.wait_for_url(LOCKED)
    assert timed.get_by_label("Note").count() == 0


def test_work_in_one_tab_keeps_the_other_open(timed: Page) -> None:
    timed.clock.fast_forward(7 * 60_000)
    timed.evaluate("localStorage.setItem('amanat.active', String(Date.now()))")
    timed.clock.fast_forward(7 * 60_000)
    assert timed.url.endswith("/note")


def test_a_draft_is_saved_two_seconds_after_the_last_key_without_the_token(timed: Page) -> None:
    timed.get_by_label("Note").fill("She likes drawing.")
    with timed.expect_response("**/draft"):
        timed.clock.fast_forward(2_000)
    timed.get_by_text(re.compile(r"Saved as a draft at \d\d:\d\d")).wait_for()
    assert DRAFTS[0]["page"] == "/note"
    body = parse_qs(DRAFTS[0]["body"])
    assert body["note"] == ["She likes drawing."]
    assert "csrfmiddlewaretoken" not in body


def test_a_draft_that_could_not_be_saved_says_so_and_is_tried_again(timed: Page) -> None:
    timed.context.set_offline(True)
    timed.get_by_label("Note").fill("On the train.")
    timed.clock.fast_forward(2_000)
    timed.get_by_text("Not saved yet").wait_for()
    with timed.expect_response("**/draft"):  # sent when the network is back, or at the latest after ten seconds
        timed.context.set_offline(False)
        timed.clock.fast_forward(11_000)
    timed.get_by_text("Saved as a draft").wait_for()
    assert parse_qs(DRAFTS[-1]["body"])["note"] == ["On the train."]


def test_a_second_click_sends_nothing_while_the_first_is_on_its_way(page: Page) -> None:
    page.goto("/note")
    page.route("**/note", lambda route: route.abort())
    refused = page.evaluate("""() => {
      const refused = [];
      addEventListener("submit", (event) => refused.push(event.defaultPrevented));
      const save = document.querySelector("form.form button");
      save.click();
      save.click();
      return refused;
    }""")
    assert refused == [False, True]


def test_an_error_takes_the_focus_to_the_summary_and_its_link_to_the_field(page: Page) -> None:
    page.goto("/note")
    page.get_by_role("button", name="Save").click()
    summary = page.get_by_role("alert")
    summary.wait_for()
    assert summary.evaluate("box => box === document.activeElement")
    summary.get_by_role("link", name="Risk").click()
    assert page.evaluate("document.activeElement.id") == "id_risk_0"


def test_the_first_key_offers_to_skip_to_the_content(page: Page) -> None:
    page.goto("/note")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_two_versions_are_settled_without_javascript(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/note")
    page.locator("[name=seen]").evaluate("field => { field.value = '1' }")
    page.get_by_label("Name").fill("Aynur")
    page.get_by_label("High risk").check()
    page.get_by_label("Note").fill("Mine.")
    page.get_by_label("The child was told").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Put mine in its place").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("written").wait_for()


def test_without_javascript_leaving_is_a_link(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/note")
    page.get_by_role("link", name="Leave quickly").click()
    page.get_by_role("heading", name="Weights and measures").wait_for()
    assert page.get_by_label("Note").count() == 0


def test_without_a_network_an_idle_page_shows_nothing_and_locks_once_its_draft_is_saved(timed: Page) -> None:
    timed.context.set_offline(True)
    timed.get_by_label("Note").fill("On the train.")
    timed.clock.fast_forward(9 * 60_000 + 59_000)
    timed.locator("html").wait_for(state="hidden")
    assert timed.url.endswith("/note")
    assert not timed.get_by_label("Note").is_visible()
    timed.context.set_offline(False)
    timed.wait_for_url(LOCKED)
    assert parse_qs(DRAFTS[-1]["body"])["note"] == ["On the train."]


def test_signing_out_in_one_tab_empties_the_others_at_once(page: Page) -> None:
    page.goto("/note")
    page.get_by_label("Note").fill("Somebody came in.")
    other = page.context.new_page()
    other.goto("/note")
    other.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="You are not signed in here any more").wait_for()
    assert "Somebody" not in page.content()
    assert page.get_by_role("link", name="Sign in").get_attribute("href") == "/note"  # by way of signing in
    assert page.title() == "Amanat"


def test_a_tab_that_is_looked_at_again_after_its_session_ended_shows_nothing(page: Page) -> None:
    page.goto("/note")
    STANDING[:] = [401]
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.get_by_role("heading", name="You are not signed in here any more").wait_for()
    assert page.get_by_label("Note").count() == 0


def test_a_page_that_nobody_touches_is_emptied_when_its_session_ends_elsewhere(settings: Settings, timed: Page) -> None:
    settings.AMANAT_DUTY_NUMBER = "+993 12 00 00 01"
    timed.reload()
    timed.get_by_label("Note").fill("Somebody came in.")
    with timed.expect_response("**/waiting") as asked:
        timed.clock.fast_forward(10_000)
    assert "device-clock" not in asked.value.request.headers
    assert timed.get_by_label("Note").is_visible()
    STANDING[:] = [502]  # what a proxy answers, or we where the database has a fault: no end
    with timed.expect_response("**/waiting"):
        timed.clock.fast_forward(10_000)
    assert timed.get_by_label("Note").input_value() == "Somebody came in."
    STANDING[:] = [503]  # what a locked workspace answers
    timed.clock.fast_forward(10_000)
    timed.get_by_role("heading", name="This workspace is locked").wait_for()
    assert timed.get_by_text("answer them at the telephone").is_visible()
    assert timed.get_by_text("+993 12 00 00 01").is_visible()
    assert not timed.get_by_text("another tab").is_visible()
    assert "Somebody" not in timed.content()


def test_a_page_that_was_left_quickly_stays_empty(timed: Page) -> None:
    timed.route("**/account/locked*", lambda _route: None)  # never answered: the page stays where it is
    timed.get_by_role("link", name="Leave quickly").click()
    timed.get_by_label("Note").wait_for(state="detached")
    STANDING[:] = [401]
    timed.clock.fast_forward(20_000)
    with timed.expect_response("**/waiting"):
        timed.evaluate("dispatchEvent(new Event('focus'))")
    timed.evaluate("fetch('/note')")  # a later answer: the one before was read
    assert "signed in" not in timed.inner_text("body")


def test_a_tab_that_is_looked_at_again_stays_while_its_session_stands_or_nobody_answers(page: Page) -> None:
    page.goto("/note")
    with page.expect_response("**/waiting"):
        page.evaluate("dispatchEvent(new Event('focus'))")
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('focus'))")
    assert page.get_by_label("Note").is_visible()


def test_a_tab_that_is_looked_at_again_says_what_time_it_is_here(page: Page) -> None:
    page.clock.set_fixed_time("2026-11-24T09:00:00Z")
    page.goto("/note")
    with page.expect_request("**/waiting") as asked:
        page.evaluate("dispatchEvent(new Event('focus'))")
    assert asked.value.headers["device-clock"] == "1795510800000"


# --- what waits -----------------------------------------------------------------------------------------------------

CALL = {"kind": "call", "sentence": "A call is waiting.", "at": "/note?call"}
ALERT = {"kind": "alert", "sentence": "An alert is waiting.", "at": "/note?alert"}
# Counts the tones instead of playing them; a sound that was never allowed is not there yet.
SOUNDS = """
window.tones = 0;
window.allowed = %s;
class Node { connect(other) { return other; } start() { window.tones += 1; document.documentElement.dataset.tones = window.tones; }
  stop() {} get gain() { return { setValueAtTime() {}, exponentialRampToValueAtTime() {} }; } get frequency() { return {}; } }
window.AudioContext = class { get state() { return window.allowed ? 'running' : 'suspended'; } currentTime = 0;
  createOscillator() { return new Node(); } createGain() { return new Node(); }
  resume() { window.allowed = true; return Promise.resolve(); } };
"""


def polled(page: Page, *found: dict[str, str]) -> None:
    """The page asks, as it does every ten seconds, and hears this."""
    WAITING[:] = found
    with page.expect_response("**/waiting"):
        page.clock.fast_forward(10_000)


def test_a_call_that_waits_is_said_until_it_is_answered(timed: Page) -> None:
    title = timed.title()
    polled(timed, ALERT, CALL)
    timed.get_by_role("link", name="A call is waiting.").wait_for()
    assert timed.get_by_role("link", name="An alert is waiting.").get_attribute("href") == "/note?alert"
    assert timed.title() == f"(!) {title}"
    polled(timed)
    timed.get_by_role("link", name="A call is waiting.").wait_for(state="detached")
    assert timed.title() == title
    assert not timed.get_by_role("button", name="Silence for a minute").is_visible()


def test_a_sound_is_repeated_until_somebody_wants_silence_and_comes_back_after_a_minute(page: Page) -> None:
    page.add_init_script(SOUNDS % "true")
    page.clock.install()
    page.goto("/note")
    polled(page, CALL)
    page.locator("[data-tones]:not([data-tones='1'])").wait_for(state="attached")
    page.clock.run_for(9_000)
    assert page.evaluate("tones") >= 6
    page.get_by_role("button", name="Silence for a minute").click()
    before = page.evaluate("tones")
    page.clock.run_for(30_000)
    assert page.evaluate("tones") == before
    polled(page, CALL, ALERT)  # something else
    page.locator(f"[data-tones]:not([data-tones='{before}'])").wait_for(state="attached")


def test_where_a_browser_plays_no_sound_yet_the_page_says_so_and_a_key_is_enough(page: Page) -> None:
    page.add_init_script(SOUNDS % "false")
    page.clock.install()
    page.goto("/note")
    polled(page, CALL)
    no_sound = page.get_by_text("No sound yet")
    no_sound.wait_for()
    assert page.evaluate("tones") == 0
    page.keyboard.press("a")
    page.locator("[data-tones]:not([data-tones='1'])").wait_for(state="attached")
    no_sound.wait_for(state="hidden")


def test_the_locked_screen_says_that_something_waits_and_leads_nowhere(page: Page) -> None:
    page.clock.install()
    page.goto("/account/locked")
    polled(page, {"kind": "alert", "sentence": "An alert is waiting."})
    page.get_by_text("An alert is waiting.").wait_for()
    assert page.get_by_role("link", name="An alert is waiting.").count() == 0
    STANDING[:] = [401]  # its twelve hours are over
    polled(page)
    page.get_by_text("An alert is waiting.").wait_for(state="detached")


def test_a_page_that_was_left_quickly_says_nothing_of_what_waits(timed: Page) -> None:
    timed.route("**/account/locked*", lambda _route: None)
    polled(timed, CALL)
    timed.get_by_role("link", name="A call is waiting.").wait_for()
    timed.get_by_role("link", name="Leave quickly").click()
    timed.get_by_label("Note").wait_for(state="detached")
    timed.clock.run_for(20_000)
    assert timed.title().strip() == ""
    assert timed.inner_text("body") == ""


def test_a_region_that_looks_is_fetched_anew_and_says_that_nobody_is_there(timed: Page) -> None:
    timed.evaluate("""() => {
      const region = document.createElement('div');
      region.dataset.lookRefresh = '';
      region.setAttribute('hx-get', '/note?region');
      region.setAttribute('hx-trigger', 'look');
      document.querySelector('main').append(region);
      htmx.process(region);
    }""")
    with timed.expect_request("**/note?region") as asked:
        timed.clock.fast_forward(10_000)
    assert asked.value.headers["unattended"] == "yes"
