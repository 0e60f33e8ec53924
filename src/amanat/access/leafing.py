"""Leafing through many files at once, so that somebody finds one among them in memory. Two queries, however many there are.

A file that was leafed through was not shown: what a page shows of it is opened by `Leafing.file`, whose looks the page
records. Nobody leafs through more than `UP_TO` files to open them: who may know of more has to say first which of them.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, NamedTuple

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable, ExpressionWrapper
from django.db.models.functions import Cast

from amanat.access.actor import Actor
from amanat.access.consents import CARRY_ON, naming
from amanat.access.files import File, Row, file_with, visible_to
from amanat.access.models import FileRow
from amanat.access.policy import PARTS, Level, Part, Relation
from amanat.access.standing import Facts, told_of
from amanat.people.models import Role

UP_TO = 5_000

Told = tuple[tuple[str, str, str, str], ...]  # kind, value, limit, within: `standing.told_of` of one subject


class Leaf(NamedTuple):
    """One file on the way: its reference and subject as the database writes them (thousands of UUIDs take their time),
    which of the parts asked for the actor sees, and the columns asked for."""

    pk: str
    subject: str
    sees: frozenset[Part]
    columns: tuple[Any, ...]


class TooMany(Exception):
    """There are more files than anybody may leaf through at once."""


@dataclass(frozen=True)
class _Stub:
    """As much of a row as the policy reads."""

    agency_id: uuid.UUID | None
    by_ownership: Mapping[Role, Relation]
    by_office: Mapping[Role, Relation]
    is_in_hands: bool = True  # one that is not has no agency here

    def counts(self, _relation: Relation, _membership: uuid.UUID) -> bool:
        return True


class _Leaves(Generic[Row]):
    """The files among `rows` that an actor may know of, and which of `parts` each shows them."""

    def __init__(
        self,
        actor: Actor,
        rows: QuerySet[Row],
        parts: Sequence[Part],
        columns: Sequence[str] = (),
        at_most: int | None = None,
    ) -> None:
        self.actor = actor
        self._parts = parts
        self._kind = rows.model
        self._rows = self._visible(rows, columns, at_most)
        self._seen: dict[tuple[bool, Told], frozenset[Part]] = {}

    def __iter__(self) -> Iterator[Leaf]:
        told_of_subject, seen = self._told.get, self._seen
        for pk, subject, is_own, *columns in self._rows:
            told = told_of_subject(subject, ())
            sees = seen.get((is_own, told))
            if sees is None:
                sees = seen[is_own, told] = self._sees(bool(is_own), told)
            yield Leaf(pk, subject, sees, columns)

    def _visible(self, rows: QuerySet[Row], columns: Sequence[str], at_most: int | None) -> list[Any]:
        text, agency = TextField(), self.actor.membership.agency_id
        is_own: Combinable = (
            ExpressionWrapper(Q(self._kind.in_hands(), agency=agency), BooleanField())
            if self.actor.role in self._kind.by_ownership
            else Value(0)
        )
        told = {"ref": Cast("pk", text), "about": Cast("subject_id", text), "is_own": is_own}
        return list(visible_to(self.actor, rows).annotate(**told).values_list(*told, *columns)[:at_most])

    def _sees(self, is_own: bool, told: Told) -> frozenset[Part]:
        """Decided by the one rule; the same for every file of which the tables say the same."""
        owner = self.actor.membership.agency_id if is_own else None
        file = self._file(_Stub(owner, self._kind.by_ownership, self._kind.by_office), told)
        return frozenset(part for part in self._parts if file.sees(part))

    def _file(self, row: Any, told: Told) -> File:
        facts = Facts()
        for fact in told:
            if fact[0] != _CONSENTED:
                facts.add(*fact)
        file = file_with(self.actor, row, facts)
        file.consented = frozenset(Part(part) for kind, part, *_limits in told if kind == _CONSENTED)
        return file

    @cached_property
    def _told(self) -> dict[str, Told]:
        found: dict[str, Told] = {}
        if not self._rows:
            return found
        same: dict[tuple[str, str, str, str], Told] = {}  # of thousands of files nearly all have one and the same fact
        for subject, *told in told_of(self.actor):
            fact = (told[0], told[1], told[2], told[3])
            alone = same.setdefault(fact, (fact,))
            found[subject] = found[subject] + alone if subject in found else alone
        if any(fact[1] in _BY_CONSENTED for fact in same):
            for subject, parts in self._consented().items():
                found[subject] = found.get(subject, ()) + tuple((_CONSENTED, part, "", "") for part in sorted(parts))
        return found

    def _consented(self) -> dict[str, set[str]]:
        """By subject: what `File.consented` asks for one."""
        named: dict[str, set[str]] = defaultdict(set)
        for consent in naming(self.actor.membership.agency_id).exclude(purpose=CARRY_ON):
            if consent.holds(self.actor.now):
                named[in_the_database(consent.subject_id)] |= set(consent.parts)
        return named


class Leafing(_Leaves[Row]):
    """So few files that each of them may be opened.

    Args:
        rows: files, not yet narrowed to the actor's.
        parts: those of which somebody wants to know whether they are open.
        columns: names of clear columns, handed through.

    Raises:
        TooMany: there are more than `UP_TO`.
    """

    def __init__(self, actor: Actor, rows: QuerySet[Row], parts: Sequence[Part], columns: Sequence[str] = ()) -> None:
        super().__init__(actor, rows, parts, columns, UP_TO + 1)
        if len(self) > UP_TO:
            raise TooMany

    def __len__(self) -> int:
        return len(self._rows)

    def file(self, row: FileRow) -> File:
        """One of the files, whole: it opens what the actor sees, and remembers it for the log."""
        return self._file(row, self._told.get(in_the_database(row.subject_id), ()))


def open_parts(actor: Actor, rows: QuerySet[Row], parts: Sequence[Part]) -> Iterator[Leaf]:
    """Which of these parts each of the files shows that the actor may know of, however many there are: none can be opened by it."""
    return iter(_Leaves(actor, rows, parts))


def in_the_database(reference: uuid.UUID) -> str:
    """A reference as a text column of this database has it."""
    return str(reference) if connection.features.has_native_uuid_field else reference.hex


_CONSENTED = "consented"
# Relations that see some part exactly where a consent names it.
_BY_CONSENTED = {relation for relation in Relation if any(row[relation] is Level.CONSENTED for row in PARTS.values())}
