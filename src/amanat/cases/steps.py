"""The steps of the procedure on one case: what its timeline says goes into `amanat.procedures`, what is due comes out.

Nothing is kept but what people say: that a step is done, or why it is waived, as lines of the timeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from amanat import packs, procedures
from amanat.access.files import File
from amanat.access.labels import RELATION_LABELS
from amanat.access.policy import Part, Relation, Verb
from amanat.cases.models import Case, Event, EventKind, Stage
from amanat.cases.sections import Section, add
from amanat.cases.shown import case_of, label
from amanat.forms.models import Record
from amanat.forms.packed import of_the_pack
from amanat.procedures import Calendar, Due, Happened, Round, Step, vocabulary
from amanat.procedures.reading import STEPS
from amanat.procedures.steps import DONE, FORM, WAIVED

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OVER_SHOWN = 50
# What a step is in the timeline's own lines; no procedure names these.
_OF_STEPS = {EventKind.STEP_DONE: DONE, EventKind.STEP_WAIVED: WAIVED}
_STAGE = "stage:"
# Lines that bring a case to a stage.
_MOVING = (EventKind.REGISTERED, EventKind.OPENED, EventKind.STAGE_MOVED)


def procedure() -> Sequence[Step]:
    """The steps of the workspace's packs that are in use."""
    return [step for step in packs.current().part(STEPS).values() if not step.retired]


def step_named(name: str) -> Step | None:
    return packs.current().part(STEPS).get(name)


def step_label(name: str) -> str:
    """What a step is called; a step that no pack knows any more stands as it is."""
    step = step_named(name)
    return step.label.text() if step else name


def due(file: File) -> list[Due]:
    """The steps that are open on a case, the first that is due at the head; none on a closed one."""
    return _due(file, happened(file))


def _due(file: File, events: Iterable[Happened]) -> list[Due]:
    case = case_of(file)
    if case.is_closed:
        return []
    calendar = Calendar.of(packs.current().manifest)
    return procedures.due(procedure(), events, calendar, _facts(case), file.actor.now)


def in_the_way(file: File, verb: Verb) -> list[Due]:
    """The open steps that a verb has to ask about."""
    return [one for one in due(file) if verb in one.step.blocks]


def happened(file: File) -> list[Happened]:
    """What the procedure asks for, out of the timeline and the forms that were filled in. Opens lines of the part *existence* only."""
    case = case_of(file)
    asked = {event.split(":")[0] for step in procedure() for event in (*step.after, *step.finished_by)}
    kinds = [kind for kind in EventKind if kind in asked or kind in _OF_STEPS or ("stage" in asked and kind in _MOVING)]
    rows = Event.objects.filter(case=case, kind__in=kinds).order_by("happened_at", "written_at", "id")
    found = [one for row in rows for one in _of_line(file, row)]
    return found + _forms_since(case, found[0].at) if found and "form" in asked else found


def _forms_since(case: Case, begun: datetime) -> list[Happened]:
    """Forms that were filled in since the case began: they stand with the child, who may have had an earlier one."""
    rows = Record.objects.filter(subject=case.subject_id, recorded_at__gte=begun)
    return [Happened(FORM + name, at) for name, at in rows.values_list("form_version__form__name", "recorded_at")]


def _of_line(file: File, event: Event) -> Iterator[Happened]:
    kind = EventKind(event.kind)
    if kind not in _OF_STEPS:
        yield Happened(kind.value, event.happened_at)
    if kind not in _OF_STEPS and kind not in _MOVING:
        return
    event.subject = file.row.subject
    note = (file.open(event, "note") or {}) if event.note and file.opens(event, "note") else {}
    if kind in _OF_STEPS:
        yield Happened(_OF_STEPS[kind] + note.get("step", ""), event.happened_at)
    elif stage := _reached(kind, note):
        yield Happened(_STAGE + stage, event.happened_at)


def _reached(kind: EventKind, note: dict[str, Any]) -> str:
    """The stage to which a line brought the case, "" where it does not say."""
    if kind is EventKind.OPENED:
        return Stage.IDENTIFICATION
    if kind is EventKind.REGISTERED:
        return str(note.get("brought_in") or Stage.REGISTERED)
    return str(note.get("now", ""))


def _facts(case: Case) -> dict[str, str]:
    return {"stage": case.stage, "risk": case.risk, "priority": case.priority}


# --- how they are shown ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """An open step as its reader may see it. `by` is a moment where hours count, else the last day; None where no time is set."""

    due: Due
    may_finish: bool
    may_waive: bool

    @property
    def step(self) -> Step:
        return self.due.step

    @property
    def by(self) -> datetime | date | None:
        deadline = self.due.deadline
        if deadline is None:
            return None
        return deadline.at if deadline.to_the_hour else deadline.last_day

    @property
    def is_sure(self) -> bool:
        return self.due.deadline is None or self.due.deadline.is_sure

    @property
    def who(self) -> list[StrOrPromise]:
        return [RELATION_LABELS[Relation(name)] for name in self.step.who]

    @property
    def finished_by(self) -> list[StrOrPromise]:
        """What finishes it by itself, in words."""
        return [event_label(event) for event in self.step.finished_by]


def shown(file: File, one: Due) -> Shown:
    may = file.may(Verb.CASE_FINISH_STEP)
    return Shown(one, may and one.step.by_hand, file.may(Verb.CASE_WAIVE_STEP))


def event_label(event: str) -> StrOrPromise:
    """What an event of a procedure is called."""
    if move := vocabulary.codes_of_move(event):
        return f"{packs.current().codes(move[0]).title.text()}: {label(*move)}"
    if event.startswith(FORM):
        return _form_label(event.removeprefix(FORM))
    return vocabulary.events().get(event, event)


def _form_label(name: str) -> str:
    """The title of a form of the pack; one that was uploaded stands by its name."""
    written = of_the_pack().get(name)
    return written.workbook.title.text() if written else name


def section(file: File) -> dict[str, Any]:
    """What stands in the section: what is open, and what is over, the latest first."""
    events = happened(file)
    over = [one for one in procedures.rounds(procedure(), events) if one.over]
    return {
        "due": [shown(file, one) for one in _due(file, events)],
        "over": sorted(over, key=_ended, reverse=True)[:OVER_SHOWN],
    }


def _ended(one: Round) -> datetime:
    return one.over or one.began


def register() -> None:
    """Called once, when the room is loaded."""
    vocabulary.add_events({kind.value: kind.label for kind in EventKind if kind not in _OF_STEPS})
    vocabulary.add_fact("stage", "stage", moves=True)
    vocabulary.add_fact("risk", "risk")
    vocabulary.add_fact("priority", "priority")
    vocabulary.add_gate(Verb.CASE_CLOSE)
    add(Section("steps", _("Steps"), Part.EXISTENCE, "check", 5, "cases/steps.html", section))
