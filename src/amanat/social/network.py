"""Who stands around a child, and what each is to it: people who are written down, brothers and sisters in care, the circle of care."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.labels import RELATION_LABELS
from amanat.access.policy import Part, Relation
from amanat.cases import persons, queries
from amanat.cases.models import PersonAround
from amanat.cases.persons import Around
from amanat.cases.shown import Text, case_of, label, name_of, spoken
from amanat.social.family import NOTHING, RESULTS, SAFE, WITH_MEASURES
from amanat.social.models import FamilyKind, FamilyStep, Tie

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST: Final = 200  # ties and steps of a child that are looked through, the newest
RINGS: Final = "network_ring"
GUARDIANS: Final = frozenset({"guardian"})
KIN: Final = frozenset(
    {
        "mother",
        "father",
        "step_parent",
        "sibling",
        "grandparent",
        "relative",
        "guardian",
        "foster_carer",
        "partner",
        "own_child",
    }
)


class Ring(StrEnum):
    """From the middle outwards."""

    HOUSEHOLD = "household"
    FAMILY = "family"
    OTHERS = "others"
    PROFESSIONALS = "professionals"


RING_LABELS: dict[Ring, StrOrPromise] = {
    Ring.HOUSEHOLD: _("Household"),
    Ring.FAMILY: _("Family"),
    Ring.OTHERS: _("Friends, school, neighbours"),
    Ring.PROFESSIONALS: _("Professionals"),
}


class Mark(StrEnum):
    """What somebody is to the child. Where several are true, the first one gives the shape; the table names all."""

    SUSPECT = "suspect"
    SAFE = "safe"
    GUARDIAN = "guardian"
    SIBLING = "sibling"
    WORKER = "worker"
    NONE = "none"


MARKS: dict[Mark, tuple[StrOrPromise, str, str]] = {
    Mark.SUSPECT: (_("suspect"), "danger", "alert"),
    Mark.SAFE: (_("safe person"), "success", "check"),
    Mark.GUARDIAN: (_("guardian"), "accent", "shield"),
    Mark.SIBLING: (_("sibling in care"), "accent", "siblings"),
}


@dataclass(frozen=True)
class Node:
    """Somebody around the child. `row` only of people who are written down; `case` only of brothers and sisters with a file."""

    name: Text
    what: StrOrPromise
    ring: Ring
    marks: tuple[Mark, ...] = ()
    words: Text = NOTHING
    family: str = ""  # the result of the last assessment, where it is open
    is_placed: bool = True  # a worker said where they stand; else it follows from the relation
    person: uuid.UUID | None = None
    case: Any = None

    @property
    def mark(self) -> Mark:
        return self.marks[0] if self.marks else Mark.NONE

    @property
    def where(self) -> StrOrPromise:
        return RING_LABELS[self.ring]

    @property
    def badges(self) -> list[tuple[StrOrPromise, str, str]]:
        return [MARKS[one] for one in self.marks if one in MARKS]


def around(file: File) -> tuple[list[Node], list[File]]:
    """Everybody around the child that the actor may know of, from the middle outwards; and the files of brothers and sisters that
    were looked into for it. For whoever sees contacts; a fixed number of queries."""
    known = persons.around(file)
    ties, results = _ties(file), _results(file)
    nodes = [_person(file, one, ties.get(one.row.pk, {}), results.get(one.ref, "")) for one in known]
    siblings = _siblings(file)
    nodes += [_sibling(one) for one in siblings]
    nodes += _workers(file)
    places = list(Ring)
    return sorted(nodes, key=lambda node: places.index(node.ring)), siblings


def tie_to_decide(file: File, person: PersonAround) -> StrOrPromise | None:
    """Of a person who is a suspect now: they were called a safe person of the child (`cases.suspected`)."""
    if not file.sees(Part.CONTACTS) or _ties(file).get(person.pk, {}).get("safe") != "yes":
        return None
    return _("Somebody who was called a safe person may no longer be one. Look at the network, and find another one.")


def _ties(file: File) -> dict[uuid.UUID, dict[str, Any]]:
    """The newest word on each person."""
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for row in Tie.objects.filter(subject=file.row.subject_id).order_by("-at", "-id")[:MOST]:
        row.subject = file.row.subject
        if row.person_id not in found:
            found[row.person_id] = file.open(row, "content") or {}
    return found


def _results(file: File) -> dict[str, str]:
    """The result of the last assessment by person, where safety is open."""
    if not file.sees(Part.SAFETY):
        return {}
    rows = FamilyStep.objects.filter(subject=file.row.subject_id, kind=FamilyKind.ASSESSED, about__isnull=False)
    found: dict[str, tuple[tuple[str, Any], str]] = {}
    for row in rows.select_related("about").order_by("-at", "-id")[:MOST]:
        assert row.about is not None
        row.subject = row.about.subject = file.row.subject
        asked, held = file.open(row.about, "content") or {}, file.open(row, "content") or {}
        person, latest = asked.get("person", ""), (held.get("on", ""), row.at)
        if person and (person not in found or found[person][0] < latest):
            found[person] = (latest, held.get("result", ""))
    return {person: result for person, (_latest, result) in found.items()}


def _person(file: File, one: Around, tie: dict[str, Any], result: str) -> Node:
    """Who does not see safety learns neither who is a suspect nor who is safe: a missing sign would tell it as well."""
    sees_safety = file.sees(Part.SAFETY)
    is_suspect = sees_safety and one.is_suspect
    marks = [Mark.SUSPECT] if is_suspect else []
    marks += [Mark.SAFE] if sees_safety and tie.get("safe") == "yes" and not is_suspect else []
    marks += [Mark.GUARDIAN] if one.relation in GUARDIANS and not is_suspect else []
    ring = tie.get("ring") or (Ring.FAMILY if one.relation in KIN else Ring.OTHERS)
    doubtful = one.is_suspect and result in (SAFE, WITH_MEASURES)  # it was said before they were a suspect
    return Node(
        one.name,
        one.relation_text,
        Ring(ring),
        tuple(marks),
        words=spoken(str(tie.get("words") or "")),
        family="" if doubtful else label(RESULTS, result),
        is_placed=bool(tie.get("ring")),
        person=one.row.pk,
    )


def _siblings(file: File) -> list[File]:
    """One file of each brother or sister who is in care now."""
    if case_of(file).child.family_id is None:
        return []
    found: dict[uuid.UUID, File] = {}
    for other in queries.related(file):
        if other.row.subject_id != file.row.subject_id and not case_of(other).is_closed:
            found[other.row.subject_id] = other
    return list(found.values())


def _sibling(file: File) -> Node:
    case = case_of(file)
    name = name_of(file) or Text(case.child.code_name)
    return Node(name, _("Brother or sister"), Ring.FAMILY, (Mark.SIBLING,), case=case)


def _workers(file: File) -> Iterable[Node]:
    """The circle of care, each worker once."""
    places: dict[str, list[str]] = {}
    for grant in queries.grants_of(file):
        worker = f"{grant.membership.user.display_name}, {grant.membership.agency}"
        places.setdefault(worker, []).append(str(RELATION_LABELS[Relation(grant.relation)]))
    return [Node(Text(name), ", ".join(held), Ring.PROFESSIONALS, (Mark.WORKER,)) for name, held in places.items()]
