"""What a column may be called: names of fields, their known misspellings, labels in every language, and what is spelt almost so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from amanat.exchange.whole_names import FULL_NAME, is_whole_name, name_fields
from amanat.packs import Field, FieldSection, Pack
from amanat.packs.records import MOST
from amanat.packs.spelling import plain

NAME: Final = re.compile(r"[a-z]{3}_\w+")
_GROUP: Final = re.compile(r"[/.:-]")
_NUMBERED: Final = re.compile(r"(.+?)[\s_]*\(?(\d{1,3})\)?")
_SHORTEST: Final = 6  # letters of a heading that may have one slip of the pen
_LONGEST: Final = 200
_LONG: Final = 14  # that may have two


@dataclass(frozen=True, slots=True)
class Known:
    """What a heading can be. `fields`: more than one where a label does not say which. `how`: name, misspelt, near, label."""

    fields: tuple[str, ...] = ()
    how: str = ""

    def __bool__(self) -> bool:
        return bool(self.fields)

    @property
    def field(self) -> str:
        """The field, where there is just one."""
        return self.fields[0] if len(self.fields) == 1 else ""


NOTHING: Final = Known()


class Headings:
    """The headings of one pack. Capitals, accents, spaces, hard spaces and underscores do not count."""

    def __init__(self, pack: Pack) -> None:
        self.names = name_fields(pack)
        self._names: dict[str, Known] = {}
        self._labels: dict[str, list[str]] = {}
        self._vague: set[str] = set()
        self._repeating: set[str] = set()
        for section in pack.sections():
            for field in section.fields:
                self._take(section, field)

    def find(self, text: str) -> Known:
        """Give what a heading is, nothing if it is unknown. A group before a name (`child/prs_FirstName`) does not count."""
        if len(text) > _LONGEST:
            return NOTHING
        known = self._exactly(text) or self._numbered(text)
        if not known and NAME.fullmatch(last := _GROUP.split(text.strip())[-1]):
            known = self._exactly(last) or self._numbered(last)
        return known

    def like(self, text: str) -> Known:
        """Give what a heading is that is spelt almost like a known one."""
        wanted = plain(text)
        if not _SHORTEST <= len(wanted) <= _LONGEST:
            return NOTHING
        slips = 2 if len(wanted) >= _LONG else 1
        best = process.extract(wanted, [*self._names, *self._labels], scorer=OSA.distance, score_cutoff=slips, limit=3)
        found = {known.field for spelling, _score, _place in best if (known := self._exactly(spelling))}
        return Known((found.pop(),), "near") if len(found) == 1 and "" not in found else NOTHING

    def _take(self, section: FieldSection, field: Field) -> None:
        self._names[plain(field.name)] = Known((field.name,), "name")
        if section.repeats or field.repeats:
            self._repeating.add(field.name)
        for text in filter(None, (field.official_label, *field.label.texts.values(), *field.also)):
            spelling = plain(text)
            if NAME.fullmatch(text):
                self._names.setdefault(spelling, Known((field.name,), "misspelt"))
            else:
                fields = self._labels.setdefault(spelling, [])
                fields += [field.name] if field.name not in fields else []
                # *City* alone may be of anything; only beside names does it say which, unless the pack names the field so.
                if section.repeats and " " not in text.strip() and text not in field.also:
                    self._vague.add(spelling)
        for language, text in field.label.texts.items():  # as our tables call one whose label alone is vague
            self._labels.setdefault(plain(text + section.title.text(language)), []).append(field.name)

    def _exactly(self, text: str) -> Known:
        spelling = plain(text)
        if known := self._names.get(spelling):
            return known
        fields = self._labels.get(spelling, [])
        if len(fields) == 1 and spelling in self._vague:
            fields = [*fields, ""]
        if not fields and is_whole_name(text):
            fields = [FULL_NAME]
        return Known(tuple(fields), "label") if fields else NOTHING

    def _numbered(self, text: str) -> Known:
        found = _NUMBERED.fullmatch(text.strip())
        if not found or not 1 < int(found[2]) <= MOST:
            return NOTHING
        known = self._exactly(found[1])
        fields = tuple(f"{field}_{int(found[2])}" for field in known.fields if field in self._repeating)
        return Known(fields, known.how) if fields else NOTHING


def names_in(texts: Iterator[str] | list[str]) -> int:
    """How many texts look like names of fields, not like labels."""
    return sum(bool(NAME.fullmatch(text.strip())) for text in texts)
