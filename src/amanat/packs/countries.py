"""Countries and territories of ISO 3166-1: their names in the language of the page, and finding one by what a file says.

Names come from pycountry and its gettext catalogues; what a pack writes otherwise stands in its `countries.toml`.
"""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

import pycountry
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanat.names import sort_key
from amanat.packs import toml
from amanat.packs.labels import FALLBACK
from amanat.packs.loaders import Source, register
from amanat.packs.spelling import plain

Spellings = Mapping[str, tuple[str, ...]]
"""Alpha-2 code → how it is written; the first is the one to show."""

OFFICIAL: Final = "official"
ALSO: Final = "also"

_STRESS: Final = "\u0301"  # some names in the Russian catalogue show where to stress a word


@dataclass(frozen=True, eq=False)
class Countries:
    """The countries as one pack names them; a code is alpha-2 in capitals."""

    own: Mapping[str, Spellings]

    def choices(self, language: str | None = None) -> list[tuple[str, str]]:
        """Give (code, name) of all in alphabetical order, for a form; in the language of the page if none is named."""
        wanted = _language(language)
        if wanted not in self._sorted:
            named = [(code, self.name(code, wanted)) for code in _entries()]
            self._sorted[wanted] = sorted(named, key=lambda choice: sort_key(choice[1], wanted))
        return list(self._sorted[wanted])

    def name(self, code: str, language: str | None = None) -> str:
        """Give the name of a country; a code that ISO 3166-1 does not have is given back as it is."""
        wanted = _language(language)
        entry = _entries().get(code)
        if entry is None:
            return code
        return next(iter(self.own.get(wanted, {}).get(code, ())), "") or _name(entry, wanted)

    def official(self, code: str) -> str:
        """Give the English name as the official HTCDS workbooks spell it."""
        entry = _entries().get(code)
        return next(iter(self.own.get(OFFICIAL, {}).get(code, ())), "") or (entry.name if entry else code)

    def find(self, text: str) -> str:
        """Give the code of a country by alpha-2, alpha-3 or name in any language of the pack; empty if there is none."""
        return self._found.get(plain(text), "")

    def __contains__(self, code: object) -> bool:
        return code in _entries()

    @cached_property
    def _sorted(self) -> dict[str, list[tuple[str, str]]]:
        return {}

    @cached_property
    def _found(self) -> Mapping[str, str]:
        # What the pack says goes before what catalogues say, and codes before all: no name is spelt like a code.
        own = {plain(text): code for said in self.own.values() for code, texts in said.items() for text in texts}
        alpha_3 = {entry.alpha_3.lower(): code for code, entry in _entries().items()}
        return {**_names(), **own, **alpha_3, **{code.lower(): code for code in _entries()}}


class _Nothing(gettext.NullTranslations):
    """Says nothing where a catalogue has no translation, so that an English name is not taken for one."""

    def gettext(self, message: str) -> str:
        return ""


@cache
def _entries() -> Mapping[str, Any]:
    return {entry.alpha_2: entry for entry in pycountry.countries}


@cache
def _catalogues() -> Mapping[str, gettext.NullTranslations]:
    catalogues = {}
    for language in ("tk", "ru", "ro"):
        catalogues[language] = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language])
        catalogues[language].add_fallback(_Nothing())
    return catalogues


@cache
def _names() -> Mapping[str, str]:
    """Give the code by every name of the catalogues, but for names that a catalogue gives to two countries."""
    owners: dict[str, set[str]] = {}
    for code, entry in _entries().items():
        for text in _english(entry):
            for name in (text, *(catalogue.gettext(text) for catalogue in _catalogues().values())):
                owners.setdefault(plain(name), set()).add(code)
    return {name: codes.pop() for name, codes in owners.items() if name and len(codes) == 1}


def _english(entry: Any) -> list[str]:
    """Give the English names that pycountry has, the everyday one first."""
    names = (getattr(entry, key, "") for key in ("common_name", "name", "official_name"))
    return [name for name in names if name]


def _name(entry: Any, language: str) -> str:
    everyday, *others = _english(entry)
    catalogue = _catalogues().get(language)
    if catalogue is None:
        return everyday
    texts = (catalogue.gettext(text) for text in (everyday, entry.name, *others))
    return next((text.replace(_STRESS, "") for text in texts if text), everyday)


def _language(language: str | None) -> str:
    return (language or get_language() or FALLBACK).split("-")[0]


def read_countries(source: Source) -> dict[str, Spellings]:
    """Read `countries.toml`: a table a language, the official spellings, and other spellings that files have."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    kinds = (OFFICIAL, ALSO, *source.languages)
    table.allow("source", "verified", *kinds)
    table.need("source", str, "")
    table.get("verified", bool, True)
    return {kind: _read_spellings(table, kind) for kind in kinds}


def _read_spellings(table: toml.Table, kind: str) -> Spellings:
    read = toml.Table(table.source, table.file, kind, table.get(kind, dict, {}))
    for code in read.content.keys() - _entries().keys():
        read.fault(_("ISO 3166-1 has no country %(code)s.") % {"code": code}, _("Write it like TM."), code)
    if kind == ALSO:
        return {code: read.words(code) for code in read.content}
    return {code: (read.need(code, str, ""),) for code in read.content}


def _joined(base: Spellings, own: Spellings) -> Spellings:
    return {**base, **own}


COUNTRIES = register("countries.toml", read_countries, _joined)
