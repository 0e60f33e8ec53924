"""What the pages of statements show, and the piece of the file's section *Identification* that tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases import facts, persons
from amanat.cases.forms.choices import caution
from amanat.cases.shown import Text, label, spoken
from amanat.identification import screenings, sections
from amanat.identification.actions.assessing import LEVELS
from amanat.identification.actions.status import SECTION, STATUS_FIELD
from amanat.identification.forms.assessing import KINDS, LEVEL_LABELS
from amanat.identification.forms.interviewing import Agreed, YesNo, YesNoUnknown
from amanat.identification.models import StatementKind
from amanat.identification.statements import (
    LEVELS_OF,
    OBSTACLES,
    STATUSES,
    Told,
    newest_status,
    of_kind,
    page_of,
    state_of,
    statements_of,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STATES: dict[str, tuple[StrOrPromise, str]] = {
    "holds": (_("in force"), "success"),
    "appealed": (_("appealed against"), "warning"),
    "ended": (_("ended"), ""),
    "set_aside": (_("set aside"), "danger"),
}
A_PAGE = 25
SIDE_BY_SIDE = 4  # assessments on one page
OF_STATUS = (StatementKind.STATUS, StatementKind.APPEAL, StatementKind.REVIEW)


@dataclass(frozen=True)
class StatusShown:
    """A status with where it stands."""

    told: Told
    state: str

    @property
    def badge(self) -> tuple[StrOrPromise, str]:
        return STATES[self.state]

    @property
    def may_be_answered(self) -> bool:
        return self.state != "set_aside"


@dataclass(frozen=True)
class Compared:
    """A line of the table: one level and kind, with what each assessment says of it."""

    title: StrOrPromise
    cells: list[tuple[Told, list[str], Text]]

    @property
    def is_empty(self) -> bool:
        return not any(factors or words.text for _told, factors, words in self.cells)


def statuses(file: File, cursor: str) -> dict[str, Any]:
    """The page of the formal status: the one of now, the history, and the last finding beside."""
    page, told = page_of(file, StatementKind.STATUS, cursor, size=A_PAGE)
    # Which one is the status of now is asked of all: the one of the latest day need not stand on this page.
    newest = newest_status(told if not cursor and not page.next_cursor else statements_of(file, *OF_STATUS))
    now = StatusShown(newest, state_of(newest, file.actor.now)) if newest else None
    return {
        "page": page,
        "now": now,
        "history": [
            StatusShown(one, state_of(one, file.actor.now)) for one in told if not newest or one.row != newest.row
        ],
        "said_elsewhere": said_elsewhere(file, newest),
        "finding": last_finding(file),
        "may_decide": file.may(Verb.STATUS_DECIDE),
        "may_appeal": file.may(Verb.STATUS_APPEAL),
        "may_review": file.may(Verb.STATUS_REVIEW),
    }


def said_elsewhere(file: File, newest: Told | None) -> str:
    """What the facts say of the status where no decision says so: it came with an import or a form."""
    section = facts.section_named(SECTION)
    held = facts.record_of(file, section, 1).values.get(STATUS_FIELD, "") if section else ""
    decided = newest.held.get("status", "") if newest and not newest.is_set_aside else ""
    return label(STATUSES, held) if held != decided else ""


def last_finding(file: File) -> Any:
    """The newest screening, which is no status; None where there is none."""
    newest = screenings.rows_of(file).order_by("-happened_at", "-id")[:1]
    return next(iter(screenings.opened(file, newest)), None)


def vulnerability_caution() -> Any:
    return caution(LEVELS_OF, *(f"vulnerability_{level}_{kind}" for level in LEVELS for kind in KINDS))


def assessments(file: File, cursor: str) -> dict[str, Any]:
    """Assessments side by side, the oldest of a page first, so that one reads how it went on."""
    page, told = page_of(file, StatementKind.VULNERABILITY, cursor, size=SIDE_BY_SIDE)
    told.sort(key=lambda one: (one.held["on"], one.row.at))
    return {
        "page": page,
        "assessments": told,
        "levels": [(LEVEL_LABELS[level], _compared(level, told)) for level in LEVELS],
        "caution": vulnerability_caution(),
        "may_assess": file.may(Verb.VULNERABILITY_RECORD),
    }


def _compared(level: str, told: list[Told]) -> list[Compared]:
    """What endangers, what protects, and the words; a line in which no assessment says anything is left out."""
    nothing = Text("")
    lines = [
        Compared(title, [(one, one.factors(level, kind), nothing) for one in told]) for kind, title in KINDS.items()
    ]
    words = [spoken(one.held.get("factors", {}).get(level, {}).get("words", "")) for one in told]
    lines.append(Compared(_("In words"), [(one, [], text) for one, text in zip(told, words, strict=True)]))
    return [line for line in lines if not line.is_empty]


def obstacles(file: File, cursor: str) -> dict[str, Any]:
    page, told = page_of(file, StatementKind.OBSTACLE, cursor, size=A_PAGE)
    return {
        "page": page,
        "open": [(one, offered(one)) for one in told if one.is_open],
        "over": [one for one in told if not one.is_open],
        "caution": caution(OBSTACLES) if told else "",
        "may_record": file.may(Verb.OBSTACLE_RECORD),
    }


def offered(obstacle: Told) -> str:
    """The responses that the pack offers against it."""
    known, code = packs.current().codes(OBSTACLES), obstacle.held.get("obstacle", "")
    told = known[code].help if code in known else None
    return told.text() if told else ""


def interviews(file: File, cursor: str) -> dict[str, Any]:
    page, told = page_of(file, StatementKind.INTERVIEW, cursor, size=A_PAGE)
    return {"page": page, "interviews": told, "may_record": file.may(Verb.INTERVIEW_RECORD)}


def interview(file: File, held: Told) -> dict[str, Any]:
    """One interview, with the names of who was present as far as contacts are open, and its words where the narrative is."""
    named = persons.by_ref(file) if held.held.get("present") else {}
    sees_words = file.sees(Part.NARRATIVE)
    return {
        "held": held,
        "present": [spoken(named[ref].called) if ref in named else None for ref in held.held.get("present", [])],
        "language": label("language", held.held.get("language", "")),
        "agreed": Agreed(held.held["agreed"]).label,
        "related": YesNoUnknown(told).label if (told := held.held.get("interpreter_related")) else "",
        "told_limits": YesNo(held.held["told_limits"]).label,
        "stopped": YesNo(held.held["stopped"]).label,
        "sees_words": sees_words,
        "verbatim": spoken(file.open(held.row, "verbatim") or "") if sees_words else Text(""),
        "interpretation": spoken(file.open(held.row, "interpretation") or "") if sees_words else Text(""),
    }


def piece(file: File) -> dict[str, Any]:
    """What the section shows: the status of now, the last assessment, open obstacles, the interviews. One query."""
    told = statements_of(file)
    newest = newest_status(told)
    return {
        "status": StatusShown(newest, state_of(newest, file.actor.now)) if newest else None,
        "vulnerability": next(iter(of_kind(told, StatementKind.VULNERABILITY)), None),
        "obstacles": [one for one in of_kind(told, StatementKind.OBSTACLE) if one.is_open],
        "interviews": of_kind(told, StatementKind.INTERVIEW),
        "may_decide": file.may(Verb.STATUS_DECIDE),
        "may_assess": file.may(Verb.VULNERABILITY_RECORD),
        "may_note": file.may(Verb.OBSTACLE_RECORD),
        "may_interview": file.may(Verb.INTERVIEW_RECORD),
    }


def register() -> None:
    """Called once, when the room is loaded."""
    facts.decided_elsewhere("identification.status", STATUS_FIELD, "vic_TraffickingStatusDecisionMakingOrg")
    sections.add(sections.Piece(30, Part.FACTS, "identification/section_statements.html", piece))
