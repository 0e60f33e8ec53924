"""Visits to a child: the list, deciding on one, and how it was."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import persons
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.centre import visits as asking
from amanat.centre.actions import visits as acts
from amanat.centre.forms.visits import DecideForm, VisitForm
from amanat.centre.models import Visit


@page("cases/<ref:case>/centre/visits", shows=Part.CENTRE)
def visits(request: Request, case: Case) -> HttpResponse:
    found, told = asking.page_of(request.file, request.GET.get("from", ""))
    context = {"page": found, "visits": told, "may_decide": request.file.may(Verb.VISIT_APPROVE)}
    context |= {"may_record": request.file.may(Verb.VISIT_RECORD)}
    return render(request, "centre/visits.html", about(request, case) | context)


@page("cases/<ref:case>/centre/visits/decide", does=Verb.VISIT_APPROVE)
def decide_visit(request: Request, case: Case) -> HttpResponse:
    around = persons.around(request.file)
    form = DecideForm(request, around)
    if form.apply(acts.decide_visit, case):
        messages.success(request, _("The decision is written down."))
        return redirect("centre.visits", case)
    return render(request, "centre/decide_visit.html", about(request, case) | {"form": form, "around": around})


@page("cases/<ref:case>/centre/visits/<uuid:visit>/record", does=Verb.VISIT_RECORD)
def record_visit(request: Request, case: Case, visit: uuid.UUID) -> HttpResponse:
    told = asking.visit_of(request.file, visit)
    if told is None:
        raise hidden(Visit, visit)
    form = VisitForm(request, told.who)
    if form.apply(acts.record_visit, case, visit=told.row):
        messages.success(request, _("The visit is written down."))
        return redirect("centre.visits", case)
    return render(request, "centre/record_visit.html", about(request, case) | {"form": form, "visit": told})
