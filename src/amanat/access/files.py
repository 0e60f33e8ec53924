"""A file as one actor may see it: relations, levels, and the only way to open what is sealed.

`open_file` and `open_files` ask the database once for all rows. What is opened is remembered for the audit log.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.consents import CARRY_ON, naming
from amanat.access.models import Conflict, Consent, FileRow, Grant
from amanat.access.policy import (
    REACHES_CHILDREN,
    SEEING,
    WRITING,
    Level,
    Part,
    Relation,
    Verb,
    by_consent,
    may_do,
    needs_proof,
    strongest,
)
from amanat.access.standing import EVERY_PART, Facts, facts_of
from amanat.people.models import Role
from amanat.vault.models import SealedModel, SubjectKind
from amanat.vault.sealing import Sealed, open_sealed
from amanat.web.errors import Refused

# Whoever stands by a consent knows of the file and of the consent itself, and keeps notes of their own service.
ALWAYS = frozenset({Part.EXISTENCE, Part.CONSENT, Part.SERVICE_NOTES})
Row = TypeVar("Row", bound=FileRow)
About = TypeVar("About", bound=Model)
Answer = TypeVar("Answer")


class Closed(Refused):
    """The actor may know of the file, but not see this part of it."""

    def __init__(self, part: Part) -> None:
        super().__init__(_("This part of the file is not open to you."))
        self.part = part


class ProofNeeded(Refused):
    """The verb asks for a fresh sign-in; pages lead there and back."""

    def __init__(self) -> None:
        super().__init__(_("Show once more that it is you."), _("Then you come back here and go on."))


@dataclass
class File:
    """One file in the hands of one actor."""

    actor: Actor
    row: FileRow
    relations: frozenset[Relation]
    limits: dict[Relation, frozenset[Part]] = field(default_factory=dict)  # of relations that rest on a consent alone
    barred: frozenset[Part] = frozenset()
    revealed: frozenset[Part] = frozenset()
    had_conflict: bool = False  # one was ever recorded on the file, of anybody: its reason stands in the log for good
    looked: set[Part] = field(default_factory=set)
    # What the tables say of the files that pages name beside this one, where it was asked with it (`FileRow.beside`).
    told_beside: dict[uuid.UUID, Facts] | None = field(default=None, repr=False, compare=False)
    # What rooms asked for while the file is open, by who asked (`once`). A narrower copy of the file (`only`) asks anew.
    _asked: dict[Callable[[File], Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, ask: Callable[[File], Answer]) -> Answer:
        """What a function of a room's module asks the database about this file, asked once however many pieces of a page want it."""
        if ask not in self._asked:
            self._asked[ask] = ask(self)
        answer: Answer = self._asked[ask]
        return answer

    def level(self, part: Part) -> Level:
        """What the table gives to the actor here and now; conditions (consent, reveal, conflict) are already decided."""
        if part in self.barred:
            return Level.NONE
        level = strongest(part, self._relations_for(part))
        if level is Level.REVEAL and part in self.revealed:
            return Level.SEES
        if level is Level.CONSENTED:
            return Level.SEES if self._names(part) else Level.NONE
        if level is Level.UNLESS_CONFLICT:
            return Level.NONE if self.had_conflict else Level.SEES
        return level

    def _names(self, part: Part) -> bool:
        """Whether a consent names the part: that on which a relation rests (so what carries running help on counts), or another."""
        return any(part in parts for parts in self.limits.values()) or part in self.consented

    def _relations_for(self, part: Part) -> frozenset[Relation]:
        """Relations that reach the part: one that rests on a consent reaches no further than the consent names."""
        if part in ALWAYS:
            return self.relations
        return frozenset(relation for relation in self.relations if part in self.limits.get(relation, EVERY_PART))

    @property
    def exists(self) -> bool:
        """Whether the actor may know of the file at all."""
        return self.level(Part.EXISTENCE) is not Level.NONE

    def sees(self, part: Part) -> bool:
        return self.level(part) in SEEING

    def writes(self, part: Part) -> bool:
        return self.level(part) in WRITING

    def allows(self, needs: Verb | Part) -> bool:
        """Whether the actor may do a verb, or sees a part: what a link to a page of the file asks."""
        return self.may(needs) if isinstance(needs, Verb) else self.sees(needs)

    def may(self, verb: Verb) -> bool:
        return self.exists and may_do(verb, role=self.actor.role, relations=self._relations_doing(verb))

    def _relations_doing(self, verb: Verb) -> frozenset[Relation]:
        """Relations that count for a verb: one that rests on a consent does only what `by_consent` says."""
        return frozenset(one for one in self.relations if one not in self.limits or by_consent(verb, one))

    def only(self, parts: frozenset[Part]) -> File:
        """The same file for the same actor, with nothing open beyond these parts."""
        return replace(self, barred=self.barred | (EVERY_PART - parts))

    @property
    def is_shared(self) -> bool:
        """Whether the actor reads of consents only because one lets them in: then of those alone that name their agency."""
        return strongest(Part.CONSENT, self.relations - self.limits.keys()) not in SEEING and bool(self.limits)

    def knows(self, consent: Consent) -> bool:
        """Whether the actor reads of this consent of the file."""
        is_theirs = not self.is_shared or consent.is_for(self.actor.membership.agency)
        return is_theirs and self.sees(Part.CONSENT)

    def visible_parts(self) -> list[Part]:
        return [part for part in Part if self.sees(part)]

    @cached_property
    def consented(self) -> frozenset[Part]:
        """Parts that a consent in force names for the actor's agency."""
        given = naming(self.actor.membership.agency_id).filter(subject=self.row.subject_id).exclude(purpose=CARRY_ON)
        return frozenset(Part(part) for consent in given if consent.holds(self.actor.now) for part in consent.parts)

    def open(self, row: SealedModel, name: str, *, via: SealedModel | None = None) -> Any:
        """The clear value of a sealed field of a row of this file, or of a shared row that a row of this file leads to (`via`).

        Raises:
            Closed: the part is not open to the actor, or the row is another's own.
            ValueError: the row belongs to another subject.
        """
        belongs = row if via is None else via
        if belongs.subject_id != self.row.subject_id or (via is not None and getattr(via, "shared_id", None) != row.pk):
            raise ValueError(f"{row!r} does not belong to this file")
        part = part_of(row, name)
        if not self.opens(row, name, via=via):
            raise Closed(part)
        self.looked.add(part)
        return open_sealed(row, name)

    def opens(self, row: SealedModel, name: str, *, via: SealedModel | None = None) -> bool:
        """Whether the part of a sealed field is open to the actor; where they see only their own, whether the row is theirs:
        a deputy opens none of it. What colleagues say among themselves is open to none who reads the part by a consent."""
        part = part_of(row, name)
        level = self.level(part)
        own = getattr(via or row, "author_id", None) == self.actor.membership.pk
        reads = not row.among_colleagues or self.works_on(part)
        return level in SEEING and reads and (level is not Level.OWN or own)

    def works_on(self, part: Part) -> bool:
        """Whether the actor sees the part as one of those who work on it, not as who receives and reads what a consent names: a
        specialist of a partner in the circle of care does."""
        return self.sees(part) and strongest(part, self._relations_for(part)) in SEEING

    @property
    def is_worked_on(self) -> bool:
        """Whether the actor stands in a relation to the file that rests on no consent."""
        return bool(self.relations - self.limits.keys())

    def check(self, verb: Verb) -> None:
        """Raises:
        Refused: the policy does not allow the verb to this actor on this file.
        ProofNeeded: it does, after a fresh sign-in.
        """
        if not self.may(verb):
            raise Refused()
        if (
            needs_proof(verb, role=self.actor.role, relations=self._relations_doing(verb))
            and not self.actor.recently_proved
        ):
            raise ProofNeeded()


