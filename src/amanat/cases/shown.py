"""How a child and a case are shown to one actor: the name or the code name, stage, risk and lateness as badges.

What is shown here was opened through the actor's `File`, so the log knows of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases import identity
from amanat.cases.happenings import step_label
from amanat.cases.models import NOTHING_DUE, Case, Child, Task, TaskKind
from amanat.cases.withdrawals import WHY

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
# Colour never stands alone: the label says it, the icon too where it is urgent.
RISK_BADGES = {"critical": ("danger", "alert"), "high": ("warning", "alert"), "medium": ("accent", ""), "low": ("", "")}


@dataclass(frozen=True, slots=True)
class Text:
    """Words of a person, and the language to read them out in where it is clearly not the page's."""

    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """A coded answer as a badge: label, colour and icon of `web/badge.html`."""

    text: str
    kind: str = ""
    icon: str = ""


def spoken(text: str) -> Text:
    """A text with `lang="ru"` where it is in Cyrillic letters and the page is not; what else it is in can't be told."""
    foreign = bool(_CYRILLIC.search(text)) and (get_language() or "")[:2] != "ru"
    return Text(text, "ru" if foreign else "")


# What the product says by a task, in the language of whoever reads it. The task holds the record and who filled it in.
_SAID = {
    TaskKind.FORM_ALERT: _(
        "An answer needs somebody at once: Forms, record %(number)s. If it is not open to you, ask %(name)s."
    ),
    TaskKind.FORM_REVIEW: _(
        "A form came from a phone, and some answers in it are not right yet: Forms, record %(number)s, by %(name)s."
    ),
    TaskKind.NOBODY_TOOK: _(
        "Nobody took the referral %(number)s. Ask somebody else, or say how the need is met otherwise."
    ),
    TaskKind.REFERRAL_STUCK: _("The referral %(number)s does not go on: its time has passed. Ask %(name)s."),
    TaskKind.REFERRAL_CONSENT: _(
        "The consent for the referral %(number)s ends soon. Ask again, or end the help in time."
    ),
    TaskKind.PLACES_END: _(
        "With the last day of the consent %(number)s these places in the circle of care end: %(name)s. "
        "Ask again and bring them in once more, or end the help in time."
    ),
}


# When these are made and due are numbers of this house, which no source names.
OWN_TIMES = frozenset({TaskKind.SAFETY_DECISION, TaskKind.REFERRAL_CONSENT, TaskKind.PLACES_END})


def task_said(file: File, task: Task) -> Text:
    """What a task asks for: its maker's words, or a sentence of the product; what kind it is where there are none, or they stand in a
    part that is closed."""
    text = file.open(task, "text") if file.opens(task, "text") else ""
    if not text:
        return Text(capfirst(str(task.get_kind_display())))
    sentence = _SAID.get(TaskKind(task.kind))
    if task.kind == TaskKind.SAFETY_DECISION:
        return why_said(text)
    if sentence is None:
        return spoken(text)
    number, _space, name = text.partition(" ")
    return Text(sentence % {"number": number, "name": name})


def why_said(text: str) -> Text:
    """Why a safety decision is due, in the reader's language; older tasks hold a sentence."""
    return Text(str(WHY[text])) if text in WHY else spoken(text)


def case_of(file: File) -> Case:
    return cast(Case, file.row)


def child_of(file: File) -> Child:
    """The child of a file, holding the subject that the case was loaded with: opening asks the database nothing."""
    case = case_of(file)
    case.child.subject = case.subject
    return case.child


def opened(file: File, column: Part) -> dict[str, Any]:
    """What stands in identity, contacts or safety, empty where nothing does."""
    found: dict[str, Any] = file.open(child_of(file), str(column)) or {}
    return found


def name_of(file: File) -> Text | None:
    """The child's name for whoever sees the identity; the name that it goes by for whoever sees the contacts; else None."""
    name = identity.called(opened(file, Part.IDENTITY)) if file.sees(Part.IDENTITY) else ""
    if not name and file.sees(Part.CONTACTS):
        name = identity.called(None, opened(file, Part.CONTACTS))
    return spoken(name) if name else None


def label(codes: str, code: str) -> str:
    """The label of a code in the active language, "" for none; a code that no pack knows any more stands as it is."""
    known = packs.current().codes(codes)
    return known.label(code) if code in known else code


@dataclass(frozen=True)
class Line:
    """A case in a list, as its reader may see it. `manager` is empty where they learn no more than the agency."""

    file: File
    name: Text | None
    manager: str = ""

    @property
    def case(self) -> Case:
        return case_of(self.file)

    @property
    def code_name(self) -> str:
        return self.case.child.code_name

    @property
    def stage(self) -> Badge:
        return Badge(label("stage", self.case.stage), "" if self.case.is_closed else "accent")

    @property
    def risk(self) -> Badge | None:
        kind, icon = RISK_BADGES.get(self.case.risk, ("", ""))
        return Badge(label("risk", self.case.risk), kind, icon) if self.case.risk else None

    @property
    def waits_for_risk(self) -> bool:
        return not (self.case.risk or self.case.is_closed)

    @property
    def may_set_risk(self) -> bool:
        return self.file.may(Verb.CASE_CHANGE_RISK)

    @property
    def priority(self) -> Badge | None:
        return Badge(label("priority", self.case.priority)) if self.case.priority else None

    @property
    def agency(self) -> str:
        """The agency that owns it, where it is not the reader's own."""
        return "" if self.case.agency_id == self.file.actor.membership.agency_id else self.case.agency.name

    @property
    def due(self) -> datetime | None:
        return None if self.case.next_due == NOTHING_DUE else self.case.next_due

    @property
    def due_step(self) -> str:
        """The step of the procedure that is due then, for whoever sees more than a code name."""
        return step_label(self.case.next_step) if self.case.next_step and self.file.sees(Part.EXISTENCE) else ""

    @property
    def is_late(self) -> bool:
        return self.case.is_late(self.file.actor.now)


def age(birth_date: str, today: date) -> int | None:
    """Years since an ISO date, None where there is none."""
    if not birth_date:
        return None
    return years(date.fromisoformat(birth_date), today)


def years(born: date, day: date) -> int:
    """The completed years of somebody's age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
