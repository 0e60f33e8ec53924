"""Two children who are not to sleep in one house: what a file says of it, and flags for who has to act where they do, which name nobody."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.loaders import hidden
from amanat.access.policy import Part
from amanat.cases import keyed
from amanat.cases.actions.consenting import DECIDE_WITHIN
from amanat.cases.actions.writing import flag_for
from amanat.cases.answering import those_of
from amanat.cases.models import Case, PersonAround
from amanat.centre.models import Apart, Stay
from amanat.centre.models.stays import IN_HOUSE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = 20
APART = _("The child sleeps in one house with a child from whom it is kept apart. Move one of them.")
TOLD = _("Both sleep in one house now. Whoever answers for this child is told: one of the two has to move.")
NOBODY_TOLD = _(
    "Both sleep in one house now, and nobody could be told. Speak with your supervisor: one of the two has to move."
)
SUSPECT = _(
    "The same suspect may be around another child of the house in which this one sleeps. Look whether one of them has to move, and "
    "whether the house is safe."
)


def beside(subject: uuid.UUID) -> QuerySet[Stay]:
    """The stays of others in the house in which the child has a bed."""
    own = Stay.objects.filter(subject=subject, state__in=IN_HOUSE)
    return Stay.objects.filter(house__in=own.values("house"), state__in=IN_HOUSE).exclude(subject=subject)


def flag(case: Case, other: uuid.UUID, actor: Actor) -> None:
    """Within a verb that holds the case: who has to act on it hears that both sleep in one house, where they do."""
    if sleep_in_one(case, other):
        for who in those_of(case, actor):
            flag_for(who, case, APART, Part.SAFETY, actor.now + DECIDE_WITHIN, actor.now)


def told(case: Case, other: uuid.UUID, actor: Actor) -> StrOrPromise | None:
    """What `flag` did, for whoever said the two apart; None where they sleep in two houses."""
    if not sleep_in_one(case, other):
        return None
    return TOLD if those_of(case, actor) else NOBODY_TOLD


def sleep_in_one(case: Case, other: uuid.UUID) -> bool:
    return beside(case.subject_id).filter(subject=other).exists()


def to_decide(case: Case, person: PersonAround) -> StrOrPromise | None:
    """Of a person who is a suspect now: the same may be one around a child of the house (`cases.suspected`)."""
    assert case.subject_id is not None, "a case of a child"
    others = set(beside(case.subject_id).values_list("subject", flat=True))
    shared = others and keyed.share_a_suspect(case.subject_id, others, by=person.pk)
    return SUSPECT if shared else None


def apart_row(file: File, ref: uuid.UUID) -> Apart:
    """Raises:
    Hidden: there is no such row of this child.
    """
    row = Apart.objects.filter(pk=ref, subject=file.row.subject_id).first()
    if row is None:
        raise hidden(Apart, ref)
    return row


def apart_of(file: File) -> list[tuple[Apart, str]]:
    """From whom the child is kept apart, by what this file says: why, for who sees the safety."""
    rows = Apart.objects.filter(subject=file.row.subject_id, lifted_at=None).select_related("said_by__user")
    found = []
    for row in rows.order_by("said_at", "id")[:SHOWN]:
        row.subject = file.row.subject
        found.append((row, str(file.open(row, "why") or "") if file.sees(Part.SAFETY) else ""))
    return found