def part_of(row: SealedModel, name: str) -> Part:
    """The part that a sealed field belongs to: the field's own, or the one that the row names."""
    sealed = row._meta.get_field(name)
    assert isinstance(sealed, Sealed)
    return Part(sealed.part or getattr(row, sealed.part_from))


def open_office(actor: Actor, row: SealedModel, name: str) -> Any:
    """The clear value of a sealed field that concerns the office (no child), for whoever looks after its people.

    Raises:
        Refused: the actor's role does not.
        ValueError: the row is about something else.
    """
    if row.subject.kind != SubjectKind.OFFICE:
        raise ValueError(f"{row!r} is not about the office")
    if not actor.may(Verb.LOOK_PEOPLE):
        raise Refused()
    return open_sealed(row, name)


def open_file(actor: Actor, row: FileRow) -> File:
    return open_files(actor, [row])[0]


def open_with_beside(actor: Actor, row: FileRow) -> File:
    """A file of a page: what the tables say of the files beside it is asked in the same query."""
    beside = row.beside()
    facts = facts_of(actor, {row.subject_id}, beside)
    file = file_with(actor, row, facts[row.subject_id])
    file.told_beside = facts if beside is not None else None
    return file


def open_beside(file: File, rows: Iterable[FileRow]) -> list[File]:
    """Files that stand beside one, as its actor may see them: no query where the page asked of them when it opened this one."""
    told = file.told_beside
    if told is None:
        return open_files(file.actor, rows)
    return [file_with(file.actor, row, told.get(row.subject_id) or Facts()) for row in rows]


