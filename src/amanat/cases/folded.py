"""What *find* compares: the names, phones and documents of children as they were opened and folded, kept in this process.

Kept with the versions of what was opened, so that a correction is opened again, and only under the keys that opened it.
Who may see what is not known here: `find` asks that of each file in each search, before it looks here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

from amanat import names
from amanat.names.searching import searchable, written
from amanat.vault.keys import Keyring, Locked, keyring

KEPT = 30_000  # children; about 40 MB


@dataclass(frozen=True, slots=True)
class Folded:
    """One part of one child: names as `names.searching` reads them; digits of phones, or letters and digits of documents.

    `former`: names before corrections. `whole` is all of it in one text: most children are ruled out by a look at that.
    """

    words: str = ""
    numbers: tuple[str, ...] = ()
    former: str = ""
    whole: str = ""

    @classmethod
    def of(cls, spoken: Iterable[str], numbers: Iterable[str], former: Sequence[str] = ()) -> Folded:
        words, held = searchable(spoken), tuple(filter(None, numbers))
        before = searchable(former) if former else ""
        return cls(words, held, before, " ".join((words, *held, before)))


class Kept(NamedTuple):
    """What was opened of one child: of each part the version, and None where nobody has opened it yet."""

    identity_version: int = 0
    identity: Folded | None = None
    contacts_version: int = 0
    contacts: Folded | None = None


UNKNOWN = Kept()


class Shelf:
    """What was opened last, of up to `KEPT` children, by subject."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._ring: Keyring | None = None
        self._held: dict[str, Kept] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    def held(self) -> Mapping[str, Kept]:
        """Everything that is there, as long as the keys are.

        Raises:
            Locked: the workspace is locked; then nothing is there any more.
        """
        try:
            ring = keyring()
        except Locked:
            self.forget()
            raise
        if ring is not self._ring:
            self.forget()
            self._ring = ring
        return self._held

    def put(self, opened: Mapping[str, Kept]) -> None:
        """Keep these; what was put first goes first."""
        with self._lock:
            self._held |= opened
            while len(self._held) > self._most:
                self._held.pop(next(iter(self._held)))

    def forget(self) -> None:
        with self._lock:
            self._held = {}
            self._ring = None


shelf = Shelf()


def forget() -> None:
    """Put everything away, for when the workspace is locked."""
    shelf.forget()


def fold_identity(identity: Mapping[str, Any], before: Iterable[Mapping[str, Any]] = ()) -> Folded:
    """`before`: the identity as it stood before each correction, of which only the names are looked for."""
    named = _named(identity)
    numbers = [names.document_key(one.get("number", "")) for one in identity.get("documents", [])]
    former = dict.fromkeys(text for held in before for text in _named(held))
    return Folded.of(named, numbers, [text for text in former if text not in named])


def _named(identity: Mapping[str, Any]) -> list[str]:
    return [text for name in identity.get("names", []) for text in name.values()]


def fold_contacts(contacts: Mapping[str, Any]) -> Folded:
    phones = [*contacts.get("phones", []), contacts.get("home_phone", "")]
    return Folded.of([contacts.get("called", "")], map(digits_of, phones))


@lru_cache(maxsize=KEPT)
def fold_code_name(code_name: str) -> str:
    """A code name as it is searched. It stands in clear everywhere, so nothing is put away with the keys."""
    return written(code_name)


def digits_of(phone: str) -> str:
    """All its digits, also those of the country."""
    return "".join(str(unicodedata.decimal(sign)) for sign in phone if sign.isdecimal())
