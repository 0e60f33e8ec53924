"""Sessions, groups and crisis contacts of a child as one actor may read them. Nothing here writes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, visible_to
from amanat.access.policy import Part
from amanat.cases import persons
from amanat.cases.appointments import Appointment
from amanat.cases.models import Case
from amanat.cases.shown import Badge, Text, label, spoken
from amanat.psychology.models import CrisisContact, GroupPart, ProcessNote, Session, SessionReport, SessionState
from amanat.web.paging import Page, keyset_page

A_PAGE = 25
_KINDS = {"planned": "accent", "held": "success", "missed": "warning", "cancelled": ""}
DANGERS = {"words": "danger", "plan": "danger", "done": "danger", "unknown": "warning"}


@dataclass(frozen=True)
class Reported:
    """What a report says; of one in the history also its row."""

    held: dict[str, Any]
    row: SessionReport | None = None

    @property
    def by(self) -> str:
        return self.row.author.user.display_name if self.row else ""

    def text(self, key: str) -> Text:
        return spoken(str(self.held.get(key) or ""))

    @property
    def summary(self) -> Text:
        return self.text("summary")

    @property
    def next(self) -> Text:
        return self.text("next")

    @property
    def reason(self) -> Text:
        return self.text("reason")

    @property
    def attendance(self) -> str:
        return label("session_attendance", self.held.get("attendance", ""))

    @property
    def why_missed(self) -> str:
        return label("session_missed", self.held.get("why_missed", ""))

    @property
    def approach(self) -> str:
        return label("session_approach", self.held.get("approach", ""))

    @property
    def language(self) -> str:
        return label("language", self.held.get("language", ""))

    @property
    def choices(self) -> list[str]:
        return [label("session_choice", code) for code in self.held.get("choices", [])]


@dataclass(frozen=True)
class Told:
    """A session with its plan and what the team reads of it. `reports`: the history, the newest first, where a page asked for it."""

    row: Session
    plan: dict[str, Any]
    report: Reported | None
    now: datetime
    reports: list[Reported] = field(default_factory=list)

    @property
    def by(self) -> str:
        return self.row.psychologist.user.display_name

    @property
    def badge(self) -> Badge:
        return Badge(str(SessionState(self.row.state).label), _KINDS[self.row.state])

    @property
    def is_unrecorded(self) -> bool:
        """Whether its time has passed and nobody said what came of it."""
        return self.row.is_planned and self.row.at < self.now

    @property
    def approach(self) -> str:
        """What was done, else what is planned."""
        return (self.report.approach if self.report else "") or label("session_approach", self.plan.get("approach", ""))

    @property
    def aim(self) -> Text:
        return spoken(str(self.plan.get("aim") or ""))

    @property
    def place(self) -> Text:
        return spoken(str(self.plan.get("place") or ""))


def sessions_of(file: File) -> QuerySet[Session]:
    return Session.objects.filter(case=file.row.pk).select_related("psychologist__user")


def page_of(file: File, cursor: str) -> tuple[Page[Session], list[Told]]:
    """One query."""
    page = keyset_page(sessions_of(file), order=["-at", "-id"], cursor=cursor, size=A_PAGE, counted=False)
    return page, told(file, page.rows)


def newest(file: File, count: int) -> list[Told]:
    """One query."""
    return told(file, sessions_of(file).order_by("-at", "-id")[:count])


def one(file: File, ref: uuid.UUID) -> Told | None:
    """A session of this file with its history; None where there is none."""
    found = next(iter(told(file, sessions_of(file).filter(pk=ref))), None)
    return replace(found, reports=_history(file, found.row)) if found else None


def _history(file: File, session: Session) -> list[Reported]:
    found = []
    for row in session.reports.select_related("author__user").order_by("-number"):
        row.subject = file.row.subject
        found.append(Reported(file.open(row, "content"), row))
    return found


def told(file: File, rows: Iterable[Session]) -> list[Told]:
    found = []
    for row in rows:
        row.subject, row.case = file.row.subject, file.row  # type: ignore[assignment]
        held = file.open(row, "report") if row.report else None
        found.append(Told(row, file.open(row, "plan"), Reported(held) if held else None, file.actor.now))
    return found


@dataclass(frozen=True)
class Note:
    """A process note; `text` is None for whoever did not write it."""

    at: datetime
    by: str
    text: Text | None


def notes_about(file: File, **about: uuid.UUID) -> list[Note]:
    """Notes about a session or a group, the oldest first. Whoever did not write one learns that it is there, if they see the part."""
    if not file.sees(Part.PSYCHOLOGY_NOTES):
        return []
    rows = ProcessNote.objects.filter(subject=file.row.subject_id, **about).select_related("author__user")
    found = []
    for row in rows.order_by("written_at", "id"):
        row.subject = file.row.subject
        text = spoken(file.open(row, "text")) if file.opens(row, "text") else None
        found.append(Note(row.written_at, row.author.user.display_name, text))
    return found


@dataclass(frozen=True)
class Group:
    """A child's part in a group, with what stands of the group itself."""

    row: GroupPart
    held: dict[str, Any]
    shared: dict[str, Any]
    notes: list[Note] = field(default_factory=list)

    @property
    def theme(self) -> Text:
        return spoken(str(self.shared.get("theme", "")))

    @property
    def course(self) -> Text:
        return spoken(str(self.shared.get("course", "")))

    @property
    def approach(self) -> str:
        return label("session_approach", self.shared.get("approach", ""))

    @property
    def attendance(self) -> str:
        return label("session_attendance", self.held.get("attendance", ""))

    @property
    def words(self) -> Text:
        return spoken(str(self.held.get("words", "")))

    @property
    def by(self) -> str:
        return self.row.shared.psychologist.user.display_name


