"""Who asked whether a child is known elsewhere."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.models import ANSWERS_A_DAY
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.desk import questions as register
from amanat.desk.shown import sheet
from amanat.office.looks import note_look


@page("desk/questions", does=Verb.LOOK_DESK)
def questions(request: Request) -> HttpResponse:
    """Of the last 30 days; what was asked, and why, stands in the log of that day."""
    note_look(request)
    context = sheet(request, askers=register.askers(request.actor.now), limit=ANSWERS_A_DAY)
    return render(request, "desk/questions.html", context)
