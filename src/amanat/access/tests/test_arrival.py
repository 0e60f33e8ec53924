"""Who acts is decided when the whole request has arrived, not when it began."""

from __future__ import annotations

import io
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client

from amanat.access.files import open_file
from amanat.access.models import Draft
from amanat.access.policy import Part, Relation, Verb
from amanat.audit.models import Entry, Outcome
from amanat.cases.actions import emergency, handing, writing
from amanat.cases.models import Case, Event, EventKind
from amanat.cases.tests.looking import bring_in
from amanat.people.sessions import end_sessions
from tests.cast import Cast


class Trickle(io.BytesIO):
    """A body during whose arrival something happens."""

    def __init__(self, body: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(body)
        self.meanwhile = meanwhile

    def read(self, *size: int | None) -> bytes:
        self.meanwhile()
        return super().read(*size)


def test_somebody_suspended_while_their_note_arrives_writes_nothing(
    browse: Callable[..., Client], cast: Cast, case: Case
) -> None:
    user = cast["jemal"].user

    def suspend() -> None:
        user.is_active = False
        user.save()
        end_sessions(user)

    body = urlencode({"part": "narrative", "text": "too late", "happened_at": "2026-11-24T10:00"}).encode()
    client = browse("jemal")
    client.generic(
        "POST",
        f"{case.get_absolute_url()}/note",
        content_type="application/x-www-form-urlencoded",
        **{"wsgi.input": Trickle(body, suspend), "CONTENT_LENGTH": str(len(body))},
    )
    assert not Event.objects.filter(kind=EventKind.NOTE).exists()


@pytest.mark.parametrize("page", ["/nowhere", "Aylar lives in Mary", "/account/password", "x" * 300])
def test_a_draft_is_kept_for_pages_of_ours_only(browse: Callable[..., Client], page: str) -> None:
    assert browse("jemal").post("/draft", {"page": page, "body": "text=hello"}).status_code == 404
    assert not Draft.objects.exists()


def test_whoever_stands_in_by_a_consent_does_not_open_or_close_the_case(cast: Cast, case: Case) -> None:
    bring_in(case, cast, "dowlet", Relation.SOCIAL_WORKER, parts=[Part.PLAN])
    file = open_file(cast.actor("dowlet"), case)
    assert file.may(Verb.CASE_NOTE)
    assert not file.may(Verb.CASE_OPEN)


def test_a_deputy_takes_over_places_in_circles_but_no_emergency_access(cast: Cast, case: Case) -> None:
    emergency.open_emergency(code_name=case.child.code_name, features=[], reason="danger", actor=cast.actor("dowlet"))
    away, deputy = cast["dowlet"], cast["selbi"]
    type(away).objects.filter(pk=away.pk).update(
        away_from=cast.now.replace(hour=0), away_until=cast.now.replace(day=28), deputy=deputy
    )
    assert open_file(cast.actor("dowlet"), case).exists
    assert not open_file(cast.actor("selbi"), case).exists


def test_a_note_about_siblings_is_logged_on_each_of_them(cast: Cast, register: Callable[..., Case]) -> None:
    one, other = register(), register()
    writing.note(one, part=Part.NARRATIVE, text="both", siblings=[other], actor=cast.actor("jemal"))
    told = Entry.objects.filter(verb=Verb.CASE_NOTE, outcome=Outcome.DONE).values_list("subject", flat=True)
    assert set(told) == {one.subject_id, other.subject_id}


def test_a_shared_process_note_stays_open_to_who_wrote_it(cast: Cast, register: Callable[..., Case]) -> None:
    cases = [register(), register()]
    for each in cases:
        handing.bring_in(
            each, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="", actor=cast.actor("jemal")
        )
    writing.note(cases[0], part=Part.PSYCHOLOGY_NOTES, text="mine", siblings=cases[1:], actor=cast.actor("ogulgerek"))
    event = Event.objects.select_related("shared__subject").filter(case=cases[0], kind=EventKind.NOTE).get()
    assert event.shared is not None
    assert open_file(cast.actor("ogulgerek"), cases[0]).open(event.shared, "text", via=event) == "mine"
