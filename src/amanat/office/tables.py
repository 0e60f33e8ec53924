"""The policy as tables to read: made from `access.policy`, cell by cell, in plain words. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amanat.access.labels import LEVEL_LABELS, PART_LABELS, RELATION_LABELS, VERB_LABELS
from amanat.access.policy import (
    BY_OFFICE,
    BY_OWNERSHIP,
    CIRCLE,
    DESK_VERBS,
    FILE_VERBS,
    MAY_JOIN_AS,
    PARTS,
    Level,
    Part,
    Relation,
    Verb,
    may_do,
)
from amanat.people.models import Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Column = TypeVar("Column", Relation, Role)

# A cell's word and the number of its footnote ("" for none). Every mark of the tables has one.
LEVEL_WORDS: dict[str, tuple[StrOrPromise, str]] = {
    Level.NONE: (_("nothing"), ""),
    Level.CODE_NAME: (_("code name"), "1"),
    Level.WHETHER: (_("if there is one"), ""),
    Level.PROGRESS: (_("progress"), ""),
    Level.CONSENTED: (pgettext_lazy("policy", "sees"), "4"),
    Level.REVEAL: (pgettext_lazy("policy", "sees"), "3"),
    Level.UNLESS_CONFLICT: (pgettext_lazy("policy", "sees"), "5"),
    Level.SEES: (pgettext_lazy("policy", "sees"), ""),
    Level.APPROVES: (pgettext_lazy("policy", "approves"), ""),
    Level.OWN: (_("writes, sees own"), ""),
    Level.OWN_PART: (_("writes own part"), ""),
    Level.WRITES: (pgettext_lazy("policy", "writes"), ""),
}
VERB_WORDS: dict[str, tuple[StrOrPromise, str]] = {
    ".": (pgettext_lazy("policy", "no"), ""),
    "x": (pgettext_lazy("policy", "yes"), ""),
    "x!": (pgettext_lazy("policy", "yes"), "6"),
}
FOOTNOTES: tuple[tuple[str, StrOrPromise], ...] = (
    ("1", _("Knows that there is a file, by its code name; never who the child is.")),
    ("2", _("Need, urgency, age band, sex, language, safety limits; nobody can be identified by it.")),
    ("3", _("After signing in again and with a reason, for ten minutes. The reason stands in the log.")),
    ("4", _("Where a consent in force names this part.")),
    ("5", _("Unless a conflict is recorded on the file.")),
    ("6", _("After signing in again, if the last time was more than ten minutes ago.")),
)
ROW_NOTES = {Part.REFERRAL_SUMMARY: "2"}
# What makes somebody the column's; the first six are the circle of care.
COLUMN_NOTES: dict[Relation, StrOrPromise] = {
    Relation.CASE_MANAGER: _("Whoever registers a child, until the case is assigned or handed over. One a file."),
    Relation.SOCIAL_WORKER: _("A social worker or hotline operator in the child's circle of care."),
    Relation.PSYCHOLOGIST: _("A psychologist in the child's circle of care."),
    Relation.LAWYER: _("A lawyer in the child's circle of care."),
    Relation.HEALTH_WORKER: _("A health worker in the child's circle of care."),
    Relation.CENTRE_WORKER: _("A crisis-centre worker in the child's circle of care."),
    Relation.SUPERVISOR: _("Of the agency that owns the file, in the circle or not."),
    Relation.COORDINATOR: _("Of the referral mechanism: every file, by code name."),
    Relation.RECEIVER: _("Of an open referral, from its acceptance to the end of the service."),
    Relation.ADDRESSEE: _("Everybody with casework in the agency, from when it was sent until it is over."),
    Relation.DPO: _("Every file, by code name."),
    Relation.EMERGENCY: _("Four hours, reading only. The supervisor judges each one afterwards."),
    Relation.OPERATOR: _("Every operator of the hotline that a matter belongs to. No child's file."),
    Relation.HOTLINE_SUPERVISOR: _("Of the agency whose hotline a matter belongs to."),
}


@dataclass(frozen=True)
class Head:
    """A column: what it is called, and whether it is the reader's own."""

    text: StrOrPromise
    mine: bool


