"""Questions to the process that keeps the keys: whatever is asked it lives on, and who gets no answer is told so in a sentence."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.core.management import CommandError, call_command
from django.test import RequestFactory

import amanat.__main__ as ours
from amanat.access.actor import Actor
from amanat.config import terminal, unlocking
from amanat.config.tree import locked_views
from amanat.config.tree.control import Answer, Control
from amanat.config.tree.supervisor import ENDING
from amanat.office.actions import locking
from amanat.vault import control
from amanat.vault.header import Header
from amanat.vault.keys import Workspace, WrongKey
from amanat.web.errors import PersonFacingError
from tests.supervised import answering

SILENT = "The process that keeps the keys does not answer. Start Amanat again."
pytestmark = pytest.mark.django_db


@pytest.fixture
def silent(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace whose keeper of keys listens, and is stuck."""
    monkeypatch.setattr(control.ask, "__defaults__", (0.05,))
    stuck = Control(office.path, lambda question: (question, None))
    yield office.path
    stuck.socket.close()


def test_where_nobody_serves_there_is_nothing_to_wait_for(office: Workspace) -> None:
    assert control.ask(office.path, {"ask": "status"}) is None


def test_who_waits_in_vain_is_told_that_nobody_answers(silent: Path) -> None:
    with pytest.raises(control.NoAnswer, match=SILENT):
        control.ask(silent, {"ask": "status"})


def test_commands_end_with_that_sentence(silent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in ("lock", "status", "unlock"):
        monkeypatch.setattr(sys, "argv", ["amanat", command])
        with pytest.raises(SystemExit, match=SILENT):
            ours.main()


def test_a_damaged_header_gives_a_sentence_too(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    Header.path(office.path).write_text("{")
    monkeypatch.setattr(sys, "argv", ["amanat", "unlock"])
    with pytest.raises(SystemExit, match="is damaged"):
        ours.main()


def test_commands_speak_the_language_of_the_workspace(
    office: Workspace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LANGUAGE_CODE = "en"
    office.change(lambda header: vars(header).update(language="ru"))
    monkeypatch.setenv("AMANAT_WORKSPACE", str(office.path))
    monkeypatch.setattr(sys, "argv", ["amanat", "status"])
    try:
        with pytest.raises(SystemExit):
            ours.main()
        assert (settings.LANGUAGE_CODE, terminal._("Sign in")) == ("ru", "Войти")
    finally:
        terminal.speak("en")


def test_the_page_of_a_damaged_workspace_says_so(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    Header.path(office.path).write_text("{")
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(locked_views, "render", lambda _request, _template, context, **_more: shown.append(context))
    locked_views.unlock(RequestFactory().get("/unlock", headers={"Host": "localhost"}))
    assert "is damaged" in shown[0]["sentence"]


def test_so_does_the_page_that_takes_the_words(silent: Path) -> None:
    request = RequestFactory().post("/unlock", {"words": "some"}, headers={"Host": "localhost"})
    assert locked_views._try(request) == SILENT


def test_the_panic_button_says_what_to_do_where_nobody_answers(silent: Path, actor: Callable[..., Actor]) -> None:
    with pytest.raises(PersonFacingError, match="keys are still in the memory"):
        locking.lock_workspace(actor=actor("jemal"))


@pytest.mark.parametrize("mishap", [MemoryError, KeyError, RuntimeError])
def test_a_question_that_fails_ends_nobody(office: Workspace, mishap: type[Exception]) -> None:
    """There may be no memory for the words, or a damaged header."""

    def answer(question: Answer) -> Answer:
        if question["ask"] == "unlock":
            raise mishap("words words words")
        return {"state": "locked"}

    with answering(office.path, answer):
        with pytest.raises(control.NoAnswer):
            control.ask(office.path, {"ask": "unlock"})
        assert control.ask(office.path, {"ask": "status"}) == {"state": "locked"}


def test_the_command_says_that_it_is_locked_once_somebody_answers_who_never_had_the_keys(office: Workspace) -> None:
    out = io.StringIO()
    with answering(office.path, {"locked": True}) as asked:
        call_command("lock", stdout=out)
    assert asked == [{"ask": "lock"}, {"ask": "status"}]
    assert out.getvalue().endswith("The workspace is locked.\n")


def test_nobody_listens_for_questions_while_the_words_are_waited_for(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def words(workspace: Workspace, *, locked: bool) -> NoReturn:
        assert control.ask(workspace.path, {"ask": "status"}) is None
        assert not locked
        raise WrongKey("those are none")

    monkeypatch.setattr(unlocking, "keys_at_start", words)
    ours_now = {number: signal.getsignal(number) for number in ENDING}
    try:
        with pytest.raises(CommandError, match="those are none"):
            call_command("serve", port=0)
        for number in ENDING:
            with pytest.raises(SystemExit):
                signal.raise_signal(number)
    finally:
        for number, handler in ours_now.items():
            signal.signal(number, handler)
