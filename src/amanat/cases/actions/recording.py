"""Forms that are filled in about a child: recording one, correcting it. What stood there before is kept.

A page and a phone call the same verb. What does not hold is refused on a page, question by question; from a phone it is kept as
it came and marked, because nobody could ask again.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Max
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.alerting import begin_alert
from amanat.cases.actions.following import follow_form, set_next_due
from amanat.cases.actions.marking import lock, mark
from amanat.cases.actions.writing import add_task
from amanat.cases.circle import Circle
from amanat.cases.models import AlertKind, Case, EventKind, Task, TaskKind
from amanat.forms import kept, parting, records
from amanat.forms.filling import Filling
from amanat.forms.models import Answers, FormVersion, Record
from amanat.forms.records import Reading
from amanat.web.errors import PersonFacingError


class DoesNotHold(PersonFacingError):
    """Some answers do not hold. `faults`: what of each, by the path of its question."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(_("Some answers do not hold yet."), _("Look at what is marked, then save again."))
        self.faults = dict(faults)


class CorrectedMeanwhile(PersonFacingError):
    """Somebody else corrected the same parts since `seen`; `record` is as it stands now."""

    def __init__(self, record: Record) -> None:
        super().__init__(
            _("Somebody else corrected this form while you were writing."),
            _("Nothing is lost. Look at what stands there now; if you save again, yours takes its place."),
        )
        self.record = record


@verb(Verb.FORM_RECORD)
def record_form(
    case: Case,
    *,
    version: FormVersion,
    instance: bytes,
    instance_id: str,
    language: str,
    actor: Actor,
    from_phone: bool = False,
) -> Record:
    """Keep a filled form as a record of the child; the same one where this instance was recorded before.

    Raises:
        DoesNotHold: some answers do not; never from a phone.
        PersonFacingError: nothing was answered that is the actor's to write, or it stands on another file.
    """
    lock(case)
    if (before := Record.objects.filter(instance_id=instance_id).first()) is not None:
        return _same(before, case)
    file, filling = open_file(actor, case), records.filled(version, instance, actor.now, language)
    pieces = parting.split(kept.form_of(version), instance)
    holds = _holds(file, filling, pieces, from_phone=from_phone)
    record = Record.objects.create(
        subject=case.subject,
        number=_next_number(case),
        instance_id=instance_id,
        form_version=version,
        language=language,
        recorded_at=actor.now,
        recorded_by=actor.membership,
        changed_at=actor.now,
        needs_review=not holds,
    )
    _write(record, pieces, actor)
    part = _leading(filling, pieces)
    mark(case, EventKind.FORM_RECORDED, actor, part=part, form=dict(version.title), record=record.number)
    follow_form(case, version.form.name)
    _raise_tasks(case, record, filling, actor)
    return record


def _same(before: Record, case: Case) -> Record:
    """Raises:
    PersonFacingError: the instance became a record of another child; nobody says whose.
    """
    if before.subject_id != case.subject_id:
        raise PersonFacingError(_("This form was recorded before, on another file."), _("Fill in a new one."))
    return before


def _holds(file: File, filling: Filling, pieces: dict[str, str], *, from_phone: bool) -> bool:
    """Whether all holds. From a page only what its writer may write is kept; what does not hold is refused."""
    foreign = [part for part in pieces if not file.writes(Part(part))]
    faults = _faults(file, filling)
    if from_phone:
        is_empty = not pieces
        if is_empty:
            pieces |= _nothing(file, filling)
        return not (faults or foreign or filling.left_over or is_empty)
    for part in foreign:
        del pieces[part]
    if not pieces:
        raise PersonFacingError(_("Nothing is filled in yet."), _("Answer at least one question."))
    if faults:
        raise DoesNotHold(faults)
    return True


def _nothing(file: File, filling: Filling) -> dict[str, str]:
    """What stands of a form without any answer: a record has a part, here one that its sender reads."""
    parts = sorted(filling.form.parts)
    part = next((part for part in parts if file.sees(Part(part))), parts[0])
    return {part: parting.bare(filling.instance())}


def _faults(file: File | Reading, filling: Filling) -> dict[str, str]:
    """What does not hold, of questions that the actor may answer."""
    if not (found := filling.faults()):
        return found
    asked = {item.path for one in filling.screens() for item in one.questions if file.writes(Part(item.question.part))}
    return {path: fault for path, fault in found.items() if path in asked}


def _next_number(case: Case) -> int:
    last: int | None = Record.objects.filter(subject=case.subject).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _write(record: Record, pieces: Mapping[str, str], actor: Actor, reason: str = "") -> None:
    for part, piece in pieces.items():
        Answers.objects.create(
            subject=record.subject,
            record=record,
            part=part,
            version=record.version,
            form_version=record.form_version,
            author=actor.membership,
            written_at=actor.now,
            instance=piece,
            reason=reason or None,
        )


def _leading(filling: Filling, pieces: Mapping[str, str]) -> Part:
    """The part of the first answer: who reads that part reads the line in the timeline."""
    first = next((part for part in filling.parts() if part in pieces), "")
    return Part(first or next(iter(pieces)))


def _raise_tasks(case: Case, record: Record, filling: Filling, actor: Actor) -> None:
    """Everybody who knows of the file reads a task. So it says which record and whose, not what was answered (`shown.task_said`).

    An alert goes two ways: the case manager has what is to be done on the file, and the duty list finds who takes it up now.
    """
    alerts = filling.alerts()
    if not (alerts or record.needs_review):
        return
    manager = Circle(case, actor).manager
    owner = manager.membership if manager else actor.membership
    told = f"{record.number} {actor.membership.user.display_name}"
    if alerts:
        alert = begin_alert(case, kind=AlertKind.ANSWER, words="", actor=actor)
        add_task(case, TaskKind.FORM_ALERT, told, actor.now, owner, actor, alert=alert)
    if record.needs_review:
        add_task(case, TaskKind.FORM_REVIEW, told, actor.now, owner, actor)


