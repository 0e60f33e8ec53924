"""The panic button: two presses of anybody who is signed in end every session and have the keys dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client

from amanat.access.actor import Actor
from amanat.access.policy import DESK_VERBS, YES, Verb
from amanat.audit.models import Entry, Outcome
from amanat.office.actions import locking
from amanat.people.models import Role, Session
from amanat.web.errors import PersonFacingError
from tests.cast import Cast
from tests.supervised import answering

Act, Browse = Callable[..., Actor], Callable[..., Client]

pytestmark = pytest.mark.django_db
FOLDER = Path(settings.WORKSPACE)


def test_every_role_may_lock_without_signing_in_again() -> None:
    assert {DESK_VERBS[Verb.WORKSPACE_LOCK][role] for role in Role} == {"x"} <= YES


def test_every_page_leads_to_the_button(browse: Browse) -> None:
    page = browse("jemal").get("/").content.decode()
    assert 'href="/lock"' in page
    assert "Lock workspace" in page


def test_the_first_press_asks_and_locks_nothing(browse: Browse) -> None:
    with answering(FOLDER, {"locked": True}) as asked:
        page = browse("jemal").get("/lock").content.decode()
    assert "Lock the whole workspace?" in page
    assert "wait 40 seconds, then switch it off" in page
    assert asked == []
    assert Session.objects.exists()


def test_the_second_press_ends_every_session_and_drops_the_keys(cast: Cast, browse: Browse) -> None:
    jemal, merdan = browse("jemal"), browse("merdan")
    with answering(FOLDER, {"locked": True}) as asked:
        response = jemal.post("/lock")
    assert response.status_code == 302
    assert asked == [{"ask": "lock"}]
    assert not Session.objects.exists()
    assert merdan.get("/cases").status_code == 302
    entry = Entry.objects.get(verb=Verb.WORKSPACE_LOCK)
    assert (entry.user, entry.outcome) == (cast["jemal"].user, Outcome.DONE)


def test_a_database_that_takes_nothing_down_keeps_nobody_from_locking(
    actor: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(locking.Session.objects, "all", full)
    with answering(FOLDER, {"locked": True}) as asked:
        locking.lock_workspace(actor=actor("jemal"))
    assert asked == [{"ask": "lock"}]


def test_where_nobody_drops_the_keys_it_says_so_and_what_to_do(actor: Act) -> None:
    with pytest.raises(PersonFacingError) as told:
        locking.lock_workspace(actor=actor("jemal"))
    assert "keys are still in the memory" in told.value.sentence
    assert "Switch off" in told.value.hint
