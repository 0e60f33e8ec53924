"""The record of handing a child over: written before it leaves, signed by both ends and a witness on paper, which is then recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final, Required, TypedDict, Unpack

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.following import set_next_due
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind, TaskKind
from amanat.cases.persons import around, suspect_like
from amanat.cases.stating import check_born, check_day, check_open, file_of, said
from amanat.monitoring import hand_overs
from amanat.monitoring.actions.solving import CarerIsSuspect
from amanat.monitoring.models import HandOver
from amanat.monitoring.solutions import is_suspect
from amanat.names import signs
from amanat.web.errors import PersonFacingError

NEEDED: Final = ("place", "by", "by_capacity", "to", "to_capacity")  # those of `Told` without which there is no paper
LONGEST_AHEAD: Final = timedelta(days=90)  # ours: nobody knows who hands over in a quarter of a year


class Told(TypedDict, total=False):
    """What the record says. `carer`: a person around the child by id, where whoever receives the child is one."""

    place: Required[str]
    by: Required[str]
    by_capacity: Required[str]
    to: Required[str]
    to_capacity: Required[str]
    carer: str
    identity: str
    escort: str
    documents: str
    medicine: str
    belongings: str
    advice: str
    words: str
    witness: str
    witness_capacity: str


@verb(Verb.HANDOVER_WRITE)
def write(
    case: Case,
    *,
    at: datetime,
    actor: Actor,
    **told: Unpack[Told],
) -> HandOver:
    """Write the record. What is wrong is put right by another one; the newest holds.

    `at`: when the child is handed over, or was.

    Raises:
        CarerIsSuspect: whoever receives the child, goes along or is the witness; also where only the name is like a suspect's.
        PersonFacingError: the case is closed; something that the paper rests on is missing; the time lies months ahead, or before the
            child was born.
    """
    file = file_of(case, actor, Part.PLAN)
    check_open(case)
    _check_told(told)
    check_born(file, timezone.localdate(at), "at")
    if at > actor.now + LONGEST_AHEAD:
        raise PersonFacingError(_("This is more than 90 days away."), field="at")
    named = {"to": told["to"], "by": told["by"], "escort": told.get("escort", ""), "witness": told.get("witness", "")}
    _check_no_suspect(file, told.get("carer", ""), named)
    row = HandOver.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        number=signs.unused(lambda: signs.drawn(8), lambda drawn: HandOver.objects.filter(number=drawn).exists()),
        content=said(at=at.isoformat(), **told),
    )
    mark(case, EventKind.CHILD_HANDED_OVER, actor, part=Part.PLAN)
    return row


@verb(Verb.HANDOVER_SIGN)
def sign(case: Case, *, on: date, both: bool, words: str = "", actor: Actor, seen: str = "") -> HandOver:
    """Record that both ends signed the newest record. `seen`: the number of the one that lies before whoever says so.

    Raises:
        CarerIsSuspect: whoever receives the child became one since.
        PersonFacingError: the case is closed, there is no record, it is signed already, another one was written meanwhile, one end has
            not signed, or the day can't be.
    """
    file = file_of(case, actor, Part.PLAN)
    check_open(case)
    held = next(iter(hand_overs.of_case(file)), None)
    if held is None:
        raise PersonFacingError(
            _("No record is written yet."), _("Write it first, and let both ends sign it on paper.")
        )
    if seen and seen != held.row.number:
        raise PersonFacingError(
            _("Another record was written meanwhile: %(number)s.") % {"number": held.row.number},
            _("Read that one, and let both ends sign it."),
        )
    if held.is_signed:
        raise PersonFacingError(_("It is signed already."), _("If something was wrong, write another record."))
    if not both:
        raise PersonFacingError(_("Both ends have to sign: who hands over, and who receives the child."), field="both")
    check_day(file, on)
    _check_no_suspect(file, held.carer, {"to": held.to})
    row = held.row
    row.subject = case.subject
    row.signed_at, row.signed_by = actor.now, actor.membership
    row.signed = said(on=on.isoformat(), words=words)
    row.save(update_fields=["signed_at", "signed_by", "signed"])
    case.tasks.filter(kind=TaskKind.HAND_OVER, done_at=None).update(done_at=actor.now, done_by=actor.membership)
    set_next_due(case)
    mark(case, EventKind.CHILD_HANDED_OVER, actor, part=Part.PLAN, at=min(held.at, actor.now), signed=True)
    return row


def _check_told(told: Mapping[str, object]) -> None:
    """Not every caller is the form: what the paper rests on has to be there, and nothing that it does not know."""
    if unknown := told.keys() - {*hand_overs.LABELS, "carer"}:
        raise TypeError(f"the record does not know {', '.join(sorted(unknown))}")
    for name in NEEDED:
        if not str(told.get(name) or "").strip():
            label = hand_overs.LABELS[name]
            raise PersonFacingError(_("The record of handing over lacks: %(what)s.") % {"what": label}, field=name)


def _check_no_suspect(file: File, carer: str, names: dict[str, str]) -> None:
    if carer and is_suspect(file.row, carer):
        raise CarerIsSuspect("carer")
    persons = around(file)
    if carer and carer not in {one.ref for one in persons}:
        raise PersonFacingError(
            _("This person is not among the people around the child any more."), _("Choose another one."), "carer"
        )
    for field, name in names.items():
        if name and suspect_like(name, persons) is not None:
            raise CarerIsSuspect(field)
