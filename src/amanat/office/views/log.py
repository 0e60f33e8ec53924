"""The whole log, for the data protection officer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.audit.models import Outcome
from amanat.office.log import Asked, lines
from amanat.office.looks import note_look


@page("desk/log", does=Verb.LOOK_AUDIT)
def audit(request: Request) -> HttpResponse:
    """Who did, saw or was refused what; by worker, day and outcome."""
    asked = Asked.of(request.GET)
    found = lines(request.actor, asked, request.GET.get("from", ""))
    note_look(request, Verb.LOOK_AUDIT, asked=asked.query())
    context = {"asked": asked, "lines": found, "outcomes": Outcome.choices}
    return render(request, "office/audit.html", context)
