"""Assessments of vulnerability side by side; obstacles to identification and what was tried."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.forms.choices import caution
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.identification import showing
from amanat.identification.actions import assessing as acts
from amanat.identification.forms.assessing import ObstacleForm, ResponseForm, VulnerabilityForm
from amanat.identification.models import Statement, StatementKind
from amanat.identification.statements import OBSTACLES, statement_of


@page("cases/<ref:case>/vulnerability", shows=Part.FACTS)
def vulnerability(request: Request, case: Case) -> HttpResponse:
    context = showing.assessments(request.file, request.GET.get("from", ""))
    return render(request, "identification/vulnerability.html", about(request, case) | context)


@page("cases/<ref:case>/vulnerability/assess", does=Verb.VULNERABILITY_RECORD)
def assess_vulnerability(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.FACTS)
    form = VulnerabilityForm(request)
    if form.apply(acts.assess, case):
        messages.success(request, _("The assessment is recorded. It stands beside the earlier ones."))
        return redirect("identification.vulnerability", case)
    context = {"form": form, "caution": showing.vulnerability_caution()}
    return render(request, "identification/assess_vulnerability.html", about(request, case) | context)


@page("cases/<ref:case>/obstacles", shows=Part.FACTS)
def obstacles(request: Request, case: Case) -> HttpResponse:
    context = showing.obstacles(request.file, request.GET.get("from", ""))
    return render(request, "identification/obstacles.html", about(request, case) | context)


@page("cases/<ref:case>/obstacles/add", does=Verb.OBSTACLE_RECORD)
def add_obstacle(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.FACTS)
    form = ObstacleForm(request)
    if form.apply(acts.note_obstacle, case):
        messages.success(request, _("The obstacle is recorded. Write here what is tried against it."))
        return redirect("identification.obstacles", case)
    context = {"form": form, "caution": caution(OBSTACLES)}
    return render(request, "identification/add_obstacle.html", about(request, case) | context)


@page("cases/<ref:case>/obstacles/<uuid:statement>/try", does=Verb.OBSTACLE_RECORD)
def try_response(request: Request, case: Case, statement: uuid.UUID) -> HttpResponse:
    demand(request.file, Part.FACTS)
    obstacle = statement_of(request.file, StatementKind.OBSTACLE, statement)
    if obstacle is None:
        raise hidden(Statement, statement)
    form = ResponseForm(request)
    if form.apply(acts.try_response, case, obstacle=obstacle.row):
        messages.success(request, _("What was tried is recorded."))
        return redirect("identification.obstacles", case)
    context = {"form": form, "obstacle": obstacle, "offered": showing.offered(obstacle), "caution": caution(OBSTACLES)}
    return render(request, "identification/try_response.html", about(request, case) | context)
