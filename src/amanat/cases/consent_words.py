"""Simple words about a consent, to be read to a child: from the packs, and kept with the consent exactly as they were read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.labels import PART_LABELS
from amanat.access.policy import Part
from amanat.cases import consent_pictures
from amanat.cases.consent_sentences import Covers
from amanat.cases.shown import label
from amanat.packs import toml
from amanat.packs.labels import Label
from amanat.packs.loaders import Source

TOLD: Final = "told"
# Told with what this consent names, where it names it: with whom, the last day, or that there is none.
WHO, UNTIL, OPEN = "told.who", "told.until", "told.open"
KINDS: Final = (TOLD, "purpose", "part")


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of one thing. `natives`: the languages in which a native speaker has read it."""

    label: Label
    picture: str
    natives: tuple[str, ...]
    verified: bool


def _read(source: Source) -> dict[str, Words]:
    """By kind and name, as `part.identity`."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("source", "verified", "read_by_native", *KINDS)
    table.need("source", str, "")
    shared = (table.words("read_by_native"), table.need("verified", bool, False))
    given = [(kind, one) for kind in KINDS if kind in table.content for one in table.tables(kind)]
    return {f"{kind}.{one.need('name', str, '')}": Words(*_one(kind, one), *shared) for kind, one in given}


def _one(kind: str, table: toml.Table) -> tuple[Label, str]:
    table = table.named(table.get("name", str, ""))
    table.allow("name", "picture", "text")
    picture = table.get("picture", str, "")
    if picture and picture not in consent_pictures.PICTURES:
        known = ", ".join(sorted(consent_pictures.PICTURES))
        table.fault(_("There is no such picture."), _("Write one of: %(keys)s.") % {"keys": known}, "picture")
    if kind == "part" and table.content.get("name") not in set(Part):
        table.fault(
            _("There is no such part of a file."), _("Write one of: %(keys)s.") % {"keys": ", ".join(Part)}, "name"
        )
    return table.label("text") or Label({}), picture


def _check(source: Source, own: Mapping[str, Words], parts: Mapping[str, Mapping[str, Any]]) -> None:
    """Every purpose that has words is one of the list."""
    purposes = parts.get("codes", {}).get("consent_purpose", ())
    for key in own:
        kind, _dot, name = key.partition(".")
        if kind == "purpose" and name not in purposes:
            source.fault(
                f"purpose ({name})", _("The list consent_purpose has no such code."), _("Write one of its codes.")
            )


WORDS: packs.Section[Words] = packs.register("consent_words.toml", _read, check=_check)


@dataclass(frozen=True)
class ReadOut:
    """What is read out, or was: one sentence, then simple words, each with its picture. It is kept as `kept()` gives it."""

    language: str
    sentence: str
    said: Sequence[tuple[str, str]]  # picture, text
    untold: Sequence[str] = ()  # what has no simple words yet, by its label
    by_native: bool = False
    verified: bool = False
    by: str = ""
    on: date | None = None
    number: str = ""

    @property
    def version(self) -> str:
        """Of the simple words: two that differ in one letter have two."""
        words = json.dumps([self.language, [list(one) for one in self.said]], ensure_ascii=False)
        return hashlib.sha256(words.encode()).hexdigest()[:8]

    @property
    def lines(self) -> Iterator[tuple[SafeString | str, str]]:
        return ((consent_pictures.drawn(picture), text) for picture, text in self.said)

    @property
    def language_name(self) -> str:
        return str(get_language_info(self.language)["name_local"])

    def kept(self, by: str, on: date) -> dict[str, Any]:
        return {
            "language": self.language,
            "sentence": self.sentence,
            "said": [list(one) for one in self.said],
            "untold": list(self.untold),
            "by_native": self.by_native,
            "verified": self.verified,
            "version": self.version,
            "by": by,
            "on": on.isoformat(),
        }


def languages() -> list[tuple[str, str]]:
    """Those in which words can be read out, each by its own name."""
    known = packs.current().manifest.languages
    return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES if code in known]


def language_of(wanted: str, spoken: Sequence[str] = ()) -> str:
    """The language asked for; else the first of the child's own in which there are words; else that of the page."""
    there = [code for code, _name in languages()]
    page = (get_language() or there[0]).split("-")[0]
    return next((code for code in (wanted, *spoken, page) if code in there), there[0])


def read_out(covers: Covers, language: str) -> ReadOut:
    """What is to be read out before this consent, in a language: the limits first, what is asked for last."""
    known = packs.current().part(WORDS)
    told = [key for key in known if key.startswith(f"{TOLD}.") and key not in (WHO, UNTIL, OPEN)]
    about = [f"purpose.{covers.purpose}", *(f"part.{part}" for part in covers.parts)]
    named = [*([WHO] if covers.agency else []), UNTIL if covers.until else OPEN]
    there = [known[key] for key in (*told[:1], *about, *named, *told[1:]) if key in known]
    return ReadOut(
        language,
        covers.sentence(language),
        [(words.picture, _filled(words.label.text(language), covers, language)) for words in there],
        [_called(key) for key in about if key not in known],
        all(language in words.natives for words in there),
        all(words.verified for words in there),
    )


def _filled(text: str, covers: Covers, language: str) -> str:
    return text.replace("{day}", covers.last_day(language)).replace("{agency}", covers.agency)


def _called(key: str) -> str:
    kind, _dot, name = key.partition(".")
    return str(PART_LABELS[Part(name)]) if kind == "part" else label("consent_purpose", name)


def was_read(details: Mapping[str, Any], number: str = "") -> ReadOut | None:
    """What was read out before a consent, from where it is kept; None where nothing was from here."""
    held = details.get("read")
    if not held:
        return None
    return ReadOut(
        held["language"],
        held["sentence"],
        [(picture, text) for picture, text in held["said"]],
        held["untold"],
        held["by_native"],
        held["verified"],
        held["by"],
        date.fromisoformat(held["on"]),
        number,
    )
