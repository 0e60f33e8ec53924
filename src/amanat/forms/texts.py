"""Texts of a form in its languages, with answers put into them (`<output>`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from amanat.forms.documents import Element, kid, kids, local
from amanat.forms.functions import Program
from amanat.forms.running import At
from amanat.forms.values import text_of
from amanat.forms.wording import literal, worded, worded_once
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
        """The text in the language of the filling, in plain letters (`wording.Worded` where it has markup)."""
        found = self._in(at.run.language)
        if len(found) == 1 and isinstance(found[0], str):
            return worded(found[0])
        return worded_once("".join(piece if isinstance(piece, str) else literal(text_of(piece(at))) for piece in found))

    def bare(self, language: str) -> str:
        """The text for a reader who may not see what stands in it: answers stand as dots."""
        return worded(_dotted(self._in(language)))

    def file(self, language: str) -> str:
        """The name of a file that the text names as `jr://images/…`."""
        return file_name(self._in(language))

    def _in(self, language: str) -> tuple[Piece, ...]:
        return self.pieces.get(language) or next(iter(self.pieces.values()), ())

    def label(self) -> Label:
        """The text without answers, which stand as dots."""
        return Label({language: str(worded(_dotted(pieces))) for language, pieces in self.pieces.items()})

    def programs(self) -> list[Program]:
        """The programs in all languages."""
        return [piece for pieces in self.pieces.values() for piece in pieces if not isinstance(piece, str)]


def _dotted(pieces: Sequence[Piece]) -> str:
    return "".join(piece if isinstance(piece, str) else "…" for piece in pieces)


NOTHING: Final = Text()
MEDIA: Final = ("image", "big-image", "audio", "video")
"""The forms of a text that name a file."""


def file_name(pieces: Sequence[Piece]) -> str:
    """`jr://images/house.png` is `house.png`."""
    return "".join(piece for piece in pieces if isinstance(piece, str)).strip().rsplit("/", 1)[-1]


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
        self._made: dict[tuple[str, str], Text] = {}
        for translation in kids(itext, "translation") if itext is not None else []:
            code = language_code(translation.get("lang") or "")
            self.languages[code] = translation.get("lang") or code
            if translation.get("default") is not None:
                self.default = code
            for text in kids(translation, "text"):
                for value in kids(text, "value"):
                    forms = self._texts.setdefault(text.get("id") or "", {})
                    forms.setdefault(value.get("form") or "", {})[code] = pieces_of(value, make)

        if self._names_no_language():
            del self.languages[UNNAMED]
            self.default = "" if self.default == UNNAMED else self.default

    def _names_no_language(self) -> bool:
        """Whether texts without a language are but what the sheet does not translate (a picture), beside named languages."""
        spoken = [forms[""] for forms in self._texts.values() if UNNAMED in forms.get("", {}) and len(forms[""]) > 1]
        others = self.languages.keys() - {UNNAMED}
        return UNNAMED in self.languages and bool(others) and all(one[UNNAMED] == _LEFT_OUT for one in spoken)

    def text(self, name: str, form: str = "") -> Text:
        """One text; the default language comes first, so that it stands in where another lacks it."""
        key = (name, form)
        if key not in self._made:
            self._made[key] = self._read(name, form)
        return self._made[key]

    def _read(self, name: str, form: str) -> Text:
        by_language = self._texts.get(name, {}).get(form, {})
        if not form and not by_language:
            by_language = self._texts.get(name, {}).get("long", {}) or self._texts.get(name, {}).get("short", {})
        by_language = {code: pieces for code, pieces in by_language.items() if pieces != _LEFT_OUT} or by_language
        first = {code: pieces for code, pieces in by_language.items() if code == self.default}
        return Text(first | by_language)

    def files(self) -> Iterator[str]:
        """The names of all files that the texts name."""
        for forms in self._texts.values():
            yield from (file_name(pieces) for form in MEDIA for pieces in forms.get(form, {}).values())

    def media(self, element: Element | None) -> dict[str, Text]:
        """The files of a label by form; empty for most."""
        found = ITEXT.fullmatch((element.get("ref") or "").strip()) if element is not None else None
        held = self._texts.get(found[1], {}) if found else {}
        return {form: self.text(found[1], form) for form in MEDIA if form in held} if found else {}

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


_LEFT_OUT: Final = ("-",)
"""What pyxform writes where the sheet has no text in a language."""

ITEXT: Final = re.compile(r"jr:itext\(\s*['\"]([^'\"]*)['\"]\s*\)")


def label_element(control: Element) -> Element | None:
    """The label of a control."""
    return kid(control, "label")
