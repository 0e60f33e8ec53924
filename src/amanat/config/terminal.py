"""Talking with a person at a terminal in their language, also before Django's settings can be read."""

from __future__ import annotations

import getpass
import gettext
import sys
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[3] / "locale"
ERASE = "\x1b[2J\x1b[3J\x1b[H"  # the screen, what scrolled off it, and back to the first line

_catalogue = gettext.NullTranslations()


def speak(language: str) -> None:
    """From now on `_` gives texts in this language, where they are translated."""
    global _catalogue
    _catalogue = gettext.translation("django", LOCALE, [language], fallback=True)


def _(text: str) -> str:
    return _catalogue.gettext(text)


def say(sentence: str = "") -> None:
    print(sentence, flush=True)


def ask(question: str, usual: str = "", *, may_be_empty: bool = False) -> str:
    """One line; an empty one means the usual answer, and is asked again where there is none."""
    while True:
        told = _line(f"{question}{f' [{usual}]' if usual else ''}: ").strip() or usual
        if told or may_be_empty:
            return told


def secret(question: str, *, may_be_missing: bool = False) -> str:
    """Words that the screen does not show. `may_be_missing`: who is at no terminal is not asked, and may have written nothing."""
    if sys.stdin.isatty():
        return " ".join(getpass.getpass(f"{question}: ").split())
    return " ".join((sys.stdin.readline() if may_be_missing else _line(f"{question}: ")).split())


def clear() -> None:
    """Take what stands on the screen away, so that the next person does not read it."""
    if sys.stdout.isatty():
        print(ERASE, end="", flush=True)


def _line(question: str) -> str:
    print(question, end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        sys.exit("\n" + _("No more answers came; nothing was finished."))
    return line.rstrip("\n")
