"""What the tables say of one actor and some files: grants, conflicts, reveals. What follows from it is `files`' to say."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Expression, F, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce

from amanat.access.actor import Actor
from amanat.access.models import Conflict, Grant, Reveal
from amanat.access.policy import Part, Relation

EVERY_PART = frozenset(Part)


@dataclass
class Facts:
    """What three tables say of one subject and one actor."""

    granted: set[Relation] = field(default_factory=set)  # by a grant that rests on no consent
    limits: dict[Relation, set[Part]] = field(default_factory=lambda: defaultdict(set))
    barred: set[Part] = field(default_factory=set)
    revealed: set[Part] = field(default_factory=set)
    conflict: bool = False

    def add(self, kind: str, value: str, limit: str, within: str) -> None:
        """`limit`: what the consent of a grant names; `within`: what of it the grant reaches. Both texts of JSON, or empty."""
        if kind == "grant" and not limit:
            self.granted.add(Relation(value))
        elif kind == "grant":
            named = set(map(Part, json.loads(limit)))
            self.limits[Relation(value)] |= named & set(map(Part, json.loads(within))) if within else named
        elif kind == "barred":
            self.barred |= {Part(value)} if value else EVERY_PART
        elif kind == "conflict":
            self.conflict = True
        else:
            self.revealed.add(Part(value))


_asked: ContextVar[dict[tuple[Actor, uuid.UUID], Facts] | None] = ContextVar("asked", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Within, what the tables say of an actor and a file is asked once: for one short transaction that opens a file several times."""
    before = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(before)


def ask_anew() -> None:
    """For whoever learns within `asked_once` that a file is not as it was."""
    if (asked := _asked.get()) is not None:
        asked.clear()


def facts_of(actor: Actor, subjects: set[uuid.UUID], beside: QuerySet[Any] | None = None) -> dict[uuid.UUID, Facts]:
    """By subject; one query. `beside`: more subjects, of which those are told that the tables say something of."""
    asked = _asked.get()
    if beside is None and asked is not None and all((actor, subject) in asked for subject in subjects):
        return {subject: asked[actor, subject] for subject in subjects}
    facts = defaultdict(Facts, {subject: Facts() for subject in subjects})
    for subject, *fact in told_of(actor, subjects, beside):
        facts[uuid.UUID(subject)].add(*fact)
    if asked is not None:
        asked |= {(actor, subject): told for subject, told in facts.items()}
    return facts


def told_of(actor: Actor, subjects: set[uuid.UUID] | None = None, beside: QuerySet[Any] | None = None) -> QuerySet[Any]:
    """(subject, kind, value, limit, within), all texts: what three tables say to this actor of these subjects (and those that a query
    gives), or of all; one query."""
    these = Q() if subjects is None else Q(subject__in=subjects)
    if beside is not None:
        these |= Q(subject__in=beside)
    grants: Any = _told(Grant, "grant", F("relation"), F("consent__parts"), F("parts"))
    held: QuerySet[Any] = grants.active(actor.now).of(actor.membership.pk, actor.stands_for).filter(these)
    return held.union(
        _told(Conflict, "barred", F("part")).filter(these, user=actor.user, lifted_at=None),
        _told(Conflict, "conflict", F("part")).filter(these),
        _told(Reveal, "shown", F("part")).filter(these, membership=actor.membership, until__gt=actor.now),
        all=True,
    )


@cache
def _told(
    model: type[Model],
    kind: str,
    value: F,
    limit: Expression | F = Value(""),  # noqa: B008
    within: Expression | F = Value(""),  # noqa: B008
) -> QuerySet[Any]:
    """Of all rows, to be narrowed down. Kept: to put it together takes longer than to ask."""
    text = TextField()
    columns = {
        "about": Cast("subject_id", text),
        "fact": Cast(Value(kind), text),
        "value": Cast(value, text),
        "limit": Coalesce(Cast(limit, text), Value(""), output_field=text),
        "within": Coalesce(Cast(within, text), Value(""), output_field=text),
    }
    told: QuerySet[Any] = model._default_manager.annotate(**columns).values_list(*columns)
    return told
