"""Raising a flag on the page, and saying that what it asked for is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from amanat.access.files import open_file
from amanat.access.policy import Part, Relation
from amanat.cases.actions.handing import bring_in
from amanat.cases.actions.writing import flag, flag_for
from amanat.cases.models import Case, Event, EventKind, Task
from amanat.cases.queries import open_tasks_of
from amanat.vault.sealing import open_sealed
from tests.cast import NOW

FLAG = {"text": "Call the school.", "due": "2026-11-25T10:00"}


def page_of(case: Case) -> str:
    return f"/cases/{case.pk.hex}/flag"


@pytest.fixture
def task(case: Case, actor: Any) -> Task:
    return flag(case, text="Call the school.", due=NOW + timedelta(days=1), actor=actor("jemal"))


def finish_page(task: Task) -> str:
    return f"/tasks/{task.pk.hex}/finish"


def test_a_flag_waits_for_the_person_who_was_chosen(
    browse: Callable[..., Client], case: Case, cast: Any, actor: Any
) -> None:
    bring_in(case, to=cast["merdan"], relation=Relation.SOCIAL_WORKER, reason="helps", actor=actor("jemal"))
    answer = browse("jemal").post(page_of(case), FLAG | {"owner": str(cast["merdan"].pk)})
    assert answer["Location"] == case.get_absolute_url()
    task = Task.objects.get()
    assert (task.owner, task.made_by, task.due.isoformat()) == (
        cast["merdan"],
        cast["jemal"],
        "2026-11-25T05:00:00+00:00",
    )
    assert open_sealed(task, "text") == "Call the school."
    case.refresh_from_db()
    assert case.next_due == task.due


def test_only_the_circle_and_oneself_can_be_chosen(browse: Callable[..., Client], case: Case, cast: Any) -> None:
    jemal = browse("jemal")
    assert jemal.get(page_of(case)).content.decode().count("<option") == 1
    page = jemal.post(page_of(case), FLAG | {"owner": str(cast["merdan"].pk)}).content.decode()
    assert "Select a valid choice." in page
    assert not Task.objects.exists()


def test_a_supervisor_flags_a_file_of_the_agency_for_themselves_or_the_circle(
    browse: Callable[..., Client], case: Case, cast: Any
) -> None:
    page = browse("aman").get(page_of(case)).content.decode()
    assert "Aman (supervisor)" in page
    assert "Jemal (social worker)" in page
    assert f'value="{cast["aman"].pk}" selected' in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": ""}, "Write what must be looked at."),
        ({"due": "2026-11-24T13:59"}, "This time has passed. Choose a later one."),
        ({"due": "soon"}, "Enter a valid date/time."),
    ],
)
def test_what_can_not_be_is_said_and_the_rest_is_kept(
    browse: Callable[..., Client], case: Case, cast: Any, typed: dict[str, str], sentence: str
) -> None:
    typed = FLAG | {"owner": str(cast["jemal"].pk)} | typed
    page = browse("jemal").post(page_of(case), typed).content.decode()
    assert sentence in page
    assert typed["text"] in page
    assert not Task.objects.exists()


def test_finishing_shows_what_was_asked_and_keeps_what_came_of_it(
    browse: Callable[..., Client], case: Case, task: Task, cast: Any
) -> None:
    jemal = browse("jemal")
    assert "Call the school." in jemal.get(finish_page(task)).content.decode()
    assert jemal.post(finish_page(task), {"text": "She may come on Monday."})["Location"] == case.get_absolute_url()
    task.refresh_from_db()
    assert (task.done_at, task.done_by) == (NOW, cast["jemal"])
    assert open_sealed(Event.objects.get(kind=EventKind.FINISHED), "note") == {"text": "She may come on Monday."}
    case.refresh_from_db()
    assert (case.next_due, case.next_step) == (NOW + timedelta(hours=24), "urgent_needs")


def test_what_a_colleague_has_finished_is_said_and_what_was_typed_is_kept(
    browse: Callable[..., Client], task: Task
) -> None:
    jemal = browse("jemal")
    jemal.post(finish_page(task), {"text": "first"})
    page = jemal.post(finish_page(task), {"text": "second"})
    assert page.status_code == 200
    assert "A colleague has finished this already." in page.content.decode()
    assert "second" in page.content.decode()
    assert "This is done already." in jemal.get(finish_page(task)).content.decode()


def test_an_outsider_finds_neither_the_file_nor_the_task(browse: Callable[..., Client], case: Case, task: Task) -> None:
    dowlet = browse("dowlet")
    assert dowlet.get(page_of(case)).status_code == 404
    assert dowlet.get(finish_page(task)).status_code == 404
    assert dowlet.post(finish_page(task), {"text": ""}).status_code == 404
    task.refresh_from_db()
    assert task.done_at is None


def test_the_pages_ask_the_database_little(
    browse: Callable[..., Client], case: Case, task: Task, django_assert_max_num_queries: Any
) -> None:
    jemal = browse("jemal")
    for page in (page_of(case), finish_page(task)):
        with django_assert_max_num_queries(12):
            assert jemal.get(page).status_code == 200


def test_a_flag_for_somebody_else_in_a_closed_part_is_not_there_for_the_reader(
    browse: Callable[..., Client], case: Case, cast: Any, actor: Any
) -> None:
    bring_in(case, to=cast["bahar"], relation=Relation.CENTRE_WORKER, reason="helps", actor=actor("jemal"))
    flag_for(cast["jemal"], case, "Look at the summons.", Part.LEGAL_FILE, NOW + timedelta(days=1), NOW)
    assert "Look at the summons." in browse("jemal").get(case.get_absolute_url()).content.decode()
    assert open_tasks_of(open_file(actor("bahar"), case)) == []
    assert len(open_tasks_of(open_file(actor("jemal"), case))) == 1
