"""Lists of files: what is due today, and the caseload. Both also open for people who never see a child's file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from amanat.access.files import File, sees_files
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases import alerts, news
from amanat.cases import caseload as caseloads
from amanat.cases.my_day import head, other_tiles, stood_in_for, waiting
from amanat.cases.overdue import late_with_colleagues
from amanat.web import navigation


@page("", does=Verb.LOOK_MY_DAY)
def my_day(request: Request) -> HttpResponse:
    """What waits for this worker today."""
    actor = request.actor
    if not sees_files(actor.role):
        own = [entry for entry in navigation.entries_for(actor) if entry.name != "my_day"]
        return render(request, "cases/my_day_without_files.html", {"entries": own, "tiles": other_tiles(actor)})
    found, figures = waiting(actor), head(actor)
    by_others, by_me = news.emergencies(actor)
    _note_looks(request, found.files)
    context = {
        "head": figures,
        "waiting": found,
        "stood_in_for": stood_in_for(actor),
        "opened_by_others": by_others,
        "opened_by_me": by_me,
        "handed_over": news.handed_over(actor),
        "late_with": late_with_colleagues(actor) if figures.deputised else [],
        "may_register": _may_register(request),
    }
    return render(request, "cases/my_day.html", context | alerts.first_of_all(actor))


@page("cases", does=Verb.LOOK_CASELOAD)
def caseload(request: Request) -> HttpResponse:
    """The files that this worker may know of."""
    if "search" in request.GET:  # where somebody comes back to who looked for a child in the box of this page
        return redirect(f"{reverse('cases.find_child')}?{urlencode({'search': request.GET['search']})}")
    asked = caseloads.Asked.of(request.GET)
    found = caseloads.caseload(request.actor, asked, request.GET.get("from", ""))
    _note_looks(request, [line.file for line in found.lines])
    return render(request, "cases/caseload.html", {"asked": asked, "page": found} | _offered(request, asked))


def _offered(request: Request, asked: caseloads.Asked) -> dict[str, Any]:
    """What can be chosen in the filters, and the orders as links."""
    return {
        "stages": caseloads.choices("stage"),
        "risks": caseloads.risks(),
        "states": caseloads.STATES.items(),
        "sorts": caseloads.SORTS.items(),
        "only": caseloads.ONLY.get(asked.only, ""),
        "without_only": asked.query(only=""),
        "sort_links": {name: asked.query(sort=name) for name in caseloads.SORTS},
        "query": asked.query(),
        "may_register": _may_register(request),
        "may_pass_on": request.actor.may(Verb.CASE_BULK_HAND_OVER),
    }


def _note_looks(request: Request, files: Iterable[File]) -> None:
    """A line by code name is no look at a file; a name that was opened is one."""
    request.files.extend(file for file in files if file.looked)


def _may_register(request: Request) -> bool:
    return request.actor.may(Verb.CASE_REGISTER)
