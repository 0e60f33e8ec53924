"""The supervisor's board."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases import board as boards
from amanat.cases.happenings import procedure
from amanat.cases.overdue import TO_DEPUTY, TO_SUPERVISOR
from amanat.packs.clocks import clock


@page("board", does=Verb.LOOK_BOARD)
def board(request: Request) -> HttpResponse:
    """What is late and due soon in the agency, and with whom."""
    workers = boards.workers(request.actor)
    asked = boards.Asked.of(request.GET, workers)
    found = boards.board(request.actor, asked, request.GET.get("from", ""))
    request.files.extend(row.line.file for row in found.rows if row.line.file.looked)
    context = {
        "asked": asked,
        "page": found,
        "query": asked.query(),
        "when": boards.WHEN.items(),
        "workers": workers,
        "steps": procedure(),
        "clocks": [clock(TO_DEPUTY), clock(TO_SUPERVISOR)],
    }
    return render(request, "cases/board.html", context)
