"""Texts of a form in its languages, with answers put into them (`<output>`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from amanat.forms.documents import Element, kid, kids, local
from amanat.forms.functions import Program
from amanat.forms.running import At
from amanat.forms.values import text_of
from amanat.packs.labels import Label

Piece = str | Program
Make = Callable[[str], Program]
"""Makes the program of an expression."""

UNNAMED: Final = "default"
"""The language of texts that name none."""

_CODE: Final = re.compile(r"\(\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*\s*\)\s*$")
_KNOWN: Final = {
    "english": "en", "russian": "ru", "русский": "ru", "romanian": "ro", "română": "ro", "turkmen": "tk",
    "türkmençe": "tk", "türkmen": "tk", "ukrainian": "uk", "українська": "uk", "french": "fr", "français": "fr",
    "spanish": "es", "español": "es", "arabic": "ar", "german": "de", "deutsch": "de",
}  # fmt: skip


def language_code(written: str) -> str:
    """`English (en)` is `en`; a language without its code is known by its name, or called so."""
    if found := _CODE.search(written):
        return found[1].lower()
    name = written.strip().lower()
    return _KNOWN.get(name, name or UNNAMED)


@dataclass(frozen=True, slots=True)
class Text:
    """One text by language; `pieces` are letters and programs whose values stand between them."""

    pieces: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.pieces.values())

    def spoken(self, at: At) -> str:
        """The text in the language of the filling."""
        found = self.pieces.get(at.run.language) or next(iter(self.pieces.values()), ())
        return "".join(piece if isinstance(piece, str) else text_of(piece(at)) for piece in found).strip()

    def label(self) -> Label:
        """The text without answers, which stand as dots."""
        return Label(
            {
                language: "".join(piece if isinstance(piece, str) else "…" for piece in pieces).strip()
                for language, pieces in self.pieces.items()
            }
        )

    def programs(self) -> list[Program]:
        """The programs in all languages."""
        return [piece for pieces in self.pieces.values() for piece in pieces if not isinstance(piece, str)]


NOTHING: Final = Text()


def plain(text: str) -> Text:
    """A text that names no language."""
    return Text({UNNAMED: (text,)}) if text else NOTHING


def pieces_of(element: Element, make: Make) -> tuple[Piece, ...]:
    """The text of an element with its outputs."""
    found: list[Piece] = [element.text or ""]
    for part in kids(element):
        if local(part) == "output":
            found.append(make(part.get("value") or part.get("ref") or "''"))
        else:
            found.append(part.text or "")
        found.append(part.tail or "")
    return tuple(piece for piece in found if piece != "")


class Translations:
    """The `<itext>` of a form: texts by id and form (`""`, `guidance`, `image` …)."""

    def __init__(self, itext: Element | None, make: Make) -> None:
        self.languages: dict[str, str] = {}
        self.default = ""
        self._texts: dict[str, dict[str, dict[str, tuple[Piece, ...]]]] = {}
        for translation in kids(itext, "translation") if itext is not None else []:
            code = language_code(translation.get("lang") or "")
            self.languages[code] = translation.get("lang") or code
            if translation.get("default") is not None:
                self.default = code
            for text in kids(translation, "text"):
                for value in kids(text, "value"):
                    forms = self._texts.setdefault(text.get("id") or "", {})
                    forms.setdefault(value.get("form") or "", {})[code] = pieces_of(value, make)

    def text(self, name: str, form: str = "") -> Text:
        """One text; the default language comes first, so that it stands in where another lacks it."""
        by_language = self._texts.get(name, {}).get(form, {})
        if not form and not by_language:
            by_language = self._texts.get(name, {}).get("long", {}) or self._texts.get(name, {}).get("short", {})
        first = {code: pieces for code, pieces in by_language.items() if code == self.default}
        return Text(first | by_language)

    def of(self, element: Element | None, make: Make, form: str = "") -> Text:
        """The text of a label or hint: what its `ref` names, or what stands in it."""
        if element is None:
            return NOTHING
        ref = (element.get("ref") or "").strip()
        if found := ITEXT.fullmatch(ref):
            return self.text(found[1], form)
        if form:
            return NOTHING
        return Text({UNNAMED: pieces}) if (pieces := pieces_of(element, make)) else NOTHING


ITEXT: Final = re.compile(r"jr:itext\(\s*['\"]([^'\"]*)['\"]\s*\)")


def label_element(control: Element) -> Element | None:
    """The label of a control."""
    return kid(control, "label")
