"""People around a child as one actor may see them, and who of them may consent. Verbs: `actions.persons`."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from amanat import names
from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.models import Case, PersonAround
from amanat.cases.shown import Text, child_of, label, spoken
from amanat.people.models import User

RELATIONS = "relation"  # the pack's list
# That somebody is a suspect is a state of theirs with a reason, no relation: it is not offered as one.
NO_RELATION = "suspect"
# Who may consent in the place of a child, by their relation. Whoever else stands in for the parents by law is its guardian.
MAY_CONSENT = ("mother", "father", "guardian")
CHILD = "child"  # among those who were informed
LIKE_SHOWN = 10


@dataclass(frozen=True)
class Around:
    """A person around a child. What is not open to the reader is empty.

    Who sees safety and no contacts reads the names of suspects only.
    """

    row: PersonAround
    held: dict[str, Any]
    suspicion: dict[str, Any]

    @property
    def ref(self) -> str:
        return self.row.pk.hex

    @property
    def name(self) -> Text:
        return spoken(str(self.held.get("name") or self.suspicion.get("name") or ""))

    @property
    def relation(self) -> str:
        """Its code."""
        return str(self.held.get("relation") or self.suspicion.get("relation") or "")

    @property
    def relation_text(self) -> str:
        return label(RELATIONS, self.relation)

    @property
    def phone(self) -> str:
        return str(self.held.get("phone", ""))

    @property
    def words(self) -> Text:
        return spoken(str(self.held.get("words", "")))

    @property
    def why(self) -> Text:
        return spoken(str(self.suspicion.get("words", "")))

    @property
    def is_suspect(self) -> bool:
        return bool(self.row.suspicion)

    @property
    def may_consent(self) -> bool:
        return self.relation in MAY_CONSENT and not self.is_suspect

    @property
    def called(self) -> str:
        """Name and relation on one line, for a choice."""
        return ", ".join(filter(None, (self.name.text, self.relation_text))) or _(
            "A person whose name is closed to you"
        )


def around(file: File, *, also_former: bool = False) -> list[Around]:
    """The people around the child that are open to the actor, as they were written down; one query."""
    if not (file.sees(Part.CONTACTS) or file.sees(Part.SAFETY)):
        return []
    rows = child_of(file).persons.select_related("written_by__user", "user").order_by("written_at", "id")
    rows = rows if also_former else rows.filter(taken_out_at=None)
    return [_around(file, row) for row in rows]


def _around(file: File, row: PersonAround) -> Around:
    row.subject = file.row.subject
    held = file.open(row, "about") if file.sees(Part.CONTACTS) else None
    suspicion = file.open(row, "suspicion") if file.sees(Part.SAFETY) and row.suspicion else None
    return Around(row, held or {}, suspicion or {})


def person_of(file: File, ref: uuid.UUID) -> Around | None:
    """One of them; None for whom the actor may not know of."""
    return next((one for one in around(file) if one.row.pk == ref), None)


def by_ref(file: File) -> dict[str, Around]:
    """Also those who were taken out since, by how consents and interviews name them."""
    return {one.ref: one for one in around(file, also_former=True)}


def has_suspect(case: Case) -> bool:
    """Whether somebody around the child is a suspect; not who. For whoever answers for what leaves the file."""
    return PersonAround.objects.filter(child=case.child_id, taken_out_at=None, suspicion__isnull=False).exists()


def who_may_consent(persons: Iterable[Around]) -> list[Around]:
    return [one for one in persons if one.may_consent]


def none_left_to_consent(persons: Iterable[Around]) -> bool:
    """Whether parents or guardians are written down and each of them is a suspect."""
    told = [one for one in persons if one.relation in MAY_CONSENT]
    return bool(told) and all(one.is_suspect for one in told)


def suspect_like(name: str, persons: Iterable[Around]) -> Around | None:
    """A suspect on the list of a name that may be this one, in whatever script."""
    wanted = _heard(name)
    return next((one for one in persons if one.is_suspect and _alike(wanted, _heard(one.name.text))), None)


def like(names_written: str, persons: Iterable[Around]) -> list[Around]:
    """Those who may be one of the people of these names, in whatever script; several stand on lines of their own, or with commas."""
    wanted = [_heard(name) for name in re.split(r"[,;\n]", names_written)]
    return [one for one in persons if any(_alike(name, _heard(one.name.text)) for name in wanted)]


def workers_like(name: str, workers: Iterable[User]) -> list[User]:
    """Workers who may be the person of this name, in whatever script: of the shorter name each word is found in the other."""
    wanted = _heard(name)
    return [user for user in workers if _alike(wanted, _heard(user.display_name))][:LIKE_SHOWN] if wanted else []


def _heard(name: str) -> list[set[str]]:
    """Each word of a name as it is folded, and how it sounds."""
    return [{word, *(f"~{bones}" for bones in names.readings(word) if len(bones) > 1)} for word in names.tokens(name)]


def _alike(one: list[set[str]], other: list[set[str]]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and all(any(word & each for each in longer) for word in shorter)
