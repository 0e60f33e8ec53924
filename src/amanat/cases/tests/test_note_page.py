"""Writing a note on the page: which parts are offered to whom, siblings, and what is wrong said where it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from amanat.access.policy import Part, Relation
from amanat.audit.models import Entry
from amanat.cases.actions.handing import bring_in
from amanat.cases.actions.registering import NewChild, register
from amanat.cases.models import Case, Event, EventKind
from amanat.vault.sealing import open_sealed
from tests.cast import CONTACTS, IDENTITY, NOW

NOTE = {"part": "narrative", "happened_at": "2026-11-24T13:30", "text": "She likes drawing.\r\nShe slept well."}


def page_of(case: Case) -> str:
    return f"/cases/{case.pk.hex}/note"


def offered(page: str) -> list[str]:
    select = re.search(r'<select name="part".*?</select>', page, re.DOTALL)
    assert select
    return re.findall(r'<option value="(\w+)"', select[0])


def chosen(page: str) -> str:
    found = re.search(r'<option value="(\w+)" selected', page)
    assert found
    return found[1]


@pytest.fixture
def siblings(actor: Any) -> list[Case]:
    """Aylar and Maksat; jemal manages both."""
    brother = {"names": [{"given": "Maksat", "family": "Çaryýew"}]}
    return register([NewChild(IDENTITY, CONTACTS, family="f"), NewChild(brother, family="f")], actor=actor("jemal"))


@pytest.fixture
def with_psychologist(case: Case, cast: Any, actor: Any) -> Case:
    bring_in(case, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="sessions", actor=actor("jemal"))
    return case


def test_a_note_stands_sealed_in_the_timeline_at_the_time_when_it_happened(
    browse: Callable[..., Client], case: Case
) -> None:
    answer = browse("jemal").post(page_of(case), NOTE)
    assert answer["Location"] == case.get_absolute_url()
    event = Event.objects.get(kind=EventKind.NOTE)
    assert open_sealed(event, "note") == {"text": NOTE["text"]}
    assert (event.part, event.happened_at, event.written_at) == ("narrative", NOW - timedelta(minutes=30), NOW)


def test_the_page_begins_with_now_and_the_narrative(browse: Callable[..., Client], case: Case) -> None:
    page = browse("jemal").get(page_of(case)).content.decode()
    assert 'value="2026-11-24T14:00"' in page  # 9:00 UTC in Ashgabat
    assert offered(page) == ["narrative", "safety", "facts", "contacts"]
    assert chosen(page) == "narrative"


def test_a_psychologist_is_offered_their_own_parts_only_the_process_notes_first(
    browse: Callable[..., Client], with_psychologist: Case
) -> None:
    page = browse("ogulgerek").get(page_of(with_psychologist)).content.decode()
    assert offered(page) == ["psychology_notes", "safety", "psychology_summary"]
    assert chosen(page) == "psychology_notes"


def test_a_part_that_is_not_theirs_is_refused_though_it_was_sent(
    browse: Callable[..., Client], with_psychologist: Case
) -> None:
    page = browse("ogulgerek").post(page_of(with_psychologist), NOTE).content.decode()
    assert "Select a valid choice." in page
    assert "She likes drawing." in page
    assert not Event.objects.filter(kind=EventKind.NOTE).exists()


def test_a_section_of_the_file_leads_to_a_note_in_its_part(browse: Callable[..., Client], case: Case) -> None:
    page = browse("jemal").get(page_of(case) + "?part=safety").content.decode()
    assert chosen(page) == "safety"
    assert chosen(browse("jemal").get(page_of(case) + "?part=legal_file").content.decode()) == "narrative"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": "  "}, "Write what happened or what was said."),
        ({"happened_at": "2026-11-24T15:00"}, "This lies in the future. Write what has happened."),
        ({"happened_at": "yesterday"}, "Enter a valid date/time."),
    ],
)
def test_what_can_not_be_is_said_and_the_rest_is_kept(
    browse: Callable[..., Client], case: Case, typed: dict[str, str], sentence: str
) -> None:
    page = browse("jemal").post(page_of(case), NOTE | {"part": "safety"} | typed).content.decode()
    assert sentence in page
    assert chosen(page) == "safety"
    assert not Event.objects.filter(kind=EventKind.NOTE).exists()


def test_a_note_about_siblings_stands_once_and_on_both_files(
    browse: Callable[..., Client], siblings: list[Case]
) -> None:
    sister, brother = siblings
    browse("jemal").post(page_of(sister), NOTE | {"siblings": [brother.pk.hex]})
    events = Event.objects.filter(kind=EventKind.NOTE)
    assert {event.case_id for event in events} == {sister.pk, brother.pk}
    assert len({event.shared_id for event in events}) == 1


def test_a_sibling_is_offered_by_name_and_the_look_is_logged(
    browse: Callable[..., Client], siblings: list[Case]
) -> None:
    sister, brother = siblings
    page = browse("jemal").get(page_of(sister)).content.decode()
    assert f"Maksat Çaryýew ({brother.child.code_name})" in page
    assert Entry.objects.filter(subject=brother.subject, verb="case.note", outcome="read").exists()


def test_a_sibling_of_whom_the_actor_may_not_know_is_not_there(
    browse: Callable[..., Client], siblings: list[Case], cast: Any, actor: Any
) -> None:
    sister, brother = siblings
    bring_in(sister, to=cast["merdan"], relation=Relation.SOCIAL_WORKER, reason="helps", actor=actor("jemal"))
    merdan = browse("merdan")
    page = merdan.get(page_of(sister)).content.decode()
    assert "Also about" not in page
    assert brother.child.code_name not in page
    merdan.post(page_of(sister), NOTE | {"siblings": [brother.pk.hex]})
    assert Event.objects.get(kind=EventKind.NOTE).case_id == sister.pk


def test_a_part_that_the_actor_does_not_write_for_the_sibling_is_said_and_kept(
    browse: Callable[..., Client], siblings: list[Case], cast: Any, actor: Any
) -> None:
    sister, brother = siblings
    jemal = actor("jemal")
    bring_in(sister, to=cast["merdan"], relation=Relation.SOCIAL_WORKER, reason="helps", actor=jemal)
    bring_in(brother, to=cast["merdan"], relation=Relation.SOCIAL_WORKER, reason="helps", actor=jemal)
    from amanat.cases.actions.guarding import record_conflict

    record_conflict(brother, user=cast["merdan"].user, part=Part.NARRATIVE, reason="a neighbour", actor=jemal)
    page = browse("merdan").post(page_of(sister), NOTE | {"siblings": [brother.pk.hex]}).content.decode()
    assert "You do not write this part for Maksat" in page
    assert "She likes drawing." in page


def test_an_outsider_gets_the_same_404_as_for_a_missing_file(browse: Callable[..., Client], case: Case) -> None:
    dowlet = browse("dowlet")
    missing = f"/cases/{'0' * 32}/note"
    assert dowlet.get(page_of(case)).status_code == dowlet.get(missing).status_code == 404
    assert dowlet.post(page_of(case), NOTE).status_code == 404
    assert not Event.objects.filter(kind=EventKind.NOTE).exists()


def test_a_supervisor_knows_of_the_file_but_writes_no_note(browse: Callable[..., Client], case: Case) -> None:
    assert browse("aman").get(page_of(case)).status_code == 403


def test_the_page_asks_the_database_little(
    browse: Callable[..., Client], siblings: list[Case], django_assert_max_num_queries: Any
) -> None:
    jemal = browse("jemal")
    with django_assert_max_num_queries(12):
        jemal.get(page_of(siblings[0]))


def test_the_next_page_leads_to_the_note_that_was_saved(browse: Callable[..., Client], case: Case) -> None:
    page = browse("jemal").post(page_of(case), NOTE, follow=True).content.decode()
    anchor = f"event-{Event.objects.get(kind=EventKind.NOTE).pk.hex}"
    assert f'href="{case.get_absolute_url()}#{anchor}"' in page
    assert f'id="{anchor}"' in page


def test_that_a_note_stays_as_it_is_stands_above_the_button(browse: Callable[..., Client], case: Case) -> None:
    page = browse("jemal").get(page_of(case)).content.decode()
    assert page.index("A note can't be changed afterwards") < page.index("Save the note")
