"""A conversation at a terminal: in the person's language, and what was shown to one is gone before the next one looks."""

from __future__ import annotations

import io
import sys

import pytest

from amanat.config import shares, terminal
from amanat.vault.recovery import create


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, *lines: str) -> Terminal:
    """A screen, and somebody who types these lines."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return screen


def test_a_share_is_shown_alone_and_is_gone_after_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    share = create(["Aylar", "Berdi", "Chary"]).shares[1]
    screen = at_a_terminal(monkeypatch, "")
    shares._show(share)
    before, shown, after = screen.getvalue().split(terminal.ERASE)
    assert before == after == ""
    assert all(word in shown for word in share.words.split())
    assert "Share 2, for Berdi alone" in shown


def test_what_was_typed_is_gone_from_the_screen_too(monkeypatch: pytest.MonkeyPatch) -> None:
    new = create(["Aylar", "Berdi", "Chary"])
    screen = at_a_terminal(monkeypatch, new.shares[0].words, new.shares[1].words)
    assert shares.ask_two(new.boxes)[1] == [1, 2]
    assert screen.getvalue().count(terminal.ERASE) == 2
    assert screen.getvalue().endswith(terminal.ERASE)


def test_into_a_file_no_signs_for_screens_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.clear()
    assert capsys.readouterr().out == ""


def test_it_speaks_the_languages_of_the_catalogues() -> None:
    assert all((terminal.LOCALE / code / "LC_MESSAGES" / "django.po").exists() for code in ("tk", "ru", "ro"))
    terminal.speak("en")
    assert terminal._("Sign in") == "Sign in"


def test_when_nobody_answers_any_more_it_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    at_a_terminal(monkeypatch)
    with pytest.raises(SystemExit, match="nothing was finished"):
        terminal.ask("Who")
