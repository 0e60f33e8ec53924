"""Recording what came of a session: what the team reads, what the child wants, and notes that only their author reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import Case, EventKind
from amanat.cases.stating import check_moment, demand, said
from amanat.psychology.actions.planning import demand_planned, demand_seen
from amanat.psychology.actions.stating import file_of, was_in_contact
from amanat.psychology.models import GoalStep, OwnGoal, ProcessNote, Session, SessionReport, SessionState
from amanat.vault.models import SealedModel
from amanat.web.errors import PersonFacingError

PLANNED, HELD, MISSED = SessionState.PLANNED, SessionState.HELD, SessionState.MISSED


class Report(TypedDict, total=False):
    """What the team reads. `attendance`, `approach`, `language`, `why_missed` and each of `choices` are codes."""

    attendance: str
    approach: str
    minutes: int | None
    language: str
    interpreter: str
    present: str
    choices: Sequence[str]
    summary: str
    next: str
    why_missed: str


@verb(Verb.SESSION_RECORD)
def record_session(
    session: Session,
    *,
    state: str,
    at: datetime,
    notes: str = "",
    goal: str = "",
    steps: Mapping[str, Mapping[str, str]] | None = None,
    actor: Actor,
    seen: int | None = None,
    **report: Unpack[Report],
) -> Session:
    """Record that a planned session was held, missed or cancelled. `goal`: a new one, in the child's own words; `steps`: what the
    child said of those it has, by their reference: {how, words}.

    Raises:
        PersonFacingError: it is recorded already; it lies in the future; held without a word of summary, or missed without a reason;
            not held, and yet with a summary or a goal.
        Stale: somebody changed it since `seen`.
    """
    file = file_of(session.case, actor)
    held = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    demand_planned(held)
    demand_seen(held, seen)
    held.case, held.subject, held.version = session.case, session.subject, held.version + 1
    return _recorded(file, held, state, at, said(**report), _Own(notes, goal, steps or {}))


@verb(Verb.SESSION_RECORD)
def record_unplanned(
    case: Case,
    *,
    at: datetime,
    notes: str = "",
    goal: str = "",
    steps: Mapping[str, Mapping[str, str]] | None = None,
    actor: Actor,
    **report: Unpack[Report],
) -> Session:
    """Record a session that was held without a plan.

    Raises:
        PersonFacingError: as of `record_session`.
    """
    file = file_of(case, actor)
    session = Session(
        subject=case.subject, case=case, psychologist=actor.membership, at=at, written_at=actor.now, plan={}
    )
    return _recorded(file, session, HELD, at, said(**report), _Own(notes, goal, steps or {}))


class _Own:
    """What comes with a report and is kept apart from it."""

    def __init__(self, notes: str, goal: str, steps: Mapping[str, Mapping[str, str]]) -> None:
        self.notes, self.goal = notes.strip(), goal.strip()
        self.steps = {ref: said(**step) for ref, step in steps.items() if step.get("how")}


def _recorded(file: File, session: Session, state: str, at: datetime, told: dict[str, Any], own: _Own) -> Session:
    actor = file.actor
    is_held = state == HELD
    if not is_held:
        _check_nothing_lost(told, own)
    told = {key: value for key, value in told.items() if is_held is (key != "why_missed") or key == "next"}
    _check(told, state)
    if is_held:
        check_moment(file, at)
        session.at = at
    elif state == MISSED and session.at > actor.now:
        raise PersonFacingError(_("This session is still to come."), _("Put it off or cancel it instead."), "state")
    session.state, session.report = SessionState(state), told
    session.save()
    _report(session, 1, told, actor)
    _keep(session, own, actor)
    if is_held:
        was_in_contact(session.case, at)
    mark(
        session.case,
        EventKind.SESSION_HELD if is_held else EventKind.SESSION_MISSED,
        actor,
        part=Part.PSYCHOLOGY_SUMMARY,
        at=at if is_held else None,
        text=told.get("summary", ""),
    )
    return session


def _check(told: Mapping[str, Any], state: str) -> None:
    if state not in (HELD, MISSED, SessionState.CANCELLED):
        raise ValueError(f"a session can't become {state!r}")
    if state == HELD and not told.get("attendance"):
        raise PersonFacingError(_("Say how the child came."), field="attendance")
    if state == HELD and not told.get("summary"):
        raise PersonFacingError(
            _("Write a short summary for the team."), _("What only you should read goes into your notes."), "summary"
        )
    if state != HELD and not told.get("why_missed"):
        raise PersonFacingError(_("Say why the session was not held."), field="why_missed")


def _check_nothing_lost(told: Mapping[str, Any], own: _Own) -> None:
    """Raises:
    PersonFacingError: words were written that stand with a session that was held only; a note is kept with any.
    """
    fields = (("summary", told.get("summary")), ("goal", own.goal), ("state", own.steps))
    if field := next((name for name, words in fields if words), ""):
        raise PersonFacingError(
            _("A summary and goals stand only with a session that was held."),
            _("Take out what you wrote there, or write it into your own notes."),
            field,
        )


def _report(session: Session, number: int, told: dict[str, Any], actor: Actor) -> None:
    SessionReport.objects.create(
        subject=session.subject,
        session=session,
        number=number,
        author=actor.membership,
        written_at=actor.now,
        content=told,
    )


def _keep(session: Session, own: _Own, actor: Actor) -> None:
    common: dict[str, Any] = {"subject": session.subject, "session": session}
    if own.notes:
        _note(session.case, own.notes, actor, session=session)
    known = {one.pk.hex: one for one in OwnGoal.objects.filter(subject=session.subject_id)} if own.steps else {}
    for ref, step in own.steps.items():
        if ref not in known:
            raise ValueError(f"{ref} is no goal of this child")
        GoalStep.objects.create(**common, goal=known[ref], said_at=session.at, content=step)
    if own.goal:
        OwnGoal.objects.create(**common, case=session.case, set_at=session.at, words=own.goal)


def _note(case: Case, text: str, actor: Actor, **about: SealedModel) -> ProcessNote:
    return ProcessNote.objects.create(
        subject=case.subject, case=case, author=actor.membership, written_at=actor.now, text=text, **about
    )


@verb(Verb.SESSION_RECORD)
def correct_session(
    session: Session, *, reason: str, actor: Actor, seen: int | None = None, **report: Unpack[Report]
) -> Session:
    """Correct what the team reads of a session that was recorded. What stood there before stays.

    Raises:
        PersonFacingError: it is not recorded yet; nothing changed; what has to be there is missing.
        Stale: somebody corrected it since `seen`.
    """
    file = _past(session, actor)
    held = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    demand_seen(held, seen)
    told = said(**report)
    _check(told, held.state)
    held.subject = session.subject
    if file.open(held, "report") == told:
        raise PersonFacingError(_("Nothing was changed."), _("Change an answer, or go back to the session."))
    session.version, session.report = held.version + 1, told
    session.save(update_fields=["version", "report"])
    _report(session, 1 + SessionReport.objects.filter(session=session).count(), told | {"reason": reason}, actor)
    mark(session.case, EventKind.CORRECTED, actor, part=Part.PSYCHOLOGY_SUMMARY, text=reason)
    return session


@verb(Verb.SESSION_RECORD)
def add_note(session: Session, *, notes: str, actor: Actor) -> ProcessNote:
    """Add a note that only its author reads. The timeline does not tell of it.

    Raises:
        PersonFacingError: the session is not recorded yet, or nothing is written.
    """
    _past(session, actor)
    if not notes.strip():
        raise PersonFacingError(_("Write something first."), field="notes")
    return _note(session.case, notes.strip(), actor, session=session)


def _past(session: Session, actor: Actor) -> File:
    lock(session.case)
    file = open_file(actor, session.case)
    demand(file, Part.PSYCHOLOGY_SUMMARY)
    if Session.objects.get(pk=session.pk).state == PLANNED:
        raise PersonFacingError(_("This session is still planned."), _("Record first what came of it."))
    return file
