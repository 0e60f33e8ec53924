"""Texts of a pack in several languages. They stand inside the pack's own files, not in gettext catalogues."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import get_language

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Label:
    """One text in the languages of its pack; English stands in where a language is not there."""

    texts: Mapping[str, str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "texts", MappingProxyType(dict(self.texts)))

    def text(self, language: str | None = None) -> str:
        """Give the text in `language`, or in the language of the page that is being made."""
        wanted = (language or get_language() or FALLBACK).split("-")[0]
        return self.texts.get(wanted) or self.texts.get(FALLBACK) or next(iter(self.texts.values()), "")

    def language(self, language: str | None = None) -> str:
        """Give the language of what `text` gives."""
        wanted = (language or get_language() or FALLBACK).split("-")[0]
        there = [one for one in (wanted, FALLBACK) if self.texts.get(one)]
        return (there or list(self.texts) or [wanted])[0]

    def __str__(self) -> str:
        return self.text()
