"""Shared by the verbs: the line in the timeline, what stood there before, the version check, the lock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.policy import Part
from amanat.access.verbs import check_again
from amanat.cases.actions.following import follow
from amanat.cases.models import Case, Child, Event, EventKind, FormerValue, Sheet
from amanat.web.errors import Stale

# What verbs change of a case, and so has to be read again under its lock.
STANDING = (
    "agency_id",
    "stage",
    "risk",
    "risk_order",
    "priority",
    "opened_in",
    "next_due",
    "next_step",
    "last_contact",
    "closed_at",
    "version",
)


# Lines that everybody who knows of the file may read, but for why: that belongs to a part which not everybody reads.
WORDS = {
    EventKind.OPENED: Part.NARRATIVE,
    EventKind.FROM_CALL: Part.NARRATIVE,
    EventKind.ALERT_RAISED: Part.SAFETY,
    EventKind.RISK_CHANGED: Part.SAFETY,
    EventKind.STAGE_MOVED: Part.NARRATIVE,
    EventKind.RENAMED: Part.SAFETY,
    EventKind.PROTECTED: Part.SAFETY,
    EventKind.UNPROTECTED: Part.SAFETY,
    EventKind.STEP_DONE: Part.NARRATIVE,
    EventKind.STEP_WAIVED: Part.NARRATIVE,
    EventKind.STEP_TAKEN_BACK: Part.NARRATIVE,
    EventKind.TRANSFERRED: Part.REFERRAL_SUMMARY,
    EventKind.CONFERENCE_CANCELLED: Part.NARRATIVE,
    EventKind.CLOSED: Part.NARRATIVE,
    EventKind.REOPENED: Part.NARRATIVE,
}
IN_WORDS = frozenset({"text", "why", "why_again", "told"})


def mark(
    case: Case, kind: EventKind, actor: Actor, *, part: Part = Part.EXISTENCE, at: datetime | None = None, **note: Any
) -> Event:
    """Add a line to the timeline (see `line`); the steps that are due follow."""
    event = line(case, kind, actor, part=part, at=at, **note)
    event.save(force_insert=True)
    follow([case], kind)
    return event


def line(
    case: Case, kind: EventKind, actor: Actor, *, part: Part = Part.EXISTENCE, at: datetime | None = None, **note: Any
) -> Event:
    """A line of the timeline, not saved. `note` (text, from, to, …) is sealed under the part; why, where `WORDS` says so, under another."""
    told = {key: value for key, value in note.items() if value not in ("", None)}
    words = {key: told.pop(key) for key in IN_WORDS & told.keys()} if kind in WORDS else {}
    return Event(
        case=case,
        subject=case.subject,
        kind=kind,
        part=part,
        author=actor.membership,
        happened_at=at or actor.now,
        written_at=actor.now,
        note=told or None,
        words=words or None,
        words_part=WORDS[kind] if words else "",
    )


def keep_former(child: Child, part: str, version: int, value: Any, actor: Actor, *, sheet: Sheet | None = None) -> None:
    """Keep what is about to be replaced: of identity, contacts or safety, or of a sheet."""
    FormerValue.objects.create(
        subject=child.subject,
        child=child,
        sheet=sheet,
        part=part,
        version=version,
        replaced_by=actor.membership,
        replaced_at=actor.now,
        value=value,
    )


def hold(case: Case, seen: int | None = None, **theirs: str) -> None:
    """Lock the case for this transaction, check that it is still as `seen`, and raise its version.

    Raises:
        Stale: it changed since; `theirs` says, by form field, what stands there now.
    """
    lock(case)
    if seen is not None and case.version != seen:
        raise Stale({name: str(getattr(case, column)) for name, column in theirs.items()}, case.version)
    case.version += 1
    case.save(update_fields=["version"])


def lock(*cases: Case) -> None:
    """Lock the children's cases for this transaction, all of each child, and bring these up to date.

    What a row says was read before its lock was there. Everybody locks cases first, and those in the order of their ids:
    who takes places, tasks or the child first waits for somebody who waits for them. Rows that point to a case may still be added.

    Raises:
        Refused: a case went to another agency meanwhile, and there the actor may not do what they began.
    """
    rows = Case.objects.select_for_update(no_key=True).filter(subject__in=[case.subject_id for case in cases])
    held = {row.pop("id"): row for row in rows.order_by("id").values("id", *STANDING)}
    passed_on = any(case.agency_id != held[case.pk]["agency_id"] for case in cases)
    for case in cases:
        for column, value in held[case.pk].items():
            setattr(case, column, value)
    if passed_on:
        check_again()


def risk_order(risk: str) -> int:
    """Where a risk stands in lists: 0 is the most urgent, 4 none chosen yet. `risk` is a code of the pack's list `risk`.

    The list goes from low to critical. What a country adds stands behind these and counts as urgent as critical: a number
    that is kept must not change its meaning when the list grows.

    Raises:
        packs.UnknownCode: the list never had it.
    """
    codes = packs.current().codes("risk")
    return max(0, 3 - codes.codes.index(codes[risk])) if risk else 4