def groups_of(file: File, cursor: str) -> tuple[Page[GroupPart], list[Group]]:
    """Two queries."""
    rows = GroupPart.objects.filter(case=file.row.pk).select_related("shared__subject", "shared__psychologist__user")
    page = keyset_page(rows, order=["-at", "-id"], cursor=cursor, size=A_PAGE, counted=False)
    notes = _notes_of_groups(file, page.rows)
    found = []
    for row in page.rows:
        row.subject = file.row.subject
        shared = file.open(row.shared, "content", via=row)
        found.append(Group(row, file.open(row, "content"), shared, notes[row.pk]))
    return page, found


def _notes_of_groups(file: File, parts: Sequence[GroupPart]) -> dict[uuid.UUID, list[Note]]:
    notes: dict[uuid.UUID, list[Note]] = defaultdict(list)
    if not parts or not file.sees(Part.PSYCHOLOGY_NOTES):
        return notes
    rows = ProcessNote.objects.filter(group_part__in=parts).select_related("author__user").order_by("written_at", "id")
    for row in rows:
        row.subject = file.row.subject
        if file.opens(row, "text"):
            note = Note(row.written_at, row.author.user.display_name, spoken(file.open(row, "text")))
            notes[row.group_part_id].append(note)  # type: ignore[index]
    return notes


@dataclass(frozen=True)
class Crisis:
    """`suspect`: the suspect on the list who may be the person with whom the child stayed."""

    row: CrisisContact
    held: dict[str, Any]
    suspect: str = ""

    @property
    def by(self) -> str:
        return self.row.author.user.display_name

    @property
    def how(self) -> str:
        return label("crisis_how", self.held.get("way", ""))

    @property
    def danger(self) -> Badge | None:
        """None where there was no sign of it."""
        code = self.held.get("danger", "")
        return Badge(label("crisis_danger", code), DANGERS[code], "alert") if code in DANGERS else None

    @property
    def what(self) -> Text:
        return spoken(str(self.held.get("what", "")))

    @property
    def done(self) -> Text:
        return spoken(str(self.held.get("done", "")))

    @property
    def with_child(self) -> Text:
        return spoken(str(self.held.get("with_child", "")))

    @property
    def after(self) -> Text:
        return spoken(str(self.held.get("after", "")))


def crises_of(file: File, cursor: str, size: int = A_PAGE) -> tuple[Page[CrisisContact], list[Crisis]]:
    """Two queries."""
    rows = CrisisContact.objects.filter(case=file.row.pk).select_related("author__user", "alert__taken_by__user")
    page = keyset_page(rows, order=["-at", "-id"], cursor=cursor, size=size, counted=False)
    known = persons.around(file) if page.rows else []
    found = []
    for row in page.rows:
        row.subject = file.row.subject
        held = file.open(row, "content")
        like = persons.suspect_like(str(held.get("with_child", "")), known)
        found.append(Crisis(row, held, like.name.text if like else ""))
    return page, found


def appointments(actor: Actor, since: datetime, until: datetime, most: int) -> list[Appointment]:
    """Planned sessions of the actor, for their calendar: one query."""
    rows = Session.objects.filter(
        psychologist__in=actor.stands_for, state=SessionState.PLANNED, at__range=(since, until)
    )
    told = rows.order_by("at", "id").values_list("pk", "at", "case")[:most]
    return [
        Appointment(pk, at, case, _("Session"), reverse("psychology.session", args=[case, pk]), Part.PSYCHOLOGY_SUMMARY)
        for pk, at, case in told
    ]


def mine(actor: Actor) -> QuerySet[Session]:
    """Planned sessions of the actor, and of those whom they stand in for, on files that they may know of."""
    rows = Session.objects.filter(psychologist__in=actor.stands_for, state=SessionState.PLANNED)
    return rows.filter(case__in=visible_to(actor, Case.objects.all()).values("pk"))
