"""Registering and correcting as a person does it: the Enter key, no JavaScript, a phone, two people at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from amanat.access.models import Draft
from amanat.access.policy import Part, Relation
from amanat.cases.actions.handing import bring_in
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, Event, EventKind
from amanat.people.models import Agency, User
from amanat.vault.sealing import open_sealed

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_siblings_are_registered_without_javascript(seat: Callable[..., Page]) -> None:
    page = seat("jemal", java_script_enabled=False)
    page.goto("/cases/register")
    page.get_by_label("Given name").first.fill("Aylar")
    page.get_by_label("Family name").first.fill("Çaryýewa")
    page.get_by_role("button", name="Add a brother or sister").click()
    second = page.get_by_role("region", name="Child 2")
    second.get_by_label("Given name").first.fill("Maksat")
    page.get_by_role("button", name="Register").click()
    page.get_by_text("with the code names").wait_for()
    assert Case.objects.count() == 2


def test_the_enter_key_registers_and_neither_adds_nor_takes_out_a_child(seat: Callable[..., Page]) -> None:
    page = seat("jemal")
    page.goto("/cases/register")
    page.get_by_role("button", name="Add a brother or sister").click()
    page.get_by_label("Given name").first.fill("Aylar")
    second = page.get_by_role("region", name="Child 2")
    second.get_by_label("Given name").first.fill("Maksat")
    second.get_by_label("Given name").first.press("Enter")
    page.get_by_text("with the code names").wait_for()
    assert Case.objects.count() == 2


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (768, "dark")])
def test_axe_finds_nothing_on_a_registration_with_matches_and_an_error(
    seat: Callable[..., Page], case: Case, width: int, scheme: str
) -> None:
    page = seat("jemal", width, color_scheme=scheme)
    page.goto("/cases/register")
    page.get_by_label("Given name").first.fill("Aylar")
    page.get_by_label("Family name").first.fill("Çaryýewa")
    page.get_by_role("button", name="Add a brother or sister").click()
    page.get_by_role("button", name="Register").click()
    page.get_by_role("alert").wait_for()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("region", name="Child 2").get_by_label("Given name").first.fill("Maksat")
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name="This child may be known").wait_for()
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_timeline_with_long_words_is_no_wider_than_a_phone(
    seat: Callable[..., Page], case: Case, actor: Any, live_server: Any
) -> None:
    """Turkmen makes words longer than a line: in what a line is called, by whom it is, what it tells, and what it says."""
    long = "Kämilleşdirilmedikleriňizdendirsiňizlerdemiş"
    Agency.objects.filter(pk=case.agency_id).update(name=long)
    User.objects.update(display_name=long)
    for number in range(30):
        mark(case, EventKind.LEFT, actor("jemal"), part=Part.LEGAL_STATUS, to=long, text=f"{long} {number}")
    page = seat("jemal", 320)
    page.context.add_cookies([{"name": "language", "value": "tk", "url": live_server.url}])
    page.goto(f"/cases/{case.pk.hex}")
    page.locator(".timeline").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator("a[rel=next]").click()
    page.locator("a[rel=prev]").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_two_people_at_once_see_both_versions_and_choose(
    seat: Callable[..., Page], case: Case, cast: Any, actor: Any
) -> None:
    bring_in(case, to=cast["merdan"], relation=Relation.SOCIAL_WORKER, reason="helps", actor=actor("jemal"))
    jemal, merdan = seat("jemal"), seat("merdan")
    for page, phone in ((jemal, "+993 61 000000"), (merdan, "+993 65 112233")):
        page.goto(f"/cases/{case.pk.hex}/correct/contacts")
        page.get_by_label("Phones").fill(phone)
        page.get_by_label("Why it is corrected").fill("a new phone")
    merdan.get_by_role("button", name="Save the correction").click()
    merdan.get_by_text("Corrected.").wait_for()
    jemal.get_by_role("button", name="Save the correction").click()
    jemal.get_by_text("+993 65 112233").wait_for()
    assert Axe().run(jemal).response["violations"] == []
    jemal.get_by_label("Put mine in its place").check()
    jemal.get_by_role("button", name="Save the correction").click()
    jemal.get_by_text("Corrected.").wait_for()
    case.child.refresh_from_db()
    assert open_sealed(case.child, "contacts")["phones"] == ["+993 61 000000"]


def test_a_discarded_draft_does_not_come_back_while_the_page_leaves(seat: Callable[..., Page], case: Case) -> None:
    page = seat("jemal")
    page.goto(f"/cases/{case.pk.hex}/note")
    with page.expect_response("**/draft"):
        page.get_by_label("Note").fill("The uncle called.")
    page.reload()
    page.get_by_text("It was kept for you:").wait_for()
    page.get_by_label("Note").fill("The uncle called twice.")
    page.get_by_role("button", name="Discard it").click()
    page.locator(".kept").wait_for(state="detached")
    assert page.get_by_label("Note").input_value() == ""
    assert not Draft.objects.exists()
    assert not Event.objects.filter(kind=EventKind.NOTE).exists()
