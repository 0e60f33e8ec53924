"""The report of what will go and why, and the periods that it follows."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat import packs
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.desk import retention as report
from amanat.desk.shown import sheet
from amanat.office.looks import note_look
from amanat.web.paging import keyset_page


@page("desk/retention", does=Verb.LOOK_DESK)
def retention(request: Request) -> HttpResponse:
    """Files whose period ends within 30 days or is over, those that were noticed first at the top."""
    note_look(request)
    found = keyset_page(report.due(request.actor), order=["noticed_on", "id"], cursor=request.GET.get("from", ""))
    lines = report.lines(request.actor, found.rows)
    request.files += [line.file for line in lines]
    context = sheet(
        request,
        page=found,
        lines=lines,
        days=report.AHEAD.days,
        review=report.last_review(),
        periods=packs.current().retention.values(),
    )
    return render(request, "desk/retention.html", context)
