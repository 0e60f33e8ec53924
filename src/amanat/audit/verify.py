"""Finding out whether the log still says what it said when it was sealed. Reads only, in one snapshot, in bounded memory."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from amanat.audit import chain, guards
from amanat.audit.chain import Head
from amanat.audit.models import Entry, Seal
from amanat.audit.queries import head
from amanat.vault.keys import AUDIT, Locked, keyring
from amanat.vault.snapshots import snapshot

GRACE: Final = timedelta(seconds=10)  # how long an entry may wait for its seal, DESIGN §8
MOST_NAMED: Final = 1000  # faults; beyond, they are only counted
IDS_A_PASS: Final = 250_000  # some 60 MB; a longer log is gone through in several passes
SEALS_AT_ONCE: Final = 20  # some 50 KB each


class Kind(StrEnum):
    """What can be wrong with a log."""

    CHAIN = "chain"
    CHANGED = "changed"
    GAP = "gap"
    HEAD = "head"
    MAC = "mac"
    MISSING = "missing"
    OLDER_KEY = "older_key"
    RETIRED_KEY = "retired_key"
    TWICE = "twice"
    UNGUARDED = "unguarded"
    UNSEALED = "unsealed"


SENTENCES: Final = {
    Kind.CHAIN: _("Seal %(seal)s was changed, or does not follow the seal before it."),
    Kind.CHANGED: _("Entry %(entry)s is not as seal %(seal)s found it: it was changed."),
    Kind.GAP: _("Seals are missing just before seal %(seal)s."),
    Kind.HEAD: _("The head %(name)s is not in the chain: seals were removed or replaced since it was written down."),
    Kind.MAC: _("Seal %(seal)s was not made with the key of this workspace."),
    Kind.MISSING: _("Entry %(entry)s of seal %(seal)s is missing: it was removed."),
    Kind.OLDER_KEY: _("Seal %(seal)s was made with an older key than the seal before it."),
    Kind.RETIRED_KEY: _(
        "The log does not end under the audit key in use: its newest seals were removed or replaced, unless the key was changed this "
        "very minute."
    ),
    Kind.TWICE: _("Entry %(entry)s is sealed a second time by seal %(seal)s."),
    Kind.UNGUARDED: _("The database no longer guards the log: the trigger %(name)s is missing."),
    Kind.UNSEALED: _("Entry %(entry)s has waited for its seal for more than 10 seconds."),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where it is; `name` is a head or a trigger. Its text is a sentence for a person."""

    kind: Kind
    seal: int | None = None
    entry: uuid.UUID | None = None
    name: str = ""

    def __str__(self) -> str:
        return SENTENCES[self.kind] % {"seal": self.seal, "entry": self.entry, "name": self.name}


@dataclass
class Report:
    """What a verification found: how many rows it read, what is wrong, and the newest seal."""

    entries: int = 0
    seals: int = 0
    faults: list[Fault] = field(default_factory=list)
    unnamed: int = 0  # faults beyond the first thousand
    head: str | None = None

    @property
    def holds(self) -> bool:
        return not self.faults

    def add(self, fault: Fault) -> None:
        if len(self.faults) < MOST_NAMED:
            self.faults.append(fault)
        else:
            self.unnamed += 1


@dataclass(frozen=True)
class _Link:
    """A row of `Seal`, as read."""

    number: int
    sealed_at: datetime
    pairs: list[tuple[uuid.UUID, bytes]] | None  # None: its columns contradict each other
    digest: bytes
    mac: bytes
    key: int

    def has_mac(self) -> bool:
        """Whether it was made with the key that it names."""
        try:
            return hmac.compare_digest(self.mac, chain.mac(self.digest, self.key))
        except Locked:  # there is no such key
            return False


