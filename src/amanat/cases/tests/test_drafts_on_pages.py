"""What was typed and not sent: kept for its author, shown again, dropped when it was sent or discarded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from amanat.access.models import Draft
from amanat.access.policy import Relation
from amanat.cases.actions.handing import bring_in
from amanat.cases.models import Case
from amanat.people.clock import stopped
from amanat.people.doors import IDLE
from amanat.people.models import Session
from amanat.vault.models import Subject, SubjectKind
from tests.cast import NOW

NOTE = {"part": "safety", "happened_at": "2026-11-23T18:00", "text": "She said that the uncle called."}


def page_of(case: Case) -> str:
    return f"/cases/{case.pk.hex}/note"


def keep(client: Client, page: str, typed: dict[str, Any]) -> None:
    assert client.post("/draft", {"page": page, "body": urlencode(typed, doseq=True)}).status_code == 200


@pytest.fixture
def jemal(browse: Callable[..., Client]) -> Client:
    return browse("jemal")


def test_a_draft_stands_in_the_form_again_with_the_time_and_a_way_to_discard_it(jemal: Client, case: Case) -> None:
    keep(jemal, page_of(case), NOTE)
    page = jemal.get(page_of(case)).content.decode()
    assert "She said that the uncle called.</textarea>" in page
    assert '<option value="safety" selected' in page
    assert 'value="2026-11-23T18:00"' in page
    assert "It was kept for you:" in page
    assert "14:00" in page
    assert "Discard it" in page


def test_discarding_leads_back_to_the_empty_page(jemal: Client, case: Case) -> None:
    keep(jemal, page_of(case), NOTE)
    answer = jemal.post("/draft/discard", {"page": page_of(case)})
    assert answer["Location"] == page_of(case)
    assert "the uncle called" not in jemal.get(page_of(case)).content.decode()
    assert not Draft.objects.exists()


@pytest.mark.parametrize("page", ["//evil.example/", "http://evil.example/", "/nowhere", ""])
def test_discarding_leads_nowhere_else(jemal: Client, page: str) -> None:
    assert jemal.post("/draft/discard", {"page": page})["Location"] == "/"


def test_a_draft_is_dropped_when_the_note_is_saved_and_stays_when_it_is_not(jemal: Client, case: Case) -> None:
    keep(jemal, page_of(case), NOTE)
    jemal.post(page_of(case), NOTE | {"text": ""})
    assert Draft.objects.exists()
    jemal.post(page_of(case), NOTE)
    assert not Draft.objects.exists()


def test_a_draft_is_seen_by_nobody_else(
    jemal: Client, browse: Callable[..., Client], case: Case, cast: Any, actor: Any
) -> None:
    bring_in(case, to=cast["merdan"], relation=Relation.SOCIAL_WORKER, reason="helps", actor=actor("jemal"))
    keep(jemal, page_of(case), NOTE)
    assert "the uncle called" not in browse("merdan").get(page_of(case)).content.decode()


def test_a_draft_of_a_file_is_sealed_under_its_child(jemal: Client, case: Case) -> None:
    keep(jemal, f"/cases/{case.pk.hex}/flag", {"text": "Call the school."})
    assert Draft.objects.get().subject_id == case.subject_id


def test_a_draft_of_what_may_be_about_several_children_is_under_none_of_them(jemal: Client, case: Case) -> None:
    keep(jemal, page_of(case), NOTE)
    assert Draft.objects.get().subject_id != case.subject_id


def test_a_draft_of_a_registration_brings_back_every_child(jemal: Client) -> None:
    typed = {
        "children": "0 2",
        "child0-given_name": "Aylar",
        "child2-given_name": "Maksat",
        "child2-languages": ["tk", "ru"],
    }
    keep(jemal, "/cases/register", typed)
    page = jemal.get("/cases/register").content.decode()
    assert 'name="children" value="0 2"' in page
    assert 'value="Aylar"' in page
    assert 'value="Maksat"' in page
    assert "It was kept for you:" in page
    assert Draft.objects.get().subject.kind == SubjectKind.DRAFT
    jemal.post("/cases/register", typed)
    assert not Draft.objects.exists()
    assert not Subject.objects.filter(kind=SubjectKind.DRAFT).exists()


def test_a_draft_keeps_the_version_that_its_author_had_before_them(jemal: Client, case: Case) -> None:
    page = f"/cases/{case.pk.hex}/risk"
    keep(jemal, page, {"risk": "high", "priority": "P2", "reason": "threat", "seen": "1"})
    Case.objects.filter(pk=case.pk).update(version=7)
    assert 'name="seen" value="1"' in jemal.get(page).content.decode()


def test_what_the_draft_does_not_hold_stands_as_on_a_new_page(jemal: Client, case: Case) -> None:
    keep(jemal, page_of(case), {"text": "Only this."})
    assert 'value="2026-11-24T14:00"' in jemal.get(page_of(case)).content.decode()


def unlocked(client: Client, answer: Any) -> str:
    """Where the way in that somebody was sent to leads back to."""
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


def test_a_session_that_locked_itself_while_typing_loses_nothing(jemal: Client, case: Case) -> None:
    with stopped(NOW + 2 * IDLE):
        answer = jemal.post(page_of(case), NOTE)
    assert unlocked(jemal, answer) == page_of(case)
    assert "She said that the uncle called.</textarea>" in jemal.get(page_of(case)).content.decode()


def test_a_session_that_ended_while_typing_loses_nothing(
    jemal: Client, browse: Callable[..., Client], case: Case, cast: Any
) -> None:
    from amanat.people import unsent

    who = unsent._signer().sign(str(cast["jemal"].user.pk))
    Session.objects.all().delete()
    jemal.cookies[unsent.WHO_COOKIE] = who
    answer = jemal.post(page_of(case), NOTE)
    assert unlocked(jemal, answer) == page_of(case)
    assert "She said that the uncle called.</textarea>" in browse("jemal").get(page_of(case)).content.decode()
