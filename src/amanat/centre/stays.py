"""The stay of a child as one actor may read it: where it is, until when, who was out when, what it brought. Verbs: `actions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.policy import Part, Verb
from amanat.cases import alerts, lodging
from amanat.cases.models import Alert, AlertKind, Case, DueStep
from amanat.cases.shown import Badge, Text, case_of, label, spoken
from amanat.centre import places, running_out, terms
from amanat.centre.models import Absence, AbsenceKind, Exit, Stay, StayBed, StayState, Term, Urgency
from amanat.centre.models.stays import BEFORE, IN_HOUSE, UNPLANNED
from amanat.web.errors import PersonFacingError

SHOWN = 5  # earlier stays on the file
BEDS_SHOWN = 20
STATES = {
    StayState.WAITING: ("warning", "clock"),
    StayState.PLANNED: ("accent", "calendar"),
    StayState.IN: ("success", "home"),
    StayState.OUT: ("accent", "arrow-right"),
    StayState.MISSING: ("danger", "alert"),
    StayState.ENDED: ("", ""),
    StayState.WITHDRAWN: ("", ""),
}


@dataclass(frozen=True)
class Told:
    """A stay with what is open of it to the actor."""

    file: File
    row: Stay

    @property
    def state(self) -> Badge:
        kind, icon = STATES[StayState(self.row.state)]
        return Badge(str(StayState(self.row.state).label), kind, icon)

    @property
    def urgency(self) -> str:
        return str(Urgency(self.row.urgency).label)

    @property
    def waits(self) -> bool:
        return self.row.state in BEFORE

    @property
    def is_in_house(self) -> bool:
        return self.row.state in IN_HOUSE

    @property
    def is_out(self) -> bool:
        return self.row.state == StayState.OUT

    @property
    def is_missing(self) -> bool:
        return self.row.state == StayState.MISSING

    @property
    def is_lost(self) -> bool:
        """The child is missing since this stay, also where that ended; as `all_of` asked."""
        return bool(getattr(self.row, "is_lost", False))

    @cached_property
    def intake(self) -> dict[str, Any]:
        return self._open("intake")

    @property
    def urgent(self) -> list[str]:
        return [label(terms.URGENT_NEEDS, code) for code in self.intake.get("urgent", ())]

    @property
    def needs(self) -> list[str]:
        return [label(terms.NEEDS, code) for code in self.intake.get("needs", ())]

    @property
    def words(self) -> Text:
        return spoken(str(self.intake.get("words", "")))

    @property
    def brought_by(self) -> str:
        return str(self.intake.get("brought_by", ""))

    @cached_property
    def belongings(self) -> dict[str, Any]:
        return self._open("belongings")

    @property
    def things(self) -> list[dict[str, Any]]:
        found = self.belongings.get("items", [])
        return [one | {"back_on": date.fromisoformat(one["returned"])} if one.get("returned") else one for one in found]

    @cached_property
    def leaving(self) -> dict[str, Any]:
        return self._open("leaving")

    @property
    def leaving_words(self) -> Text:
        return spoken(str(self.leaving.get("words", "")))

    @property
    def follow_up_on(self) -> date | None:
        told = self.leaving.get("follow_up_on")
        return date.fromisoformat(told) if told else None

    @property
    def exit(self) -> str:
        return str(Exit(self.row.exit).label) if self.row.exit else ""

    @property
    def exit_kind(self) -> str:
        return _("not planned") if self.row.exit in UNPLANNED else _("planned")

    @cached_property
    def beds(self) -> list[BedTold]:
        """Which bed from when to when, the last first; one query."""
        rows = StayBed.objects.filter(stay=self.row).select_related("by__user").order_by("-since", "-id")[:BEDS_SHOWN]
        return [self._bed(row) for row in rows]

    def _bed(self, row: StayBed) -> BedTold:
        row.subject = self.file.row.subject
        sees = self.file.sees(Part.CENTRE)
        called = self.file.open(row, "called") if sees else None
        why = self.file.open(row, "why") if sees and row.why else ""
        return BedTold(row, places.told_place(called) if called else "", spoken(str(why or "")))

    @property
    def place(self) -> str:
        """The bed that it has, had last, or that is kept."""
        called = self._open("place")
        return places.told_place(called) if called else ""

    @cached_property
    def terms(self) -> list[TermTold]:
        rows = Term.objects.filter(stay=self.row).select_related("set_by__user").order_by("set_at", "id")
        return [self._term(row) for row in rows]

    def _term(self, row: Term) -> TermTold:
        row.subject = self.file.row.subject
        return TermTold(row, (self.file.open(row, "content") if self.file.sees(Part.CENTRE) else None) or {})

    @cached_property
    def absences(self) -> list[Away]:
        rows = Absence.objects.filter(stay=self.row).select_related("noted_by__user").order_by("-since", "-id")
        return [self._away(row) for row in rows[:BEDS_SHOWN]]

    def _away(self, row: Absence) -> Away:
        row.subject = self.file.row.subject
        return Away(row, (self.file.open(row, "content") if self.file.sees(Part.CENTRE) else None) or {})

    @property
    def away(self) -> Away | None:
        """Where it is out, or missing, now."""
        return next((one for one in self.absences if one.row.until is None), None)

    def _open(self, name: str) -> dict[str, Any]:
        self.row.subject = self.file.row.subject
        told: dict[str, Any] = (self.file.open(self.row, name) if self.file.sees(Part.CENTRE) else None) or {}
        return told


@dataclass(frozen=True)
class BedTold:
    row: StayBed
    place: str
    why: Text


@dataclass(frozen=True)
class TermTold:
    row: Term
    held: dict[str, Any]

    @property
    def ground(self) -> str:
        return label(terms.GROUNDS, self.held["ground"]) if self.held.get("ground") else ""

    @property
    def words(self) -> Text:
        return spoken(str(self.held.get("words", "")))


@dataclass(frozen=True)
class Away:
    """An absence with what is told of it."""

    row: Absence
    held: dict[str, Any]

    @property
    def is_missing(self) -> bool:
        return self.row.kind == "missing"

    @property
    def words(self) -> Text:
        return spoken(str(self.held.get("words", "")))

    @property
    def back(self) -> Text:
        return spoken(str(self.held.get("back", "")))

    @property
    def done(self) -> dict[str, datetime]:
        return {code: datetime.fromisoformat(at) for code, at in self.held.get("done", {}).items()}

    @property
    def steps(self) -> list[tuple[str, datetime | None]]:
        """Each step for a missing child with the moment at which it was ticked."""
        return [(text, self.done.get(code)) for code, text in packs.current().codes(terms.MISSING_STEPS).choices()]

    @property
    def more(self) -> list[dict[str, Any]]:
        return [one | {"at": datetime.fromisoformat(one["at"])} for one in self.held.get("more", [])]


def all_of(file: File) -> list[Told]:
    """The stays of the child, the last first, without those that came to nothing; asked once for one file."""
    return file.once(_ask)


def _ask(file: File) -> list[Told]:
    rows = Stay.objects.filter(subject=file.row.subject_id).exclude(state=StayState.WITHDRAWN)
    lost = Absence.objects.filter(stay=OuterRef("pk"), kind=AbsenceKind.MISSING, until=None)
    rows = rows.select_related("house").annotate(is_lost=Exists(lost)).order_by("-asked_at", "-id")
    return [Told(file, row) for row in rows[: SHOWN + 1]]


def current(file: File) -> Told | None:
    """The one that is not over."""
    return next((told for told in all_of(file) if told.row.is_open), None)


def missing(file: File) -> Told | None:
    """The one from which the child is missing, also where that ended since."""
    return next((told for told in all_of(file) if told.is_lost), None)


def earlier(file: File) -> list[Told]:
    """Those that are over, the last first."""
    return [told for told in all_of(file) if told.row.state == StayState.ENDED]


def in_house(file: File) -> Told:
    """Raises:
    PersonFacingError: the child is in no house.
    """
    told = current(file)
    if told is None or not told.is_in_house:
        raise PersonFacingError(_("The child stays in no house."), _("Admit it first."))
    return told


def section_of(case: Case) -> str:
    """The address of the section on the file."""
    return f"{case.get_absolute_url()}?section=centre"


def log_is_closed(file: File) -> bool:
    """Whether a child of another agency is taken in by a consent that does not name the log of the centre."""
    by = lodging.lodging_of(file)
    return by is not None and not by.names_log


def where_next(actor: Actor, case: Case) -> str:
    """Where to go once something was done with a stay: to the section of the file, where that is closed to the file, and to the board for
    who knew of the child by a shift there."""
    file = open_file(actor, case)
    if file.sees(Part.CENTRE):
        return section_of(case)
    return case.get_absolute_url() if file.exists else reverse("centre.board")


def steps_due(case: Case) -> datetime | None:
    """By when the steps for a missing child are to be done, as the procedure says."""
    return DueStep.objects.filter(case=case, step=running_out.LOOKED_FOR).values_list("due", flat=True).first()


def who_was_told(case: Case) -> str:
    """Whom the alert about the missing child reached."""
    alert = Alert.objects.filter(case=case, kind=AlertKind.MISSING).order_by("-raised_at").first()
    return alerts.who_was_told(alert) if alert else ""


def section(file: File) -> dict[str, Any]:
    """What the section *Centre* shows."""
    case, stay = case_of(file), current(file)
    may = {verb.name.lower(): file.may(verb) and not case.is_closed for verb in _OFFERED}
    may["fill_forms"] = file.may(Verb.FORM_RECORD) and file.writes(Part.FACTS) and not case.is_closed
    return {
        "stay": stay,
        "earlier": earlier(file),
        "lost": missing(file),
        "may": may,
        "limits": terms.named(terms.FIRST, terms.LONGEST),
    }


_OFFERED: Sequence[Verb] = (
    Verb.STAY_ADMIT,
    Verb.STAY_WAIT,
    Verb.STAY_MOVE,
    Verb.STAY_EXTEND,
    Verb.STAY_GO_OUT,
    Verb.STAY_MISSING,
    Verb.STAY_END,
    Verb.STAY_KEEP_APART,
)
