"""Code names for speaking and paper: two neutral words, the same in every language. Nothing here knows a child."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from amanat.packs import toml
from amanat.packs.loaders import Source, register

Choose = Callable[[Sequence[str]], str]
"""Draws one of several; `secrets.choice` in real life, a seeded one in tests."""

Taken = Callable[[str], bool]

LEAST_WORDS = 120
ATTEMPTS = 8
"""Draws at each length before digits are added. At a million names one registration asks `taken` about ten times."""

NUMBERS = (None, *(tuple(str(number) for number in range(10 ** (n - 1), 10**n)) for n in (2, 3, 4)))
"""What may follow the two words: nothing, then two digits, three, four."""

WORD = re.compile(r"[a-z]{3,10}")


class NoCodeNameLeft(Exception):
    """Every draw was taken: the word lists of the pack are too short for this many children."""


def never_taken(name: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class CodeNames:
    """The two word lists of a pack."""

    first: tuple[str, ...]
    second: tuple[str, ...]

    @property
    def space(self) -> int:
        """Count the names without a number."""
        return len(self.first) * len(self.second)

    def draw(self, choose: Choose, taken: Taken = never_taken) -> str:
        """Draw a free name such as `Lotos Kompas`; when plain ones run out, with a number: `Lotos Kompas 47`.

        Raises:
            NoCodeNameLeft: after all attempts at all lengths.
        """
        for numbers in NUMBERS:
            for _attempt in range(ATTEMPTS):
                words = [choose(self.first).title(), choose(self.second).title()]
                name = " ".join([*words, choose(numbers)] if numbers else words)
                if not taken(name):
                    return name
        raise NoCodeNameLeft


def read_code_names(source: Source) -> dict[str, CodeNames]:
    """Read `codenames.toml`: two lists of plain words that share no word."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("first", "second")
    lists = [_words(table, key) for key in ("first", "second")]
    for word in sorted(set(lists[0]) & set(lists[1])):
        table.fault(_("The word %(word)s stands in both lists.") % {"word": word}, _("Keep it in one of them."))
    return {"words": CodeNames(*lists)}


def _words(table: toml.Table, key: str) -> tuple[str, ...]:
    words = [word for word in table.need(key, list, []) if isinstance(word, str)]
    for word in words:
        if not WORD.fullmatch(word):
            table.fault(
                _("%(word)s is not 3 to 10 small plain letters.") % {"word": word}, _("Choose another word."), key
            )
    for word in sorted({word for word in words if words.count(word) > 1}):
        table.fault(_("The word %(word)s stands here twice.") % {"word": word}, _("Take one out."), key)
    if len(words) < LEAST_WORDS:
        table.fault(
            _("There are only %(count)d words.") % {"count": len(words)},
            _("Write at least %(least)d.") % {"least": LEAST_WORDS},
            key,
        )
    return tuple(words)


CODE_NAMES = register("codenames.toml", read_code_names)
