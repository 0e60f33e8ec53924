"""Languages that people speak: the pack's list first, then ISO 639 with its English names. Not the languages of pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pycountry

from amanat.packs.codes import CodeList
from amanat.packs.spelling import plain


@dataclass(frozen=True, eq=False)
class Languages:
    """The languages as one pack names them; a code is the pack's own, or alpha-3 of ISO 639 where the pack has none."""

    listed: CodeList

    def choices(self, language: str | None = None) -> list[tuple[str, str]]:
        """Give (code, label) of those that the pack lists, for a form."""
        return self.listed.choices(language)

    def name(self, code: str, language: str | None = None) -> str:
        """Give the pack's label, else `Tajik (tgk)`; what ISO 639 does not have either is given back as it is."""
        if code in self.listed:
            return self.listed.label(code, language)
        entry = pycountry.languages.get(alpha_3=code)
        return f"{entry.name} ({code})" if entry else code

    def official(self, code: str) -> str:
        """Give the code of ISO 639-2 that HTCDS asks for."""
        return (self.listed[code].htcds or code) if code in self.listed else code

    def find(self, text: str) -> str:
        """Give the code of a language by a code of ISO 639, by the pack's label in any language, or by English name.

        Empty if there is none.
        """
        if listed := self.listed.find(text):
            return listed
        alpha_3 = _iso().get(plain(text), "")
        return self.listed.find(alpha_3) or alpha_3

    def __contains__(self, code: object) -> bool:
        return code in self.listed or (isinstance(code, str) and pycountry.languages.get(alpha_3=code) is not None)


@cache
def _iso() -> Mapping[str, str]:
    """Give alpha-3 by English name and by every code that ISO 639 has; codes last, for they are never names."""
    found: dict[str, str] = {}
    entries: list[Any] = list(pycountry.languages)
    for key in ("name", "common_name", "bibliographic", "alpha_2", "alpha_3"):
        found |= {plain(getattr(entry, key)): entry.alpha_3 for entry in entries if hasattr(entry, key)}
    return found
