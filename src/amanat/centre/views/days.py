"""The log of a child and of a house, the days of a house, its month and its standards."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access import paper
from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import papers
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.centre import days, places
from amanat.centre import log as logs
from amanat.centre import month as months
from amanat.centre import standards as assessing
from amanat.centre.actions import days as acts
from amanat.centre.actions.log import write_log as write
from amanat.centre.days import house_for, named
from amanat.centre.forms.days import DayForm, LogForm, StandardsForm
from amanat.centre.models import DayKind, LogEntry
from amanat.web import pdf
from amanat.web.downloads import download


@page("cases/<ref:case>/centre/log", shows=Part.CENTRE)
def log(request: Request, case: Case) -> HttpResponse:
    found, entries = logs.page_of(request.file, request.GET.get("from", ""))
    context = {"page": found, "entries": entries, "may_write": request.file.may(Verb.LOG_WRITE)}
    return render(request, "centre/log.html", about(request, case) | context)


@page("cases/<ref:case>/centre/log/write", does=Verb.LOG_WRITE)
def write_log(request: Request, case: Case) -> HttpResponse:
    form = LogForm(request)
    if form.apply(write, case):
        messages.success(request, _("It stands in the log."))
        return redirect("centre.log", case)
    last = logs.last_note(request.file)
    return render(request, "centre/write_log.html", about(request, case) | {"form": form, "last": last})


@page("cases/<ref:case>/centre/log/<uuid:entry>/correct", does=Verb.LOG_WRITE)
def correct_log(request: Request, case: Case, entry: uuid.UUID) -> HttpResponse:
    """A correction is an entry of its own; the one that it corrects stays."""
    wrong = logs.entry_of(request.file, entry)
    if wrong is None:
        raise hidden(LogEntry, entry)
    form = LogForm(request, wrong.held | {"kind": wrong.row.kind})
    if form.apply(write, case, corrects=wrong.row):
        messages.success(request, _("The correction stands beside what it corrects."))
        return redirect("centre.log", case)
    return render(request, "centre/write_log.html", about(request, case) | {"form": form, "wrong": wrong})


@page("centre/<uuid:house>/log", does=Verb.LOOK_CENTRE)
def house_log(request: Request, house: uuid.UUID) -> HttpResponse:
    actor, row = request.actor, house_for(request.actor, house)
    day = days.day_of(request.GET.get("day", ""), places.today_in(row, actor.now))
    found, children = days.children(actor, row, day, request.GET.get("from", ""))
    request.files += [child.line.file for child in children]
    context = {"day": day, "page": found, "children": children, "happened": days.happened(actor, row, day)}
    context |= {"query": f"day={day}"}
    context |= {"before": day - months.DAY, "after": day + months.DAY, "kinds": DayKind.choices}
    context |= {"is_today": day == places.today_in(row, actor.now), "may_record": actor.may(Verb.DAY_RECORD)}
    return render(request, "centre/house_log.html", named(actor, row) | context)


@page("centre/<uuid:house>/day/<slug:what>", does=Verb.DAY_RECORD)
def record_day(request: Request, house: uuid.UUID, what: str) -> HttpResponse:
    if what not in DayKind.values:
        raise Http404
    row, kind = house_for(request.actor, house), DayKind(what)
    form = DayForm(request, row, kind)
    if form.apply(acts.record_day, row, kind=kind):
        messages.success(request, _("It is written down."))
        return redirect("centre.house_log", row.pk)
    return render(request, "centre/record_day.html", named(request.actor, row) | {"form": form, "kind": kind})


@page("centre/<uuid:house>/month", does=Verb.LOOK_CENTRE)
def month(request: Request, house: uuid.UUID) -> HttpResponse:
    """On the screen, or as a PDF in the language that `?as=` names."""
    actor, row = request.actor, house_for(request.actor, house)
    today = places.today_in(row, actor.now)
    first = months.first_of(request.GET.get("month", ""), today)

    def told() -> dict[str, Any]:
        return named(actor, row) | {"month": months.month(actor, row, first), "is_now": first == today.replace(day=1)}

    offered, language = papers.languages(), request.GET.get("as", "")
    if language in dict(offered):
        made = pdf.made(paper.sheet(actor, "centre/paper_month.html", told, language))
        return download(made, f"centre-{first:%Y-%m}.pdf", "application/pdf")
    return render(request, "centre/month.html", told() | {"offered": offered})


@page("centre/<uuid:house>/standards", does=Verb.LOOK_CENTRE)
def standards(request: Request, house: uuid.UUID) -> HttpResponse:
    row = house_for(request.actor, house)
    found, told = assessing.page_of(request.actor, row, request.GET.get("from", ""))
    context = {"page": found, "found": told, "table": assessing.table(told), "standards": assessing.standards()}
    context |= {"may_assess": request.actor.may(Verb.STANDARD_ASSESS)}
    return render(request, "centre/standards.html", named(request.actor, row) | context)


@page("centre/<uuid:house>/standards/assess", does=Verb.STANDARD_ASSESS)
def assess_standards(request: Request, house: uuid.UUID) -> HttpResponse:
    row = house_for(request.actor, house)
    form = StandardsForm(request, row)
    if form.apply(acts.assess, row):
        messages.success(request, _("The assessment stands beside the earlier ones."))
        return redirect("centre.standards", row.pk)
    context = {"form": form, "standards": assessing.standards()}
    return render(request, "centre/assess_standards.html", named(request.actor, row) | context)
