"""The timeline of a case as one actor may read it: which lines are there, and what each of them says."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.labels import PART_LABELS, RELATION_LABELS
from amanat.access.policy import SEEING, Level, Part
from amanat.cases import call_lines
from amanat.cases.consent_sentences import Covers
from amanat.cases.facts import field_label, section_label
from amanat.cases.happenings import step_label
from amanat.cases.models import AlertKind, Event, EventKind
from amanat.cases.queries import events_of
from amanat.cases.shown import Text, case_of, label, spoken
from amanat.cases.timeline_icons import ICONS
from amanat.packs.labels import Label
from amanat.web.formats import amount, written
from amanat.web.paging import Page, keyset_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What no person did: the author is only whose case it is.
BY_THE_CLOCK = (EventKind.NOBODY_TOOK, EventKind.REFERRAL_EXPIRED)
# What a code name alone tells: how the case moves, not who did what.
BY_CODE_NAME = (EventKind.REGISTERED, EventKind.OPENED, EventKind.STAGE_MOVED, EventKind.CLOSED, EventKind.REOPENED)
# What a note holds besides its text, and the pack's list of codes it comes from ("" where it stands in words).
_TOLD: dict[str, tuple[StrOrPromise, str]] = {
    "to": (_("To"), ""),
    "relation": (_("As"), ""),
    "risk": (_("Risk"), "risk"),
    "priority": (_("Priority"), "priority"),
    "why": (_("Why"), "closing_reason"),
    "imported": (_("How it came"), ""),
    "brought_in": (_("Brought in as"), "stage"),
    "why_again": (_("Why"), "reopening_reason"),
    "ground": (_("Ground"), "override_ground"),
    "judgement": (_("Judgement"), "emergency_judgement"),
    "step": (_("Step"), ""),
    "alert": (_("Alert"), ""),
    "left_open": (_("Steps that were open"), ""),
    "indicators": (_("List of indicators"), ""),
    "known_by": (_("How the age is known"), "birth_date_certainty"),
    "status": (_("Status"), "htcds_trafficking_status"),
    "level": (_("Vulnerability"), "vulnerability_level"),
    "obstacle": (_("Obstacle"), "obstacle"),
    "incident": (_("Kind of incident"), "incident_kind"),
    "severity": (_("How grave"), "incident_severity"),
    "result": (_("Result"), "obstacle_result"),
    "decided": (_("Decision"), ""),
    "outcome": (_("Outcome"), "status_review_outcome"),
    "matter": (_("Matter of the hotline"), ""),
    "covers": (_("What it covers"), ""),
    "referral": (_("Referral"), ""),
    "meets_at": (_("When"), ""),
    "need": (_("Need"), "service_need"),
    "declined_as": (_("Reason for declining"), "decline_reason"),
    "amount": (_("Amount"), ""),
    "ended_as": (_("What became of it"), "referral_outcome"),
}
# Codes that are no pack's: what they say.
_OWN: dict[str, Mapping[Any, StrOrPromise]] = {
    "relation": RELATION_LABELS,
    "decided": {
        "approved": _("approved"),
        "refused": _("refused"),
        "ordered": _("ordered"),
        "ended": _("no longer given"),
        "taken_back": _("taken back"),
    },
}
_OF_CONSENTS = (EventKind.CONSENT_RECORDED, EventKind.CONSENT_OVERRIDDEN, EventKind.CONSENT_WITHDRAWN)
_OF_FACTS = (EventKind.FACTS_WRITTEN, EventKind.FACTS_TAKEN_OUT)
# Lines that belong to a part of the file, which a page names.
_OF_FORMS = (EventKind.FORM_RECORDED, EventKind.FORM_CORRECTED, EventKind.FORM_REVIEWED)
_OF_PERSONS = (EventKind.PERSON_WRITTEN, EventKind.PERSON_TAKEN_OUT, EventKind.SUSPECTED, EventKind.CLEARED)
_OF_STATEMENTS = (
    EventKind.STATUS_DECIDED,
    EventKind.STATUS_APPEALED,
    EventKind.STATUS_REVIEWED,
    EventKind.VULNERABILITY,
    EventKind.OBSTACLE,
    EventKind.INTERVIEWED,
    EventKind.SCREENED,
    EventKind.AGE_RECORDED,
)
_OF_ASSISTANCE = (
    EventKind.BED_WAITED,
    EventKind.ADMITTED,
    EventKind.BED_MOVED,
    EventKind.STAY_EXTENDED,
    EventKind.WENT_OUT,
    EventKind.CAME_BACK,
    EventKind.MISSING,
    EventKind.FOUND,
    EventKind.SEARCH_ENDED,
    EventKind.LEFT_CENTRE,
    EventKind.MEDICINE_ORDERED,
    EventKind.VISIT_DECIDED,
    EventKind.VISITED,
    EventKind.INCIDENT,
    EventKind.SESSION_PLANNED,
    EventKind.SESSION_HELD,
    EventKind.SESSION_MISSED,
    EventKind.GROUP_HELD,
    EventKind.CRISIS_CONTACT,
    EventKind.FAMILY_ASSESSED,
    EventKind.HELPED,
    EventKind.SPENT,
    EventKind.PROCEEDING,
    EventKind.HEARING_FIXED,
    EventKind.HEARING_HELD,
    EventKind.RULING,
    EventKind.DETENTION,
    EventKind.RIGHT,
    EventKind.EVIDENCE,
    EventKind.HOLD_ASKED,
    EventKind.NEED,
    EventKind.PLAN_DRAFTED,
    EventKind.PLAN_DROPPED,
    EventKind.PLAN_AGREED,
    EventKind.PLAN_ALLOWED,
    EventKind.PLAN_APPROVED,
    EventKind.PLAN_REVIEWED,
    EventKind.SOLUTION,
    EventKind.CHILD_HANDED_OVER,
    EventKind.TRANSITION,
    EventKind.FOLLOW_UPS_SET,
    EventKind.FOLLOWED_UP,
    EventKind.NOT_REACHED,
    EventKind.OUTCOMES,
)
OF_A_PART = (
    EventKind.NOTE,
    EventKind.ATTACHED,
    EventKind.CORRECTED,
    EventKind.PUT_IN,
    EventKind.MINUTES,
    *_OF_FACTS,
    *_OF_FORMS,
    *_OF_PERSONS,
    *_OF_STATEMENTS,
    *_OF_ASSISTANCE,
)
_WHO = (EventKind.ASSIGNED, EventKind.JOINED, EventKind.LEFT, EventKind.ALERT_TAKEN, *_OF_PERSONS)
_CHANGES = {EventKind.RISK_CHANGED: "risk", EventKind.STAGE_MOVED: "stage"}


@dataclass(frozen=True)
class Line:
    """One line. `by` is empty where the actor does not learn who."""

    ref: str  # the event's id in hexadecimal digits: where on its page a link leads
    kind: str
    title: str
    icon: str
    at: datetime
    by: str = ""
    agency: str = ""
    part: StrOrPromise = ""
    text: Text = field(default_factory=lambda: Text(""))
    told: list[tuple[StrOrPromise, str]] = field(default_factory=list)
    attachment: uuid.UUID | None = None
    is_shared: bool = False
    written_later: datetime | None = None
    is_closed: bool = False  # something it says is in a part that is not open


def page_of(file: File, cursor: str, parts: Iterable[Part] | None = None) -> Page[Event]:
    """A page of the timeline, newest first; of the notes in some parts if `parts` are given. Not counted."""
    rows = events_of(case_of(file)).filter(_readable(file, parts))
    if parts is not None:
        rows = rows.filter(kind=EventKind.NOTE)
    return keyset_page(rows, order=["-happened_at", "-id"], cursor=cursor, counted=False)


def _readable(file: File, parts: Iterable[Part] | None) -> Q:
    """Lines of parts that the actor sees or could have revealed; by code name only, those that tell how the case moves. Who reads by
    a consent finds it among the consents, and nothing here of those of others."""
    known = [part for part in (Part if parts is None else parts) if file.level(part) in SEEING | {Level.REVEAL}]
    readable = Q(part__in=known)
    if parts is None and file.level(Part.EXISTENCE) is Level.CODE_NAME:
        readable |= Q(part=Part.EXISTENCE, kind__in=BY_CODE_NAME)
    return readable & ~Q(kind__in=_OF_CONSENTS) if file.is_shared else readable


def lines(file: File, events: Iterable[Event]) -> list[Line]:
    """The lines to show. A note that the actor may not open stays closed; only what it is stands there."""
    case = case_of(file)
    told = []
    for event in events:
        event.subject = case.subject
        told.append(_line(file, event))
    return told


def _is_of_a_part(event: Event) -> bool:
    return event.kind in OF_A_PART or (event.kind == EventKind.FROM_CALL and event.part != Part.EXISTENCE)


def _line(file: File, event: Event) -> Line:
    kind = EventKind(event.kind)
    plain: dict[str, Any] = {
        "ref": event.pk.hex,
        "kind": event.kind,
        "title": kind.label,
        "icon": ICONS[kind],
        "at": event.happened_at,
        "part": PART_LABELS[Part(event.part)] if _is_of_a_part(event) else "",
        "is_shared": event.shared_id is not None,
    }
    if file.level(Part.EXISTENCE) in SEEING:
        later = event.written_at if event.written_at != event.happened_at else None
        plain |= {"by": event.author.user.display_name, "agency": event.author.agency.name, "written_later": later}
        plain |= {"by": "", "agency": ""} if kind in BY_THE_CLOCK else {}
    if not file.opens(event, "note"):
        return Line(**plain, is_closed=bool(plain["part"]))
    note = _note(file, event)
    text = "" if kind is EventKind.ATTACHED else note.get("text", "")
    name = note.get("text", "") if kind is EventKind.ATTACHED else ""
    return Line(
        **plain | {"title": name or kind.label},
        text=spoken(text),
        told=_told(kind, note),
        is_closed=bool(event.words) and not file.opens(event, "words"),
        attachment=uuid.UUID(note["attachment"]) if note.get("attachment") else None,
    )


def _note(file: File, event: Event) -> dict[str, Any]:
    """What an event says: its own note, or the text that it shares with siblings; and why, where that is open."""
    if event.shared is not None:
        return {"text": file.open(event.shared, "text", via=event)}
    note: dict[str, Any] = (file.open(event, "note") or {}) if event.note else {}
    if event.words and file.opens(event, "words"):
        note |= file.open(event, "words")
    return note


def _told(kind: EventKind, note: dict[str, Any]) -> list[tuple[StrOrPromise, str]]:
    told = [(name, _in_words(key, codes, note[key])) for key, (name, codes) in _TOLD.items() if note.get(key)]
    if kind is EventKind.PUT_IN:
        return _of_a_row(note)
    if kind is EventKind.FROM_CALL:
        return told + call_lines.told(note.get("back") or note.get("told") or {})
    if kind in _OF_FORMS:
        return [(_("Form"), Label(note["form"]).text()), (_("Record"), str(note["record"]))]
    if kind in _OF_FACTS:
        return [(section_label(note["section"]), ", ".join(map(field_label, note["fields"])))]
    if kind in _WHO and told:
        told[0] = (_("Who"), told[0][1])
    codes = _CHANGES.get(kind)
    if codes:
        told = [
            (name, label(codes, note[key])) for key, name in (("was", _("Before")), ("now", _("Now"))) if note.get(key)
        ]
    elif note.get("was"):
        told.append((_("Before"), note["was"]))
    return told


def _of_a_row(note: Mapping[str, Any]) -> list[tuple[StrOrPromise, str]]:
    """What a row of an import left behind: fields that it filled, by section and record, and what is kept beside."""
    filled: dict[str, list[str]] = defaultdict(list)
    for section, record, name in note.get("filled", []):
        place = section_label(section)
        filled[f"{place} ({record})" if record > 1 else place].append(field_label(name))
    told: list[tuple[StrOrPromise, str]] = [(place, ", ".join(names)) for place, names in filled.items()]
    kept = ", ".join(note.get("kept", []))
    return [*told, (_("Kept, also in the source"), kept)] if kept else told


def _in_words(key: str, codes: str, held: Any) -> str:
    """What a note keeps as a code, in the reader's language; its writer's is long forgotten."""
    if key in _SAYS:
        return _SAYS[key](held)
    if key in _OWN and held in _OWN[key]:
        return str(_OWN[key][held])
    return label(codes, held) if codes else held


_SAYS: dict[str, Callable[[Any], str]] = {
    "alert": lambda held: str(AlertKind(held).label),
    "amount": lambda held: amount(Decimal(held[0]), held[1]),
    "covers": lambda held: Covers(**held).sentence(),
    "imported": lambda _held: str(_("by an import")),
    "indicators": lambda held: Label(held).text(),
    "left_open": lambda held: ", ".join(map(step_label, held)),
    "meets_at": lambda held: written(timezone.localtime(datetime.fromisoformat(held)), "DATETIME_FORMAT"),
    "step": step_label,
}
