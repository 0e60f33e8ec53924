"""What the pages of sessions show, the section *Psychology* of a file, and what is told on *My day*."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from amanat.access.actor import Actor
from amanat.access.files import File, open_files
from amanat.access.pages import Request
from amanat.access.policy import Part, Verb
from amanat.cases import menu, sections
from amanat.cases.queries import end_of_day
from amanat.cases.shown import Line, case_of, name_of
from amanat.psychology import goals, sessions
from amanat.psychology.sessions import Told
from amanat.web import day
from amanat.web.day import Counted, Tile
from amanat.web.paging import count_text, keyset_page

NEWEST = 5  # sessions in the section


def may(file: File, verb: Verb) -> bool:
    """Whether the actor may do it while the case is open."""
    return not case_of(file).is_closed and file.may(verb)


def all_sessions(file: File, cursor: str) -> dict[str, Any]:
    page, told = sessions.page_of(file, cursor)
    return {
        "page": page,
        "sessions": told,
        "may_plan": may(file, Verb.SESSION_PLAN),
        "may_record": may(file, Verb.SESSION_RECORD),
    }


def session(file: File, told: Told) -> dict[str, Any]:
    """One session; the goals that were set or spoken of in it."""
    of_it = []
    for goal in goals.goals_of(file):
        if goal.row.session_id == told.row.pk or any(step.session == told.row.pk for step in goal.steps):
            of_it.append(goal)
    return {
        "told": told,
        "goals": of_it,
        "notes": sessions.notes_about(file, session=told.row.pk),
        "sees_notes": file.sees(Part.PSYCHOLOGY_NOTES),
        "may_plan": may(file, Verb.SESSION_PLAN) and told.row.is_planned,
        "may_record": may(file, Verb.SESSION_RECORD) and told.row.is_planned,
        "may_correct": file.may(Verb.SESSION_RECORD) and not told.row.is_planned,
    }


def section(file: File) -> dict[str, Any]:
    """The section: what is planned, the newest sessions, and the ways on. One query."""
    sees = file.sees(Part.PSYCHOLOGY_SUMMARY)
    told = sessions.newest(file, NEWEST) if sees else []
    return {
        "sees": sees,
        "sessions": told,
        "sees_safety": file.sees(Part.SAFETY),
        "may_plan": may(file, Verb.SESSION_PLAN),
        "may_record": may(file, Verb.SESSION_RECORD),
        "may_crisis": may(file, Verb.CRISIS_RECORD),
        "notes_title": True,
    }


def mine(request: Request, cursor: str) -> dict[str, Any]:
    """The psychologist's own list: two queries for any number of files."""
    rows = sessions.mine(request.actor).select_related(
        "case__subject", "case__child", "case__agency", "psychologist__user"
    )
    page = keyset_page(rows, order=["at", "id"], cursor=cursor, size=sessions.A_PAGE, counted=False)
    by_case = {file.row.pk: file for file in open_files(request.actor, [row.case for row in page.rows])}
    files = [by_case[row.case_id] for row in page.rows]
    request.files.extend({id(file): file for file in files}.values())
    lines = [
        (row, Line(file, name_of(file)), row.at < request.actor.now) for row, file in zip(page.rows, files, strict=True)
    ]
    return {"page": page, "lines": lines, "nav": "cases"}


def sessions_today(actor: Actor) -> Counted | None:
    """Planned for today, or before and not recorded."""
    if not actor.may(Verb.LOOK_CALENDAR):
        return None
    rows = sessions.mine(actor).filter(at__lt=end_of_day(actor.now))
    return Counted(rows.values("pk"), _tile)


def _tile(count: int) -> Tile | None:
    label = ngettext_lazy("session today, or to be recorded", "sessions today, or to be recorded", count)
    return Tile(count_text(count), label, "calendar", "psychology.my_sessions", kind="warning") if count else None


def register() -> None:
    """Called once, when the room is loaded."""
    sections.add(
        sections.Section(
            "psychology",
            _("Psychology"),
            Part.PSYCHOLOGY_SUMMARY,
            "eye",
            50,
            "psychology/section.html",
            section,
            also=(Part.PSYCHOLOGY_NOTES,),
            with_notes=True,
        )
    )
    title = _("Psychological help")
    for action in (
        menu.Action(Verb.SESSION_PLAN, "psychology.plan_session", _("Plan a session"), "calendar", menu.not_closed),
        menu.Action(
            Verb.CRISIS_RECORD, "psychology.record_crisis", _("Record a crisis contact"), "alert", menu.not_closed
        ),
        menu.Action(Part.SAFETY, "psychology.crises", _("Crisis contacts"), "alert"),
        menu.Action(Part.EXISTENCE, "psychology.first_help", _("Reactions and first help"), "eye"),
        menu.Action(Part.SAFETY, "psychology.safety_card", _("The child's safety card"), "shield"),
    ):
        menu.add(action, title)
    day.add(sessions_today)
