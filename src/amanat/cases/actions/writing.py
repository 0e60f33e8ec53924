"""Writing on a file: notes (also one note for several siblings), documents, flags and what is to be done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from amanat.access.actor import Actor
from amanat.access.files import Closed, File, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases import documents
from amanat.cases.actions import alerting
from amanat.cases.actions.following import follow, set_next_due
from amanat.cases.actions.marking import lock, mark
from amanat.cases.circle import Circle
from amanat.cases.models import Alert, Attachment, Case, Event, EventKind, SharedNote, Task, TaskKind
from amanat.people.models import Membership
from amanat.vault.models import Subject, SubjectKind
from amanat.vault.uploads import SealedUpload
from amanat.web.errors import PersonFacingError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Parts that take notes and documents of their own. Plan, referral summary and consent are written through their rooms' forms.
TAKE_NOTES = (
    Part.NARRATIVE,
    Part.SAFETY,
    Part.FACTS,
    Part.CONTACTS,
    Part.PSYCHOLOGY_NOTES,
    Part.PSYCHOLOGY_SUMMARY,
    Part.HEALTH_FILE,
    Part.HEALTH_ALERTS,
    Part.LEGAL_FILE,
    Part.LEGAL_STATUS,
    Part.CENTRE,
)
TAKE_DOCUMENTS = (*TAKE_NOTES, Part.IDENTITY, Part.CONSENT, Part.PLAN)
# What a profession writes comes first: a psychologist's note goes into the process notes unless they say otherwise.
OWN_GROUND = (Part.PSYCHOLOGY_NOTES, Part.LEGAL_FILE, Part.HEALTH_FILE, Part.CENTRE)


def parts_for(file: File, taking: Sequence[Part]) -> list[Part]:
    """The parts of those named that the actor may write into, their own ground first."""
    writable = [part for part in taking if file.writes(part)]
    return sorted(writable, key=lambda part: part not in OWN_GROUND)


def _writes(case: Case, part: Part, actor: Actor) -> File:
    """Raises:
    Closed: the actor may not write this part of the file.
    """
    file = open_file(actor, case)
    if not file.writes(part):
        raise Closed(part)
    return file


@verb(Verb.CASE_NOTE)
def note(
    case: Case,
    *,
    part: Part,
    text: str,
    actor: Actor,
    happened_at: datetime | None = None,
    siblings: Sequence[Case] = (),
) -> Event:
    """Write a note into a part of the file. A note about siblings stands once and is led to from each child's timeline.

    Raises:
        Closed: the actor may not write this part, of this child or of one of the siblings.
        PersonFacingError: it is said to have happened later than now.
    """
    if happened_at is not None and happened_at > actor.now:
        raise PersonFacingError(_("This lies in the future. Write what has happened."), field="happened_at")
    for each in (case, *siblings):
        _writes(each, part, actor)
    lock(case, *siblings)
    if siblings:
        return _shared_note((case, *siblings), part, text, happened_at, actor)
    _contact(case, happened_at or actor.now)
    return mark(case, EventKind.NOTE, actor, part=part, at=happened_at, text=text)


def _shared_note(cases: Sequence[Case], part: Part, text: str, at: datetime | None, actor: Actor) -> Event:
    subject = Subject.objects.begin(SubjectKind.SHARED)
    shared = SharedNote.objects.create(subject=subject, part=part, text=text)
    events = [
        Event(
            case=case,
            subject=case.subject,
            kind=EventKind.NOTE,
            part=part,
            author=actor.membership,
            happened_at=at or actor.now,
            written_at=actor.now,
            shared=shared,
        )
        for case in cases
    ]
    for case in cases:
        _contact(case, at or actor.now)
    Event.objects.bulk_create(events)
    follow(cases, EventKind.NOTE)
    return events[0]


def _contact(case: Case, at: datetime) -> None:
    """A note is a sign of contact on the day it tells of: lists can be sorted by the last one."""
    case.last_contact = max(case.last_contact, timezone.localdate(at))
    case.save(update_fields=["last_contact"])


@verb(Verb.CASE_ATTACH, around=documents.whole_or_nothing)
def attach(
    case: Case, *, part: Part, upload: SealedUpload, title: str = "", actor: Actor, from_phone: bool = False
) -> Attachment:
    """Keep an uploaded file, sealed as it arrived; of a picture also a working copy without metadata. `from_phone`: it goes with the
    answers of a form, which are kept whatever parts they are of, for nobody could ask again.

    Raises:
        Closed: the actor may not write this part.
        documents.NotTaken: too large, empty, or not of an allowed kind.
    """
    if not from_phone:
        _writes(case, part, actor)
    return keep_document(case, part, upload, title, actor)


def keep_document(case: Case, part: Part, upload: SealedUpload, title: str, actor: Actor) -> Attachment:
    """The document itself, for verbs that are `whole_or_nothing` and have looked whether the actor writes the part."""
    about = documents.take(upload, title)
    attachment = Attachment.objects.create(
        case=case,
        subject=case.subject,
        part=part,
        original=upload.file_id,
        working_copy=uuid.UUID(about["copy"]) if "copy" in about else None,
        added_by=actor.membership,
        added_at=actor.now,
        about=about,
    )
    mark(case, EventKind.ATTACHED, actor, part=part, text=about["name"], attachment=attachment.pk.hex)
    return attachment


@verb(Verb.CASE_FLAG)
def flag(case: Case, *, text: str, due: datetime, owner: Membership | None = None, actor: Actor) -> Task:
    """Raise a flag: something that somebody in the circle (else the actor) must look at by a time.

    Raises:
        PersonFacingError: the case is closed, the time has passed already, or the owner does not stand in the circle of care.
    """
    lock(case)
    if case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Reopen it first."))
    if due < actor.now:
        raise PersonFacingError(_("This time has passed. Choose a later one."), field="due")
    if owner is not None and owner not in may_own_tasks(case, actor):
        raise PersonFacingError(_("This person does not stand in the circle of care."), field="owner")
    task = add_task(case, TaskKind.FLAG, text, due, owner or actor.membership, actor)
    mark(case, EventKind.FLAGGED, actor, text=text)
    return task


def may_own_tasks(case: Case, actor: Actor) -> list[Membership]:
    """For whom a flag can be raised: the actor, then the circle of care."""
    circle = [grant.membership for grant in Circle(case, actor).grants()]
    return list(dict.fromkeys([actor.membership, *circle]))


def add_task(
    case: Case,
    kind: TaskKind,
    text: str,
    due: datetime,
    owner: Membership,
    actor: Actor,
    part: Part = Part.EXISTENCE,
    alert: Alert | None = None,
) -> Task:
    """A task on a case, also raised by other verbs, which hold it; the case moves up in lists by date."""
    task = Task.objects.create(
        case=case,
        subject=case.subject,
        kind=kind,
        part=part,
        owner=owner,
        made_by=actor.membership,
        due=due,
        alert=alert,
        text=text,
    )
    set_next_due(case)
    return task


def flag_for(who: Membership, case: Case, sentence: StrOrPromise, part: Part, due: datetime, now: datetime) -> Task:
    """A flag that follows from what a colleague wrote, raised by the verb that wrote it: in the name and the language of who has to act,
    so that whoever caused it reads nothing of it."""
    with override(who.user.language):
        return add_task(case, TaskKind.FLAG, str(sentence), due, who, Actor.of(who, now), part)


@verb(Verb.CASE_FINISH_TASK)
def finish_task(task: Task, *, text: str = "", actor: Actor) -> Task:
    """Say that a task is done; with what came of it.

    Raises:
        PersonFacingError: somebody has done so before.
    """
    lock(task.case)
    done = Task.objects.filter(pk=task.pk, done_at=None).update(done_at=actor.now, done_by=actor.membership)
    if not done:
        raise PersonFacingError(_("A colleague has finished this already."), _("Write what you have to add as a note."))
    set_next_due(task.case)
    mark(task.case, EventKind.FINISHED, actor, text=text)
    alerting.answered(task, actor)
    return task