def open_files(actor: Actor, rows: Iterable[FileRow]) -> list[File]:
    """The rows as this actor may see them; one query however many rows."""
    rows = list(rows)
    facts = facts_of(actor, {row.subject_id for row in rows})
    return [file_with(actor, row, facts[row.subject_id]) for row in rows]


def file_with(actor: Actor, row: FileRow, facts: Facts) -> File:
    """The row as the actor may see it, by what the tables say of its subject."""
    held = {one for one in facts.granted | facts.limits.keys() if row.counts(one, actor.membership.pk)}
    relations = held | _by_membership(actor, row)
    limits = {one: frozenset(parts) for one, parts in facts.limits.items() if one in held - facts.granted}
    return File(
        actor,
        row,
        frozenset(relations),
        limits,
        frozenset(facts.barred),
        frozenset(facts.revealed),
        facts.conflict,
    )


def _by_membership(actor: Actor, row: FileRow) -> set[Relation]:
    relations = {row.by_office[actor.role]} if actor.role in row.by_office else set()
    if actor.role in row.by_ownership and row.agency_id == actor.membership.agency_id and row.is_in_hands:
        relations.add(row.by_ownership[actor.role])
    return relations


def visible_to(actor: Actor, rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows whose existence this actor may know of: exactly those for which `open_file(…).exists` (a property test)."""
    rows = not_kept_out(actor, rows)
    if actor.role in rows.model.by_office:
        return rows
    held = Grant.objects.active(actor.now).of(actor.membership.pk, actor.stands_for)
    granted = rows.model.by_grant(held, actor.membership.pk)
    if actor.role in rows.model.by_ownership:
        return rows.filter(Q(rows.model.in_hands(), agency=actor.membership.agency_id) | granted)
    return rows.filter(granted)


def not_kept_out(actor: Actor, rows: QuerySet[About]) -> QuerySet[About]:
    """Of rows with a `subject`, those about whom no conflict keeps the actor from knowing that there is a file."""
    kept_out = Conflict.objects.filter(
        user=actor.user, subject=OuterRef("subject"), part__in=("", Part.EXISTENCE), lifted_at=None
    )
    return rows.filter(~Exists(kept_out))


def sees_files(role: Role) -> bool:
    """Whether a role can stand in any relation to a file at all (an administrator can't)."""
    return role in REACHES_CHILDREN
