"""A form in a real browser: without a script at 320 px in Russian; with one, only what changed is swapped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from amanat.cases.models import Case
from amanat.cases.tests.arriving import publish
from amanat.forms.models import Record

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_form_is_filled_in_in_russian_on_a_small_phone_without_a_script(
    seat: Callable[..., Page], case: Case
) -> None:
    publish()
    page = seat("jemal", 320, java_script_enabled=False)
    page.goto(f"/cases/{case.pk.hex}?section=forms")
    page.get_by_role("button", name="Русский").click()
    page.goto(f"/cases/{case.pk.hex}?section=forms")
    page.locator("summary").last.click()  # forms of no group
    page.get_by_role("link", name="Прибытие в центр", exact=True).click()
    page.get_by_label("Возраст в годах").fill("35")
    page.get_by_label("Нет", exact=True).check()
    page.locator(".actions .button").first.click()
    page.get_by_role("link", name="Возраст в годах").click()  # the summary leads to the field
    page.get_by_text("Эта форма для детей.").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_label("Возраст в годах").fill("12")
    page.get_by_label("Кто сопровождал").fill("Тётя")  # the answer before brought the question
    page.locator(".actions .button").first.click()
    page.get_by_label("Имя").fill("Марал")
    page.locator(".actions .button").first.click()
    page.locator(".actions .button").first.click()
    page.get_by_text("Тётя").wait_for()
    assert Record.objects.get().language == "ru"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_an_answer_brings_its_question_at_once_and_leaves_the_rest_alone(seat: Callable[..., Page], case: Case) -> None:
    publish()
    page = seat("jemal", 320, color_scheme="dark")
    page.goto(f"/cases/{case.pk.hex}/forms/arrival")
    page.get_by_label("Age in years").fill("12")
    page.get_by_label("No", exact=True).check()
    page.get_by_label("Who came along").fill("An aunt")
    assert page.get_by_label("Age in years").input_value() == "12"
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Who came along").wait_for(state="detached")
    page.get_by_label("No", exact=True).check()
    page.get_by_label("Who came along").fill("An aunt")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Save the form").click()
    page.get_by_text("An aunt").wait_for()
    assert Axe().run(page).response["violations"] == []
