"""What a worker is told beside the child's own plan, never on it: sentences that are long or in another language, and what frightens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.text import Truncator
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from amanat.cases.shown import label
from amanat.plans import terms
from amanat.plans.texts import Row, Text

OWN: Final = ("goal", "own_words")  # what the child said, and nobody changes
_CYRILLIC, _LATIN = re.compile(r"[\u0400-\u04ff]"), re.compile(r"[A-Za-z\u00c0-\u024f]")
LONG: Final = 300  # letters of what is said to a child at once: ours, and no limit


def notices(text: Text, language: str) -> list[tuple[str, str]]:
    """Title and text of each, beside the page in a language."""
    told = []
    if foreign := [row.get("for_child") for row in text.values() if is_foreign(row, language)]:
        title = _("Not all of it is in this language: %(language)s") % {"language": label("language", language)}
        asked = _(
            "The team wrote this otherwise: %(said)s. Write it so that the child can read it, or choose a sentence from the list."
        )
        told.append((title, asked % {"said": _quoted(foreign)}))
    if long := [said for row in text.values() if len(said := row.get("for_child")) > LONG]:
        asked = _(
            "%(said)s. A child reads short sentences more easily, and on paper there may not be room for all of it."
        )
        told.append((_("Much to read for a child"), asked % {"said": _quoted(long)}))
    if frightens := frightening(row.fields for row in text.values()):
        told.append((_("A word that can frighten or shame"), frightens))
    return told


def _quoted(sentences: Iterable[str]) -> str:
    return ", ".join(f"“{Truncator(one).chars(80)}”" for one in sentences)


def is_foreign(row: Row, language: str) -> bool:
    """Whether what the team says there to the child can't be in a language, as far as that is known: it was written in another one, or
    in other letters."""
    said, written = row.get("for_child"), row.get("child_language")
    name = get_language_info(language)["name_local"]  # a language writes its own name in its letters
    by_letters = {_letters(said), _letters(name)} == {"cyrillic", "latin"}
    return bool(said) and (by_letters or (bool(written) and written != language))


def _letters(text: str) -> str:
    """Which are more in a text: "cyrillic", "latin", "" for neither."""
    cyrillic, latin = len(_CYRILLIC.findall(text)), len(_LATIN.findall(text))
    if cyrillic == latin:
        return ""
    return "cyrillic" if latin < cyrillic else "latin"


def frightening(rows: Iterable[Mapping[str, object]]) -> str:
    """A sentence on words of the child's own that can frighten or shame, "" where there are none. They stay: nobody changes them."""
    kind = terms.kind()
    found = [kind.frightens(str(row.get(name) or "")) for row in rows for name in OWN]
    words = ", ".join(dict.fromkeys(f"“{word}…”" for word in found if word))
    if not words:
        return ""
    told = _(
        "The child’s own words have %(words)s in them. They stay as they were said. "
        "Before the sheet is printed, ask the child whether they are to stand on it."
    )
    return told % {"words": words}
