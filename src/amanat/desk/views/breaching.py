"""The register of breaches, and one of them with its steps."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.desk import breaches as register
from amanat.desk.actions import breaching
from amanat.desk.forms.breaching import BreachForm, StepForm
from amanat.desk.shown import sheet
from amanat.office.looks import note_look
from amanat.packs.clocks import clock
from amanat.web.paging import keyset_page


@page("desk/breaches", does=Verb.LOOK_DESK)
def breaches(request: Request) -> HttpResponse:
    """All of them, the latest first, with their clocks."""
    note_look(request)
    found = keyset_page(register.breaches(), order=["-number"], cursor=request.GET.get("from", ""))
    rows = [register.Told(row, request.actor.now) for row in found.rows]
    return render(request, "desk/breaches.html", sheet(request, page=found, rows=rows, clock=clock("breach")))


@page("desk/breaches/record", does=Verb.BREACH_RECORD)
def record_breach(request: Request) -> HttpResponse:
    form = BreachForm(request, initial={"known_at": request.actor.now})
    if form.apply(breaching.record):
        messages.success(request, _("Written down. The clock runs."))
        return redirect("desk.breach", form.result.pk)
    return render(request, "desk/record_breach.html", {"form": form, "clock": clock("breach")})


@page("desk/breaches/<uuid:breach>", does=Verb.BREACH_FOLLOW_UP)
def breach(request: Request, breach: uuid.UUID) -> HttpResponse:
    """What happened, what was done, and what is done next."""
    row = register.find(breach)
    form = StepForm(request)
    if form.apply(breaching.follow_up, row):
        messages.success(request, _("Written down."))
        return redirect("desk.breach", row.pk)
    note_look(request, Verb.BREACH_FOLLOW_UP, about=str(row))
    context = sheet(
        request,
        form=form,
        breach=register.Told(row, request.actor.now),
        words=register.words_of(row, request.actor),
        steps=register.steps_of(row, request.actor),
    )
    return render(request, "desk/breach.html", context)
