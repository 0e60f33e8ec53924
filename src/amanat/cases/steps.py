"""The steps of the procedure on one case: what its timeline says goes into `amanat.procedures`, what is due comes out.

People write lines of the timeline: that a step is done, why it is waived, why that is taken back. What follows from them for
lists by date is kept by `actions.following`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from amanat import packs, procedures
from amanat.access.files import File
from amanat.access.labels import RELATION_LABELS, VERB_LABELS
from amanat.access.policy import Part, Relation, Verb
from amanat.cases import happenings, record_pages
from amanat.cases.happenings import RecordsOf, facts, procedure
from amanat.cases.models import Event, EventKind
from amanat.cases.record_pages import Fillable
from amanat.cases.sections import Section, add
from amanat.cases.shown import case_of, label
from amanat.forms.models import Form
from amanat.forms.packed import of_the_pack
from amanat.procedures import Calendar, Due, Happened, Round, Step, vocabulary
from amanat.procedures.steps import FORM

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OVER_SHOWN = 50


def due(file: File) -> list[Due]:
    """The steps that are open on a case, the first that is due at the head; none on a closed one."""
    return _due(file, happened(file))


def _due(file: File, events: Iterable[Happened]) -> list[Due]:
    case = case_of(file)
    if case.is_closed:
        return []
    calendar = Calendar.of(packs.current())
    return procedures.due(procedure(), events, calendar, facts(case), file.actor.now)


def in_the_way(file: File, verb: Verb) -> list[Due]:
    """The open steps that a verb has to ask about."""
    return [one for one in due(file) if verb in one.step.blocks]


def happened(file: File, records_of: RecordsOf = happenings.recorded) -> list[Happened]:
    """What the procedure asks for. Opens lines of the part *existence* only."""
    case = case_of(file)

    def note_of(event: Event) -> Mapping[str, Any]:
        event.subject = case.subject
        return (file.open(event, "note") or {}) if file.opens(event, "note") else {}

    return happenings.happened([case], note_of, records_of)[case.pk]


def said_last(file: File, name: str) -> Round | None:
    """The last time that a step was over, if it is because somebody said so. On a closed case nothing is taken back."""
    if case_of(file).is_closed:
        return None
    return _said(procedures.rounds(procedure(), happened(file))).get(name)


def _said(rounds: Iterable[Round]) -> dict[str, Round]:
    """By step: the last time that it was over, where somebody said so."""
    last = {one.step.name: one for one in rounds if one.over}
    return {name: one for name, one in last.items() if one.said}


# --- how they are shown ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """An open step as its reader may see it. `by` is a moment where hours count, else the last day; None where no time is set.

    `forms`: those that finish it and that the reader can fill in.
    """

    due: Due
    may_finish: bool
    may_waive: bool
    forms: Sequence[Fillable] = ()

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

    @property
    def blocks(self) -> list[StrOrPromise]:
        """What it stands in the way of, in words."""
        return [VERB_LABELS[Verb(name)] for name in self.step.blocks]


@dataclass(frozen=True)
class Over:
    """A step that is over as its reader may see it."""

    round: Round
    may_take_back: bool


def shown(file: File, one: Due, offered: Mapping[str, Fillable] | None = None) -> Shown:
    may, offered = file.may(Verb.CASE_FINISH_STEP), offered or {}
    forms = [offered[name] for name in one.step.forms if name in offered]
    return Shown(one, may and one.step.by_hand, file.may(Verb.CASE_WAIVE_STEP), forms)


def may_take_back(file: File, ended: Round) -> bool:
    """Whether the actor may say that a step is not over after all; what was waived is for those who may waive."""
    return file.may(Verb.CASE_TAKE_BACK_STEP) and (not ended.waived or file.may(Verb.CASE_WAIVE_STEP))


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
    forms = list(_with_records(record_pages.form_rows(file), case_of(file).subject_id))
    filled = [(case_of(file).subject_id, form.name, at) for form in forms if (at := form.recorded_at)]  # type: ignore[attr-defined]
    events = happened(file, lambda _subjects: filled)
    rounds = procedures.rounds(procedure(), events)
    over = sorted((one for one in rounds if one.over), key=_ended, reverse=True)[:OVER_SHOWN]
    said = () if case_of(file).is_closed else _said(rounds).values()
    offered = {one.form.name: one for one in record_pages.fillable(file, forms)}
    return {
        "due": [shown(file, one, offered) for one in _due(file, events)],
        "over": [Over(one, one in said and may_take_back(file, one)) for one in over],
    }


def _with_records(forms: QuerySet[Form], subject: uuid.UUID) -> QuerySet[Form]:
    """A row more for each record of a child, with `recorded_at`: a query less."""
    own = FilteredRelation("versions__records", condition=Q(versions__records__subject=subject))
    return forms.annotate(own=own, recorded_at=F("own__recorded_at"))


def _ended(one: Round) -> datetime:
    return one.over or one.began


def register() -> None:
    """Called once, when the room is loaded."""
    vocabulary.add_events({kind.value: kind.label for kind in EventKind if kind not in happenings.BY_HAND})
    vocabulary.add_fact("stage", "stage", moves=True)
    vocabulary.add_fact("risk", "risk")
    vocabulary.add_fact("priority", "priority", moves=True)
    vocabulary.add_gate(Verb.CASE_CLOSE)
    add(Section("steps", _("Steps"), Part.EXISTENCE, "check", 5, "cases/steps.html", section))
