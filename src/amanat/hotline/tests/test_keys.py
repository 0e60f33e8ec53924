"""A whole call by the keyboard alone, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from amanat.hotline.models import Call
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

H_ON_A_CYRILLIC_LAYOUT = (
    "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'р', code: 'KeyH', bubbles: true}))"
)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.sqlcipher_only]


def says(page: Page, state: str) -> None:
    """The state of the call, on a page whose clock runs already: its script is there."""
    page.locator(".call-state", has_text=state).locator("[data-clock]", has_text=":").wait_for()


def test_a_call_is_begun_written_held_and_ended_by_keys_alone_on_any_layout(
    seat: Callable[..., Page], cast: Cast
) -> None:
    page = seat("nurana")
    page.goto("/hotline")
    page.keyboard.press("n")
    page.wait_for_url("**/calls/*")
    says(page, "in talk")
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_text("Hold, or go on with the call").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    page.keyboard.press("m")
    page.keyboard.type("ash")  # letters in a field are letters
    assert page.locator("#id_summary").input_value() == "ash"
    page.keyboard.press("Alt+h")
    says(page, "on hold")
    assert page.locator("#id_summary").input_value() == "ash"
    page.evaluate(H_ON_A_CYRILLIC_LAYOUT)
    says(page, "in talk")
    page.keyboard.press("x")
    page.wait_for_url("**/hotline")
    page.get_by_text("The call has ended: silent.").wait_for()
    call = Call.objects.get()
    assert (call.priority, call.outcome) == ("P2", "silent")
