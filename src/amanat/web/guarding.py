"""Text that a spreadsheet would take for a formula: guarded where we write CSV, and unguarded where we read it."""

from __future__ import annotations

import re
from typing import Final

# What begins a formula in some spreadsheet program: =, +, -, @ and their full-width forms, or what such programs skip before one.
# Apostrophes before it count, so that guarding and unguarding are each other's mirror.
_BEGINS: Final = r"(?:[\t\r\n]|\s*[=+\-@＝＋－＠])"
_LOOKS_LIKE_ONE: Final = re.compile(rf"'*{_BEGINS}")
_GUARDED: Final = re.compile(rf"'+{_BEGINS}")


def guarded(text: str) -> str:
    """Give the text with an apostrophe before it if a spreadsheet could take it for a formula."""
    return f"'{text}" if _LOOKS_LIKE_ONE.match(text) else text


def unguarded(text: str) -> str:
    """Give the text that was guarded. Other texts with apostrophes stay as they are."""
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text
