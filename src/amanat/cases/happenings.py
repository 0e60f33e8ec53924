"""What happened on cases, in the words of procedures: out of their timelines, and of the forms that were filled in."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from amanat import packs
from amanat.cases.models import AlertKind, Case, Event, EventKind, Stage
from amanat.forms.models import Record
from amanat.packs import Pack
from amanat.procedures import Happened, Step
from amanat.procedures.reading import STEPS
from amanat.procedures.steps import DONE, FORM, WAIVED

# What is said of a step by hand; no procedure names these.
OF_STEPS = {EventKind.STEP_DONE: DONE, EventKind.STEP_WAIVED: WAIVED}
BY_HAND = frozenset({*OF_STEPS, EventKind.STEP_TAKEN_BACK})
# Lines that bring a case to a stage.
MOVING = frozenset({EventKind.REGISTERED, EventKind.OPENED, EventKind.STAGE_MOVED})
# Lines of what changes the facts that a procedure asks for, and of a case that ends or goes on.
_OF_FACTS = MOVING | {EventKind.RISK_CHANGED, EventKind.CLOSED, EventKind.REOPENED}
_STAGE = "stage:"
_PRIORITY = "priority:"
# Lines that say how urgent a case is from then on.
_URGENT = frozenset({EventKind.OPENED, EventKind.RISK_CHANGED, EventKind.ALERT_RAISED})

NoteOf = Callable[[Event], Mapping[str, Any]]
Recorded = tuple[uuid.UUID, str, datetime]
"""Of which child, which form, when."""
RecordsOf = Callable[[Iterable[uuid.UUID]], Iterable[Recorded]]


def procedure() -> Sequence[Step]:
    """The steps of the workspace's packs that are in use."""
    return procedure_of(packs.current())


def procedure_of(pack: Pack) -> Sequence[Step]:
    return [step for step in pack.part(STEPS).values() if not step.retired]


def step_named(name: str) -> Step | None:
    return packs.current().part(STEPS).get(name)


def step_label(name: str) -> str:
    """What a step is called; a step that no pack knows any more stands as it is."""
    step = step_named(name)
    return step.label.text() if step else name


def facts(case: Case) -> dict[str, str]:
    """What the conditions of steps can ask for."""
    return {"stage": case.stage, "risk": case.risk, "priority": case.priority}


def changes_the_course(kind: EventKind) -> bool:
    """Whether with such a line of the timeline other steps can be due than before."""
    return kind in _OF_FACTS or kind in _kinds(_asked())


def asks_for(event: str) -> bool:
    """Whether some step begins or ends with it."""
    return any(event in (*step.after, *step.finished_by, *step.anew) for step in procedure())


def _asked() -> set[str]:
    """The kinds of events that some step begins or ends with: what stands before the colon."""
    return {event.split(":")[0] for step in procedure() for event in (*step.after, *step.finished_by, *step.anew)}


def _kinds(asked: set[str]) -> list[EventKind]:
    by_name = {EventKind(name) for name in asked if name in EventKind}
    moves = ((_STAGE, MOVING), (_PRIORITY, _URGENT))
    return sorted(by_name.union(BY_HAND, *(kinds for fact, kinds in moves if fact[:-1] in asked)))


def recorded(subjects: Iterable[uuid.UUID]) -> Iterable[Recorded]:
    """The forms that were filled in about these children. One that does not hold counts once somebody looked it through."""
    rows = Record.objects.filter(subject__in=set(subjects), needs_review=False)
    return rows.values_list("subject_id", "form_version__form__name", "recorded_at")


def happened(
    cases: Iterable[Case], note_of: NoteOf, records_of: RecordsOf = recorded
) -> dict[uuid.UUID, list[Happened]]:
    """By case: what happened on it. Two queries, however many cases. `note_of` opens the note of a line of the part *existence*.

    Forms count that were filled in since the case began: they stand with the child, who may have had an earlier one.
    """
    of_subject, asked = {case.pk: case.subject_id for case in cases}, _asked()
    rows = Event.objects.filter(case__in=of_subject, kind__in=_kinds(asked)).select_related("subject")
    lines: dict[uuid.UUID, list[Event]] = defaultdict(list)
    for row in rows.order_by("happened_at", "written_at", "id"):
        lines[row.case_id].append(row)
    filled: dict[uuid.UUID, list[Happened]] = defaultdict(list)
    for subject, name, at in records_of(of_subject.values()) if FORM[:-1] in asked and lines else ():
        filled[subject].append(Happened(FORM + name, at))
    found = {case: list(_of_lines(lines[case], note_of)) for case in of_subject}
    for case, told in found.items():
        told += [one for one in filled[of_subject[case]] if told and one.at >= told[0].at]
    return found


def _of_lines(lines: Sequence[Event], note_of: NoteOf) -> Iterator[Happened]:
    told = {line.pk: note_of(line) for line in lines if line.note and line.kind in BY_HAND | MOVING | _URGENT}
    taken_back = {told[line.pk].get("line") for line in lines if line.kind == EventKind.STEP_TAKEN_BACK}
    for line in lines:
        kind, note = EventKind(line.kind), told.get(line.pk, {})
        if kind in OF_STEPS:
            if line.pk.hex not in taken_back:
                yield Happened(OF_STEPS[kind] + note.get("step", ""), line.happened_at, line.pk.hex)
        elif kind is not EventKind.STEP_TAKEN_BACK:
            if not note.get("imported"):  # that a file came with an import is no first meeting
                yield Happened(kind.value, line.happened_at)
            if kind in MOVING and (stage := _reached(kind, note)):
                yield Happened(_STAGE + stage, line.happened_at)
            if kind in _URGENT and (priority := _urgency(kind, note)):
                yield Happened(_PRIORITY + priority, line.happened_at)


def _urgency(kind: EventKind, note: Mapping[str, Any]) -> str:
    """The priority that a line gives the case, "" where it says nothing of it. An alert about danger now is of the highest."""
    if kind is EventKind.ALERT_RAISED:
        return "P1" if note.get("alert") == AlertKind.P1 else ""
    return str(note.get("priority", ""))


def _reached(kind: EventKind, note: Mapping[str, Any]) -> str:
    """The stage to which a line brought the case, "" where it does not say."""
    if kind is EventKind.OPENED:
        return Stage.IDENTIFICATION
    if kind is EventKind.REGISTERED:
        return str(note.get("brought_in") or Stage.REGISTERED)
    return str(note.get("now", ""))