@verb(Verb.FORM_CORRECT)
def correct_record(
    case: Case,
    *,
    number: int,
    version: FormVersion,
    instance: bytes,
    language: str,
    actor: Actor,
    seen: int,
    reason: str,
    from_phone: bool = False,
) -> Record:
    """Correct a record, or carry it over into a newer version of its form. The former answers are kept, with who, when and why.

    Only parts that the actor writes change; what the instance says of others is left alone. `from_phone`: files of a form that came
    before; what did not hold then need not hold now, and is still to be looked through.

    Raises:
        CorrectedMeanwhile: one of them was corrected since version `seen`, or all of it carried over into a newer form.
        DoesNotHold: some answers do not.
        PersonFacingError: nothing changed that is theirs to write.
    """
    lock(case)
    held = _held(case, number, actor)
    record, filling = held.record, records.filled(version, instance, actor.now, language)
    if (faults := _faults(held, filling)) and not from_phone:
        raise DoesNotHold(faults)
    pieces = _changed(held, version, instance)
    if not pieces and version == record.form_version:
        raise PersonFacingError(_("Nothing was changed."), _("Change an answer, or go back to the record."))
    if _carried_over(held, version, seen) or any(
        held.rows[Part(part)].version > seen for part in pieces if Part(part) in held.rows
    ):
        raise CorrectedMeanwhile(record)
    record.version += 1
    record.form_version, record.language, record.changed_at = version, language, actor.now
    record.needs_review = from_phone and record.needs_review
    record.save(update_fields=["version", "form_version", "language", "changed_at", "needs_review"])
    _write(record, pieces, actor, reason)
    part = _leading(filling, pieces or {str(part): "" for part in held.rows})
    mark(case, EventKind.FORM_CORRECTED, actor, part=part, form=dict(version.title), record=number, text=reason)
    _reviewed(case, actor)
    follow_form(case, version.form.name)
    if not from_phone:
        _raise_tasks(case, record, filling, actor)
    return record


@verb(Verb.FORM_CORRECT)
def look_through(case: Case, *, number: int, reason: str, actor: Actor, seen: int | None = None) -> Record:
    """Say of a record that came from a phone and does not hold that it stands as it came, and why. Nothing of it changes.

    Raises:
        PersonFacingError: it is not to be looked through (any more), its writer writes none of its parts, or it was corrected since `seen`.
    """
    lock(case)
    held = _held(case, number, actor)
    record = held.record
    if not record.needs_review or seen not in (None, record.version):
        raise PersonFacingError(_("A colleague has looked this through already."), _("Look at what stands there now."))
    mine = [part for part in held.rows if held.writes(part)]
    if not mine:
        raise PersonFacingError(_("You write none of the parts of this form."), _("Ask whoever does."))
    row = held.rows[mine[0]]
    record.version += 1
    record.changed_at, record.needs_review = actor.now, False
    record.save(update_fields=["version", "changed_at", "needs_review"])
    Answers.objects.create(
        subject=record.subject,
        record=record,
        part=row.part,
        version=record.version,
        form_version=row.form_version,
        author=actor.membership,
        written_at=actor.now,
        instance=held.file.open(row, "instance"),
        reason=reason,
        confirmed=True,
    )
    title = dict(record.form_version.title)
    mark(case, EventKind.FORM_REVIEWED, actor, part=mine[0], form=title, record=number, text=reason)
    _reviewed(case, actor)
    follow_form(case, record.form_version.form.name)
    return record


def _reviewed(case: Case, actor: Actor) -> None:
    """The tasks to look forms through are done once none of the child's waits for it."""
    if not Record.objects.filter(subject=case.subject, needs_review=True).exists():
        waiting = Task.objects.filter(subject=case.subject, kind=TaskKind.FORM_REVIEW, done_at=None)
        waited_on = {case.pk: case for case in Case.objects.filter(tasks__in=waiting)}
        waiting.update(done_at=actor.now, done_by=actor.membership)
        for key, row in waited_on.items():
            set_next_due(case if key == case.pk else row)


def _held(case: Case, number: int, actor: Actor) -> Reading:
    """The record as it stands under the lock of its case.

    Raises:
        PersonFacingError: there is none of this number.
    """
    file = open_file(actor, case)
    record = records.record_of(file, number)
    if record is None:
        raise PersonFacingError(_("There is no such record on this file."))
    return records.read(file, record)


def _carried_over(held: Reading, version: FormVersion, seen: int) -> bool:
    """Whether a colleague brought the record out of this version of its form since; parts that both left alone would go back too."""
    record = held.record
    return record.version > seen and record.form_version != version and held.at(seen).form_version == version


def _changed(held: Reading, version: FormVersion, instance: bytes) -> dict[str, str]:
    """The parts that the instance says otherwise than the record, of those that the actor writes; an emptied one stays as empty."""
    form = kept.form_of(version)
    now = parting.split(form, instance)
    before = parting.split(form, held.whole) if version == held.record.form_version else {}
    bare = parting.bare(instance)
    mine = sorted(part for part in {*now, *map(str, held.rows)} if held.writes(Part(part)))
    return {part: now.get(part, bare) for part in mine if _says(now.get(part)) != _says(before.get(part))}


def _says(piece: str | None) -> dict[str, str]:
    return parting.said(piece) if piece else {}
