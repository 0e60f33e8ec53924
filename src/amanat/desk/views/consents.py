"""All consents and withdrawals."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.desk import consents as register
from amanat.desk.shown import sheet
from amanat.office.looks import note_look
from amanat.web.paging import keyset_page


@page("desk/consents", does=Verb.LOOK_DESK)
def consents(request: Request) -> HttpResponse:
    """Those that were given, withdrawn (the latest first), or replaced by a ground."""
    note_look(request)
    asked = request.GET.get("which", "")
    which = asked if asked in register.SHOWN else register.SHOWN[0]
    order = "-withdrawn_at" if which == "withdrawn" else "-given_on"
    rows = register.consents(request.actor, which)
    found = keyset_page(rows, order=[order, "-id"], cursor=request.GET.get("from", ""), counted=False)
    lines = register.lines(request.actor, found.rows)
    context = sheet(request, page=found, lines=lines, which=which, query=f"which={which}")
    return render(request, "desk/consents.html", context)
