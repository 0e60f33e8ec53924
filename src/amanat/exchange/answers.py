"""Which code a written answer stands for: by code, by its value in HTCDS, by label in any language, by a known variant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from rapidfuzz import fuzz, process

from amanat.packs import Code, CodeList
from amanat.packs.spelling import plain

_PARTS: Final = re.compile(r"[;\n\r,|]+")
_ALIKE: Final = 80
_LONGEST_NAME: Final = 200
_LONGEST_LIST: Final = 5_000  # letters; a list of all 249 countries has some 3,000
_WITHIN: Final = 6  # parts that one answer can have been torn into


class Answers:
    """Written answers to one question. Spelling counts no more than `plain` lets it."""

    def __init__(self, code_list: CodeList) -> None:
        self._list = code_list
        self._found = dict(_by_spelling(code_list.codes))

    def find(self, text: str) -> str:
        """Give the code; empty if nothing is known under that name."""
        return self._found.get(plain(text), "")

    def like(self, text: str) -> str:
        """Give the answer, as the official workbooks write it, that is spelt most like the text; empty if none is."""
        best = process.extractOne(
            plain(text[:_LONGEST_NAME]), self._found.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE
        )
        return official(self._list[self._found[best[0]]]) if best else ""


def official(code: Code) -> str:
    """Give what the official workbooks write for a code."""
    return code.official_label or code.htcds or code.label.text("en")


def several(text: str, find: Callable[[str], str]) -> tuple[list[str], list[str]]:
    """Give the codes in a list as people and programs write it, and what is none.

    Parted by semicolons, commas, bars or lines; by spaces only where every word is an answer, as survey tools write. An
    answer that has a separator within itself is put together again: `Water supply; sewerage, waste management …`.
    """
    if len(text) > _LONGEST_LIST:
        return [], [text]
    words = text.split()
    if len(words) > 1 and all(codes := [find(word) for word in words]) and not find(text):
        return _once(codes), []
    parts = [part.strip() for part in _PARTS.split(text) if plain(part)]
    codes, unknown = [], []
    while parts:
        for length in range(min(_WITHIN, len(parts)), 0, -1):
            if code := find(" ".join(parts[:length])):
                codes.append(code)
                parts = parts[length:]
                break
        else:
            unknown.append(parts.pop(0))
    return _once(codes), unknown


def _once(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(codes))


def _by_spelling(codes: Iterable[Code]) -> Iterator[tuple[str, str]]:
    """Labels first, so that a code wins where one code's label is spelt like another's code."""
    kept = list(codes)
    for code in kept:
        yield from ((plain(text), code.code) for text in (*code.label.texts.values(), *code.also))
    for code in kept:
        yield from ((plain(text), code.code) for text in (code.official_label, code.htcds, code.code) if text)
