"""People around a child: written down, changed, taken out; recorded as a suspect, and cleared of that."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.models import Conflict
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases import suspected
from amanat.cases.actions.consenting import DECIDE_WITHIN
from amanat.cases.actions.guarding import keep_out
from amanat.cases.actions.marking import lock, mark
from amanat.cases.actions.writing import flag_for
from amanat.cases.models import Case, EventKind, PersonAround
from amanat.cases.persons import RELATIONS, around, suspect_like
from amanat.cases.shown import label
from amanat.people.models import Membership, User
from amanat.web.errors import PersonFacingError, Stale

FIELDS = ("name", "relation", "phone", "words")


class LikeASuspect(PersonFacingError):
    """A suspect of this name stands on the list: written down a second time, they could consent."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("A suspect of a like name stands on the list: %(name)s.") % {"name": name},
            _("Is it the same person, do not write them down again. Is it somebody else, tick that below."),
            field="is_another",
        )


@verb(Verb.PERSON_RECORD)
def record_person(
    case: Case,
    *,
    name: str,
    relation: str,
    phone: str = "",
    words: str = "",
    is_another: bool = False,
    actor: Actor,
) -> PersonAround:
    """Write down a person around the child. `relation` is a code of the pack's list `relation`.

    Raises:
        LikeASuspect: it may be somebody who is recorded as a suspect, and the actor does not say that it is another.
    """
    lock(case)
    like = None if is_another else suspect_like(name, around(open_file(actor, case)))
    if like is not None:
        raise LikeASuspect(like.name.text)
    person = PersonAround.objects.create(
        subject=case.subject,
        child=case.child,
        about={"name": name, "relation": relation, "phone": phone, "words": words},
        written_by=actor.membership,
        written_at=actor.now,
    )
    mark(case, EventKind.PERSON_WRITTEN, actor, part=Part.CONTACTS, to=_on_one_line(name, relation))
    return person


@verb(Verb.PERSON_RECORD)
def change_person(
    case: Case, *, person: PersonAround, name: str, relation: str, phone: str, words: str, seen: int, actor: Actor
) -> PersonAround:
    """Change what is written of a person. What stood there before stays in the timeline.

    Raises:
        Stale: somebody changed it since version `seen`.
        PersonFacingError: they were taken out meanwhile.
    """
    file, row = _held(case, person, actor)
    before = file.open(row, "about") or {}
    if row.version != seen:
        raise Stale({key: str(before.get(key, "")) for key in FIELDS}, row.version)
    row.about = {"name": name, "relation": relation, "phone": phone, "words": words}
    if row.suspicion:
        row.suspicion = (file.open(row, "suspicion") or {}) | {"name": name, "relation": relation}
    row.version += 1
    row.save()
    now, was = _on_one_line(name, relation, phone, words), _on_one_line(*(before.get(key, "") for key in FIELDS))
    mark(case, EventKind.PERSON_WRITTEN, actor, part=Part.CONTACTS, to=now, was=was if was != now else "")
    return row


@verb(Verb.PERSON_RECORD)
def take_out_person(case: Case, *, person: PersonAround, reason: str, actor: Actor) -> PersonAround:
    """Take a person off the list. What they consented to, and where they were present, goes on naming them.

    Raises:
        PersonFacingError: they are a suspect, or were taken out meanwhile.
    """
    file, row = _held(case, person, actor)
    if row.suspicion:
        raise PersonFacingError(
            _("This person is recorded as a suspect and stays on the list."), _("Take the suspicion back first.")
        )
    held = file.open(row, "about") or {}
    row.taken_out_at = actor.now
    row.version += 1
    row.save(update_fields=["taken_out_at", "version"])
    told = _on_one_line(held.get("name", ""), held.get("relation", ""))
    mark(case, EventKind.PERSON_TAKEN_OUT, actor, part=Part.CONTACTS, text=reason, to=told)
    return row


@verb(Verb.PERSON_SUSPECT)
def suspect(
    case: Case,
    *,
    person: PersonAround,
    reason: str,
    worker: User | None = None,
    to: Membership | None = None,
    actor: Actor,
) -> PersonAround:
    """Record that a person is suspected: from now on they neither consent nor are informed.

    `worker`: who of the network they are; a conflict on the whole file keeps that worker out from this moment. Are they the case
    manager, `to` takes the case over. What rests on them is for others to decide: see `suspected`.

    Raises:
        ManagerNeeded: the worker is the case manager, and nobody is named.
        PersonFacingError: they are a suspect already, the worker is the actor, or they were taken out meanwhile.
    """
    file, row = _held(case, person, actor)
    if row.suspicion:
        raise PersonFacingError(_("This person is recorded as a suspect already."))
    held = (file.open(row, "about") or {}) if file.sees(Part.CONTACTS) else {}
    row.suspicion = {
        "words": reason,
        "since": actor.now.isoformat(),
        "by": str(actor.user),
        "name": held.get("name", ""),
        "relation": held.get("relation", ""),
    }
    row.user = worker
    row.version += 1
    row.save()
    if worker is not None and not _is_kept_out(case, worker):
        keep_out(case, worker, reason=reason, to=to, actor=actor)
    mark(case, EventKind.SUSPECTED, actor, part=Part.SAFETY, text=reason, to=str(held.get("name", "")))
    for asked in () if case.is_closed else list(suspected.to_decide(case, row, actor)):
        flag_for(asked.who, case, asked.sentence, asked.part, actor.now + DECIDE_WITHIN, actor.now)
    return row


@verb(Verb.PERSON_CLEAR)
def clear(case: Case, *, person: PersonAround, reason: str, actor: Actor) -> PersonAround:
    """Take back that a person is a suspect. A conflict that came with it stays: lifting one is a decision of its own.

    Raises:
        PersonFacingError: they are none, or were taken out meanwhile.
    """
    file, row = _held(case, person, actor)
    if not row.suspicion:
        raise PersonFacingError(_("This person is not recorded as a suspect."))
    name = (file.open(row, "suspicion") or {}).get("name", "")
    row.suspicion = row.user = None
    row.version += 1
    row.save()
    mark(case, EventKind.CLEARED, actor, part=Part.SAFETY, text=reason, to=name)
    return row


def _held(case: Case, person: PersonAround, actor: Actor) -> tuple[File, PersonAround]:
    """The file, and the person as they stand under the lock of the case.

    Raises:
        PersonFacingError: they are on the list no more.
    """
    lock(case)
    row = PersonAround.objects.filter(pk=person.pk, child=case.child_id, taken_out_at=None).first()
    if row is None:
        raise PersonFacingError(_("This person was taken off the list meanwhile."))
    row.subject = case.subject
    return open_file(actor, case), row


def _is_kept_out(case: Case, user: User) -> bool:
    return Conflict.objects.filter(subject=case.subject_id, user=user, part="", lifted_at=None).exists()


def _on_one_line(name: str, relation: str, *more: Any) -> str:
    return ", ".join(str(one) for one in (name, label(RELATIONS, relation) if relation else "", *more) if one)