def verify(*, now: datetime, against: Head | None = None, ids_a_pass: int = IDS_A_PASS) -> Report:
    """Compare every entry and seal with the chain, and the chain with a head that was written down earlier.

    Without `against` one thing can't be seen: that the newest seals were cut off together with all of their entries.

    Raises:
        Locked: the workspace is locked, so that no MAC can be checked.
    """
    report = Report()
    with snapshot():
        for name in guards.missing(connection):
            report.add(Fault(Kind.UNGUARDED, name=name))
        _follow_chain(report, against)
        _match_entries(report, now - GRACE, ids_a_pass)
        report.head = head()
    return report


def _links() -> Iterator[_Link]:
    columns = Seal.objects.order_by("number").values_list(
        "number", "sealed_at", "entries", "fingerprints", "digest", "mac", "key"
    )
    for number, sealed_at, entries, fingerprints, digest, mac, key in columns.iterator(chunk_size=SEALS_AT_ONCE):
        try:
            pairs = chain.pairs(entries, bytes(fingerprints))
        except ValueError:
            pairs = None
        yield _Link(number, sealed_at, pairs, bytes(digest), bytes(mac), key)


def _follow_chain(report: Report, against: Head | None) -> None:
    """Each seal follows the one before, was made with the key, and its entries are as it found them."""
    number, before, key, met = 0, chain.GENESIS, 1, against is None
    for link in _links():
        if link.number != number + 1:
            report.add(Fault(Kind.GAP, seal=link.number))
        elif not _follows(link, before):
            report.add(Fault(Kind.CHAIN, seal=link.number))
        _check_key(report, link, key)
        _compare_entries(report, link)
        number, before, key = link.number, link.digest, link.key
        met = met or (against is not None and against == Head(number, before))
        report.seals += 1
    if not met:
        report.add(Fault(Kind.HEAD, name=str(against)))
    if key < keyring().newest(AUDIT):
        report.add(Fault(Kind.RETIRED_KEY))


def _check_key(report: Report, link: _Link, before: int) -> None:
    """Whoever may know a key that was given up could make all that came before its end, and nothing that comes after."""
    if not link.has_mac():
        report.add(Fault(Kind.MAC, seal=link.number))
    if link.key < before:
        report.add(Fault(Kind.OLDER_KEY, seal=link.number))


def _follows(link: _Link, before: bytes) -> bool:
    if link.pairs is None:
        return False
    return hmac.compare_digest(link.digest, chain.digest(before, link.number, link.sealed_at, link.pairs))


def _compare_entries(report: Report, link: _Link) -> None:
    ids = [id_ for id_, _print in link.pairs or ()]
    found = {row[0]: chain.fingerprint(row) for row in chain.rows(Entry.objects.filter(id__in=ids))}
    for id_, print_ in link.pairs or ():
        if id_ not in found:
            report.add(Fault(Kind.MISSING, seal=link.number, entry=id_))
        elif found[id_] != print_:
            report.add(Fault(Kind.CHANGED, seal=link.number, entry=id_))


def _match_entries(report: Report, latest: datetime, ids_a_pass: int) -> None:
    """Each entry up to `latest` stands in exactly one seal. Ids are random, so that equal ranges hold about as many."""
    passes = Entry.objects.count() // ids_a_pass + 1
    bounds = [uuid.UUID(int=(1 << 128) * step // passes) for step in range(passes)]
    for low, high in zip(bounds, [*bounds[1:], None], strict=True):
        sealed = _sealed_between(report, low, high)
        entries = Entry.objects.filter(id__gte=low).order_by("id")
        if high:
            entries = entries.filter(id__lt=high)
        for id_, at in entries.values_list("id", "at").iterator():
            report.entries += 1
            if id_ not in sealed and at < latest:
                report.add(Fault(Kind.UNSEALED, entry=id_))


def _sealed_between(report: Report, low: uuid.UUID, high: uuid.UUID | None) -> set[uuid.UUID]:
    sealed: set[uuid.UUID] = set()
    for link in _links():
        for id_, _print in link.pairs or ():
            if low <= id_ and (high is None or id_ < high):
                if id_ in sealed:
                    report.add(Fault(Kind.TWICE, seal=link.number, entry=id_))
                sealed.add(id_)
    return sealed