@dataclass(frozen=True)
class Cell:
    """A mark of the table, its word and footnote, and the column that it stands in."""

    mark: str
    word: StrOrPromise
    note: str
    column: StrOrPromise
    mine: bool


@dataclass(frozen=True)
class Row:
    """A part or a verb, with the cells of all columns."""

    name: str
    text: StrOrPromise
    note: str
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """A table of the policy. `key` names it in the page."""

    key: str
    heads: list[Head]
    rows: list[Row]


@dataclass(frozen=True)
class Seen:
    """What a relation opens: by level, the parts."""

    relation: StrOrPromise
    why: StrOrPromise
    levels: list[tuple[StrOrPromise, list[StrOrPromise]]]


def relations_of(role: Role | str) -> list[Relation]:
    """What somebody of this role can be to a file, by being brought in, by their office, or in an emergency."""
    role = Role(role)
    joins = [relation for relation, roles in MAY_JOIN_AS.items() if role in roles]
    held = [by[role] for by in (BY_OWNERSHIP, BY_OFFICE) if role in by]
    emergency = [Relation.EMERGENCY] if may_do(Verb.EMERGENCY_OPEN, role=role, relations=frozenset()) else []
    return [*joins, *held, *emergency]


def seen_by(role: Role | str) -> list[Seen]:
    """What a role sees and writes, relation by relation; nothing for a role that reaches no file."""
    return _seen(relations_of(role))


def passed_to_deputy(role: Role | str) -> list[Seen]:
    """What a deputy gets from somebody of this role: their places in circles of care. The rest they have by their own role."""
    return _seen([relation for relation in relations_of(role) if relation in CIRCLE])


def _seen(relations: list[Relation]) -> list[Seen]:
    return [Seen(RELATION_LABELS[own], COLUMN_NOTES[own], _levels(own)) for own in relations]


def _levels(relation: Relation) -> list[tuple[StrOrPromise, list[StrOrPromise]]]:
    order = list(Level)[::-1]
    parts = sorted(Part, key=lambda part: order.index(PARTS[part][relation]))
    grouped = groupby(parts, key=lambda part: PARTS[part][relation])
    return [
        (LEVEL_LABELS[level], [PART_LABELS[part] for part in sorted(of, key=list(Part).index)])
        for level, of in grouped
        if level is not Level.NONE
    ]


def tables(role: Role) -> list[Table]:
    """The three tables for a reader of this role: parts, verbs on a file, verbs of the desk."""
    mine = frozenset(relations_of(role))
    parts = [
        Row(part, PART_LABELS[part], ROW_NOTES.get(part, ""), _cells(row, RELATION_LABELS, LEVEL_WORDS, mine))
        for part, row in PARTS.items()
    ]
    return [
        Table("parts", _heads(RELATION_LABELS, mine), parts),
        Table("file-verbs", _heads(RELATION_LABELS, mine), _verbs(FILE_VERBS, RELATION_LABELS, mine)),
        Table("desk-verbs", _heads(ROLE_LABELS, {role}), _verbs(DESK_VERBS, ROLE_LABELS, {role})),
    ]


ROLE_LABELS: dict[Role, StrOrPromise] = {role: role.label for role in Role}


def _heads(labels: Mapping[Column, StrOrPromise], mine: frozenset[Column] | set[Column]) -> list[Head]:
    return [Head(text, column in mine) for column, text in labels.items()]


def _verbs(
    table: Mapping[Verb, Mapping[Column, str]],
    labels: Mapping[Column, StrOrPromise],
    mine: frozenset[Column] | set[Column],
) -> list[Row]:
    return [Row(verb, VERB_LABELS[verb], "", _cells(row, labels, VERB_WORDS, mine)) for verb, row in table.items()]


def _cells(
    row: Mapping[Column, str],
    labels: Mapping[Column, StrOrPromise],
    words: Mapping[str, tuple[StrOrPromise, str]],
    mine: frozenset[Column] | set[Column],
) -> list[Cell]:
    return [Cell(row[column], *words[row[column]], text, column in mine) for column, text in labels.items()]
