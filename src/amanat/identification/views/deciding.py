"""The formal status of a child, with its history; appeals and reviews."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.identification import showing
from amanat.identification.actions import status as acts
from amanat.identification.forms.deciding import AppealForm, ReviewForm, StatusForm
from amanat.identification.models import Statement, StatementKind
from amanat.identification.statements import Told, statement_of


@page("cases/<ref:case>/status", shows=Part.FACTS)
def status(request: Request, case: Case) -> HttpResponse:
    context = showing.statuses(request.file, request.GET.get("from", ""))
    return render(request, "identification/status.html", about(request, case) | context)


@page("cases/<ref:case>/status/decide", does=Verb.STATUS_DECIDE)
def decide_status(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.FACTS)
    form = StatusForm(request)
    if form.apply(acts.decide, case):
        messages.success(request, _("The status is recorded. Earlier ones stay in the history."))
        return redirect("identification.status", case)
    context = {"form": form, "finding": showing.last_finding(request.file)}
    return render(request, "identification/decide_status.html", about(request, case) | context)


@page("cases/<ref:case>/status/<uuid:statement>/appeal", does=Verb.STATUS_APPEAL)
def appeal_status(request: Request, case: Case, statement: uuid.UUID) -> HttpResponse:
    demand(request.file, Part.FACTS)
    decided, form = _status(request, statement), AppealForm(request)
    if form.apply(acts.appeal, case, status=decided.row):
        messages.success(request, _("The appeal is recorded. The status stands until a review decides."))
        return redirect("identification.status", case)
    context = {"form": form, "decided": decided}
    return render(request, "identification/appeal_status.html", about(request, case) | context)


@page("cases/<ref:case>/status/<uuid:statement>/review", does=Verb.STATUS_REVIEW)
def review_status(request: Request, case: Case, statement: uuid.UUID) -> HttpResponse:
    demand(request.file, Part.FACTS)
    decided, form = _status(request, statement), ReviewForm(request)
    if form.apply(acts.review, case, status=decided.row):
        messages.success(request, _("The review is recorded."))
        return redirect("identification.status", case)
    context = {"form": form, "decided": decided}
    return render(request, "identification/review_status.html", about(request, case) | context)


def _status(request: Request, ref: uuid.UUID) -> Told:
    """Raises:
    Hidden: there is no such status of this child.
    """
    found = statement_of(request.file, StatementKind.STATUS, ref)
    if found is None:
        raise hidden(Statement, ref)
    return found
