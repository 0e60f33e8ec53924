"""Somebody accused who may be a person around the child, or its guardian: flags for who has to act, which name nobody.

The list of people is asked as the case manager sees it: whoever writes down who is accused may not see it, and hears nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.policy import Part
from amanat.cases import persons
from amanat.cases.actions.consenting import DECIDE_WITHIN
from amanat.cases.actions.writing import flag_for
from amanat.cases.circle import Circle
from amanat.cases.models import Case, PersonAround
from amanat.legal.models import Proceeding, ProceedingState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

AROUND = _(
    "Somebody who is accused may be a person around the child. Look at both. Is it the same person, record them as a suspect."
)
GUARDIAN = _(
    "Somebody who is accused may be the guardian of the child. Look at both. Is it the same person, record them as a suspect, and ask "
    "for another guardian."
)
NO_GUARDIAN = _(
    "The guardian in proceedings may no longer be trusted. Ask for another one, without a conflict of interest."
)


def flag(case: Case, accused: str, actor: Actor, person: str = "") -> None:
    """Within a verb that holds the case. `accused`: their names as they were written; `person`: who of the list it is said to be, by id."""
    manager = Circle(case, actor).manager
    if manager is None or case.is_closed:
        return
    who = manager.membership
    for sentence in dict.fromkeys(_sentences(open_file(Actor.of(who, actor.now), case), accused, person)):
        flag_for(who, case, sentence, Part.SAFETY, actor.now + DECIDE_WITHIN, actor.now)


def _sentences(file: File, accused: str, person: str) -> Iterator[StrOrPromise]:
    around = [one for one in persons.around(file) if not one.is_suspect]
    found = [one for one in around if one.ref == person or one in persons.like(accused, around)]
    guardians = _guardians(file) if found else set()
    for one in found:
        is_guardian = one.ref in guardians or one.may_consent
        yield GUARDIAN if is_guardian else AROUND


def guardian_to_decide(file: File, person: PersonAround) -> StrOrPromise | None:
    """Of a person who is a suspect now: they stand for the child in proceedings (`cases.suspected`)."""
    return NO_GUARDIAN if person.pk.hex in _guardians(file) else None


def _guardians(file: File) -> set[str]:
    """Who stands for the child in proceedings that have not ended, by id; nobody where the legal file is closed. One query, and one more
    where somebody was written down who did not choose from the people around the child."""
    rows = Proceeding.objects.filter(subject=file.row.subject_id).exclude(state=ProceedingState.ENDED)
    found: set[str] = set()
    for row in rows if file.sees(Part.LEGAL_FILE) else ():
        row.subject = file.row.subject
        held = file.open(row, "content") or {}
        if held.get("guardian"):
            found.add(str(held["guardian"]))
        elif held.get("guardian_name"):
            found |= {one.ref for one in persons.like(str(held["guardian_name"]), persons.around(file))}
    return found
