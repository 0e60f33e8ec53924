"""The word lists, one a language, in which passphrases and shares are written. What was drawn from them is on paper somewhere:
a list never changes. A better one gets another name.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "words"
LENGTH = 1296  # four dice


@cache
def words(language: str) -> tuple[str, ...]:
    """The list of a language, in its order."""
    return tuple((FOLDER / f"{language}.txt").read_text(encoding="utf-8").split())


@cache
def places(language: str) -> dict[str, int]:
    """Where each word of the list stands, by the word as it is folded."""
    return {fold(word): place for place, word in enumerate(words(language))}


def fold(text: str) -> str:
    """Without capitals and marks (ё is е, ž is z), as somebody types who has another keyboard. No two words of a list fold alike."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
