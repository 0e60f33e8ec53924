"""Code names for speaking and paper: two neutral words, the same in every language. Nothing here knows a child."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from amanat.packs import toml
from amanat.packs.loaders import Source, register

Choose = Callable[[Sequence[str]], str]
"""Draws one of several; `secrets.choice` in real life, a seeded one in tests."""

Taken = Callable[[Collection[str]], Collection[str]]
"""Which of these names somebody has already; one question (to a database) for many names."""

LEAST_WORDS = 120
SPARE = 16  # names asked about beyond those wanted, so that a name drawn twice or taken costs no second question

NUMBERS = (None, *(tuple(str(number) for number in range(10 ** (n - 1), 10**n)) for n in (2, 3, 4)))
"""What may follow the two words: nothing, then two digits, three, four."""

WORD = re.compile(r"[a-z]{3,10}")


class NoCodeNameLeft(Exception):
    """Every draw was taken: the word lists of the pack are too short for this many children."""


def none_taken(names: Collection[str]) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class CodeNames:
    """The two word lists of a pack."""

    first: tuple[str, ...]
    second: tuple[str, ...]

    @property
    def space(self) -> int:
        """Count the names without a number."""
        return len(self.first) * len(self.second)

    def draw(self, count: int, choose: Choose, taken: Taken = none_taken) -> list[str]:
        """Draw different free names such as `Lotos Kompas`; when plain ones run out, with a number: `Lotos Kompas 47`.

        Raises:
            NoCodeNameLeft: even of the longest there are too few.
        """
        drawn: dict[str, None] = {}
        for numbers in NUMBERS:
            while len(drawn) < count:
                lacking = count - len(drawn)
                tries = dict.fromkeys(self._one(choose, numbers) for _name in range(lacking + SPARE))
                wanted = [name for name in tries if name not in drawn]
                gone = set(taken(wanted))
                free = [name for name in wanted if name not in gone]
                drawn |= dict.fromkeys(free[:lacking])
                if len(free) * 4 < len(wanted):  # most are given away: go on with longer ones
                    break
        if len(drawn) < count:
            raise NoCodeNameLeft
        return list(drawn)

    def _one(self, choose: Choose, numbers: Sequence[str] | None) -> str:
        words = [choose(self.first).title(), choose(self.second).title()]
        return " ".join([*words, choose(numbers)] if numbers else words)


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
