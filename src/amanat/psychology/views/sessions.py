"""Sessions with a child: the list, one of them, planning, recording, correcting; and the psychologist's own list."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.psychology import goals, sessions, showing
from amanat.psychology.actions import planning, recording
from amanat.psychology.forms.sessions import CorrectForm, NoteForm, PlanForm, RecordForm
from amanat.psychology.models import Session, SessionState
from amanat.psychology.sessions import Told

A_DAY = timedelta(days=1)


def _held(request: Request, ref: uuid.UUID, *states: str) -> Told:
    """A session of this file, in one of these states where any are named."""
    found = sessions.one(request.file, ref)
    if found is None or (states and found.row.state not in states):
        raise hidden(Session, ref)
    return found


def _shown(request: Request, case: Case, template: str, **context: Any) -> HttpResponse:
    return render(request, f"psychology/{template}.html", about(request, case) | context)


@page("sessions", does=Verb.LOOK_CALENDAR)
def my_sessions(request: Request) -> HttpResponse:
    """What the actor planned: what is to be recorded, and what comes."""
    return render(request, "psychology/my_sessions.html", showing.mine(request, request.GET.get("from", "")))


@page("cases/<ref:case>/sessions", shows=Part.PSYCHOLOGY_SUMMARY)
def all_sessions(request: Request, case: Case) -> HttpResponse:
    return _shown(request, case, "sessions", **showing.all_sessions(request.file, request.GET.get("from", "")))


@page("cases/<ref:case>/goals", shows=Part.PSYCHOLOGY_SUMMARY)
def own_goals(request: Request, case: Case) -> HttpResponse:
    """What the child wants, in its own words; what it reached or let go stands below."""
    found = goals.goals_of(request.file)
    is_open, ended = ([one for one in found if one.is_open is wanted] for wanted in (True, False))
    return _shown(request, case, "goals", open_goals=is_open, ended_goals=ended)


@page("cases/<ref:case>/sessions/plan", does=Verb.SESSION_PLAN)
def plan_session(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PSYCHOLOGY_SUMMARY)
    form = PlanForm(request, {"at": request.actor.now + A_DAY})
    if form.apply(planning.plan_session, case):
        messages.success(request, _("The session is planned."))
        return redirect("psychology.session", case, form.result.pk)
    return _shown(request, case, "plan_session", form=form)


@page("cases/<ref:case>/sessions/record", does=Verb.SESSION_RECORD)
def record_unplanned(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PSYCHOLOGY_SUMMARY)
    form = RecordForm(request, _open_goals(request), {"at": request.actor.now})
    if form.apply(recording.record_unplanned, case):
        messages.success(request, _("The session is recorded."))
        return redirect("psychology.session", case, form.result.pk)
    return _shown(request, case, "record_session", form=form)


@page("cases/<ref:case>/sessions/<uuid:session>", shows=Part.PSYCHOLOGY_SUMMARY)
def session(request: Request, case: Case, session: uuid.UUID) -> HttpResponse:
    return _shown(request, case, "session", **showing.session(request.file, _held(request, session)))


@page("cases/<ref:case>/sessions/<uuid:session>/move", does=Verb.SESSION_PLAN)
def move_session(request: Request, case: Case, session: uuid.UUID) -> HttpResponse:
    told = _held(request, session, SessionState.PLANNED)
    at = told.row.at if told.row.at > request.actor.now else request.actor.now + A_DAY
    form = PlanForm(request, told.plan | {"at": at, "seen": told.row.version})
    if form.apply(planning.move_session, told.row):
        messages.success(request, _("The session is planned anew."))
        return redirect("psychology.session", case, session)
    return _shown(request, case, "plan_session", form=form, told=told)


@page("cases/<ref:case>/sessions/<uuid:session>/record", does=Verb.SESSION_RECORD)
def record_session(request: Request, case: Case, session: uuid.UUID) -> HttpResponse:
    told = _held(request, session, SessionState.PLANNED)
    begin = {"at": told.row.at, "seen": told.row.version, "state": SessionState.HELD}
    begin |= {name: told.plan.get(name) for name in ("approach", "minutes")}
    form = RecordForm(request, _open_goals(request), begin, planned=True)
    if form.apply(recording.record_session, told.row):
        messages.success(request, _("The session is recorded."))
        return redirect("psychology.session", case, session)
    return _shown(request, case, "record_session", form=form, told=told)


@page("cases/<ref:case>/sessions/<uuid:session>/correct", does=Verb.SESSION_RECORD)
def correct_session(request: Request, case: Case, session: uuid.UUID) -> HttpResponse:
    told = _held(request, session, SessionState.HELD, SessionState.MISSED, SessionState.CANCELLED)
    before = {} if told.report is None else {**told.report.held}
    form = CorrectForm(request, before | {"seen": told.row.version}, held=told.row.state == SessionState.HELD)
    if form.apply(recording.correct_session, told.row):
        messages.success(request, _("It is corrected. What stood there before is kept."))
        return redirect("psychology.session", case, session)
    return _shown(request, case, "correct_session", form=form, told=told)


@page("cases/<ref:case>/sessions/<uuid:session>/note", does=Verb.SESSION_RECORD)
def note_session(request: Request, case: Case, session: uuid.UUID) -> HttpResponse:
    told = _held(request, session, SessionState.HELD, SessionState.MISSED, SessionState.CANCELLED)
    form = NoteForm(request)
    if form.apply(recording.add_note, told.row):
        messages.success(request, _("Your note is kept. Nobody else reads it."))
        return redirect("psychology.session", case, session)
    return _shown(request, case, "note_session", form=form, told=told)


def _open_goals(request: Request) -> list[goals.Goal]:
    return [one for one in goals.goals_of(request.file) if one.is_open]
