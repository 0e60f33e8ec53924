"""Pages of one child's file: the file itself, its documents, and who looked at it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from amanat.access.files import Closed, File
from amanat.access.models import Consent, Grant
from amanat.access.pages import Request, page
from amanat.access.policy import Level, Part, Relation, Verb
from amanat.audit.queries import looks_at
from amanat.cases import cautions, downloads, looks, menu, queries, sections, shown, timeline
from amanat.cases.actions.consenting import overrides_in_force
from amanat.cases.models import Attachment, Case, Task
from amanat.cases.sections import Section
from amanat.web.paging import keyset_page


@page("cases/<ref:case>", shows=Part.EXISTENCE)
def file(request: Request, case: Case) -> HttpResponse:
    """The head of the file, and one section of it: without `?section=` what is going on (tasks, timeline)."""
    section = sections.named(request.GET.get("section", ""))
    if section is not None and not section.is_there(request.file):
        raise Closed(section.part)
    cursor = request.GET.get("from", "")
    context = _head(request) | (_section(request.file, section, cursor) if section else _going_on(request.file, cursor))
    return render(request, "cases/file.html", context)


def _head(request: Request) -> dict[str, Any]:
    file = request.file
    kin = queries.related(file) if file.sees(Part.EXISTENCE) else []
    names = [(each, shown.name_of(each)) for each in kin]
    request.files.extend(each for each in kin if each.looked)
    return {
        "case": file.row,
        "file": file,
        "line": shown.Line(file, shown.name_of(file)),
        "sections": sections.sections_of(file),
        "closed_sections": [section for section in sections.sections_of(file) if section.is_closed(file)],
        "actions": menu.primary(file),
        "groups": menu.groups(file),
        "kin": [(shown.Line(each, name), each.row.subject_id == file.row.subject_id) for each, name in names],
        "cautions": cautions.on(file),
        "overrides": _overrides(file),
        "nav": "caseload",
    } | _circle(file)


def _overrides(file: File) -> list[Consent]:
    case = shown.case_of(file)
    there = file.sees(Part.CONSENT) and case.has_overrides  # type: ignore[attr-defined]  # by the loader
    return [one for one in overrides_in_force(case, file.actor) if file.knows(one)] if there else []


def _circle(file: File) -> dict[str, Any]:
    """The circle of care; whoever does not learn it finds the agency there."""
    if not queries.knows_circle(file):
        return {"circle": [], "emergency": None}
    grants = queries.grants_of(file)
    return {
        "circle": [grant for grant in grants if grant.relation != Relation.EMERGENCY],
        "emergency": _emergency(file, grants),
    }


def _emergency(file: File, grants: list[Grant]) -> Grant | None:
    """The actor's emergency access, where nothing else lets them in."""
    held = next((grant for grant in grants if grant.relation == Relation.EMERGENCY), None)
    return held if file.relations == {Relation.EMERGENCY} else None


def _going_on(file: File, cursor: str) -> dict[str, Any]:
    events = timeline.page_of(file, cursor)
    summary = _summary(file)
    apart = [event for event in events.rows if not (summary and event.part == Part.REFERRAL_SUMMARY)]
    tasks = queries.open_tasks_of(file) if file.sees(Part.EXISTENCE) and not cursor else []
    return {
        "events": events,
        "lines": timeline.lines(file, apart),
        "tasks": [(task, _task_text(file, task)) for task in tasks],
        "may_finish": file.may(Verb.CASE_FINISH_TASK),
        "summary": summary if not cursor else [],
    }


def _summary(file: File) -> list[timeline.Line]:
    """The referral summary, for whoever knows the file by little else."""
    if file.sees(Part.EXISTENCE) or not file.sees(Part.REFERRAL_SUMMARY):
        return []
    return timeline.lines(file, timeline.page_of(file, "", [Part.REFERRAL_SUMMARY]).rows)


def _task_text(file: File, task: Task) -> shown.Text:
    task.subject = file.row.subject
    return shown.task_said(file, task)


def _section(file: File, section: Section, cursor: str) -> dict[str, Any]:
    context = section.context(file) | {"section": section, "to_reveal": _to_reveal(file, section)}
    if section.with_notes:
        events = timeline.page_of(file, cursor, section.own_parts)
        context |= {"events": events, "lines": timeline.lines(file, events.rows)}
    return context


def _to_reveal(file: File, section: Section) -> list[Part]:
    may = file.may(Verb.FILE_REVEAL)
    return [part for part in section.own_parts if may and file.level(part) is Level.REVEAL]


@page("attachments/<ref:attachment>", shows=Part.EXISTENCE)
def attachment(request: Request, attachment: Attachment) -> HttpResponseBase:
    """The document: of a picture the working copy without metadata, or with `?original=1` what was sent."""
    about = request.file.open(attachment, "about")
    return downloads.download(attachment, about, original=request.GET.get("original") == "1")


@page("cases/<ref:case>/looks", shows=Part.AUDIT)
def who_looked(request: Request, case: Case) -> HttpResponse:
    """Everybody who did, saw or was refused something on this file, newest first."""
    rows = looks_at(case.subject).defer(None)
    entries = keyset_page(rows, order=["-at", "-id"], cursor=request.GET.get("from", ""))
    context = {"case": case, "page": entries, "looks": looks.lines(request.file, entries.rows), "nav": "caseload"}
    return render(request, "cases/who_looked.html", context)
