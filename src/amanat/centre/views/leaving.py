"""Missing and found, from whom a child is kept apart, and the end of a stay."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases import departures
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.centre import stays, under_one_roof
from amanat.centre.actions import leaving, staying
from amanat.centre.actions import missing as acts
from amanat.centre.forms.staying import ApartForm, EndForm, FoundForm, MissingForm, StepsForm
from amanat.web.forms import Form


@page("cases/<ref:case>/stay/missing", does=Verb.STAY_MISSING)
def missing(request: Request, case: Case) -> HttpResponse:
    """Report a child missing; once that is done, the steps stand here until it is found."""
    told = stays.missing(request.file)
    if told:
        return _steps(request, case, told)
    form = MissingForm(request)
    if form.apply(acts.report_missing, case):
        messages.success(request, stays.who_was_told(case))
        return redirect("centre.missing", case)
    return render(request, "centre/missing.html", about(request, case) | {"form": form})


def _steps(request: Request, case: Case, told: stays.Told) -> HttpResponse:
    away = told.away
    form = StepsForm(request, {"done": list(away.done) if away else []})
    if form.apply(acts.tick_steps, case):
        messages.success(request, _("It is kept."))
        return redirect("centre.missing", case)
    context = {"form": form, "stay": told, "away": away, "due": stays.steps_due(case)}
    return render(request, "centre/missing_steps.html", about(request, case) | context)


@page("cases/<ref:case>/stay/found", does=Verb.STAY_MISSING)
def found(request: Request, case: Case) -> HttpResponse:
    form = FoundForm(request)
    if form.apply(acts.found, case):
        messages.success(request, _("It is good that the child was found."))
        return redirect(stays.where_next(request.actor, case))
    return render(request, "centre/found.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/stay/end", does=Verb.STAY_END)
def end(request: Request, case: Case) -> HttpResponse:
    told = stays.in_house(request.file)
    form = EndForm(request, told.row.version, told.things)
    if form.apply(leaving.end, case):
        messages.success(request, _("The stay has ended, and the bed is free."))
        return redirect(stays.where_next(request.actor, case))
    context = {"form": form, "stay": told, "not_ready": departures.not_ready(request.file)}
    return render(request, "centre/end.html", about(request, case) | context)


@page("cases/<ref:case>/stay/apart", does=Verb.STAY_KEEP_APART)
def keep_apart(request: Request, case: Case) -> HttpResponse:
    """From which other child this one is kept apart."""
    form = ApartForm(request)
    if form.apply(staying.keep_apart, case):
        messages.success(request, _("No bed in the house of the other one is offered any more."))
        if told := under_one_roof.told(case, form.result.other_id, request.actor):
            messages.warning(request, told)
        return redirect("centre.keep_apart", case)
    context = {"form": form, "apart": under_one_roof.apart_of(request.file)}
    return render(request, "centre/apart.html", about(request, case) | context)


@page("cases/<ref:case>/stay/apart/<uuid:apart>/lift", does=Verb.STAY_KEEP_APART)
def lift_apart(request: Request, case: Case, apart: uuid.UUID) -> HttpResponse:
    row, form = under_one_roof.apart_row(request.file, apart), Form(request)
    if form.apply(staying.lift_apart, case, apart=row):
        messages.success(request, _("They may sleep in one house again."))
        return redirect("centre.keep_apart", case)
    return render(request, "centre/lift_apart.html", about(request, case) | {"form": form})
