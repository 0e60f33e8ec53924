"""Incidents of a child: the list, one of them with all that was added, recording one, adding to one."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.loaders import Hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Relation, Verb
from amanat.cases.circle import Circle
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.centre import house_incidents as of_house
from amanat.centre import incidents as asking
from amanat.centre.actions import incidents as acts
from amanat.centre.days import house_for, incidents_about_no_child, named
from amanat.centre.forms.incidents import AddForm, IncidentForm
from amanat.centre.incidents import Incident
from amanat.centre.workers import colleagues

APART_TOLD = gettext_lazy(
    "The allegation is recorded apart from the log of the centre, and the duty list was told. Speak of it with nobody in the house."
)


@page("cases/<ref:case>/centre/incidents", shows=Part.CENTRE)
def incidents(request: Request, case: Case) -> HttpResponse:
    context = {"incidents": asking.incidents_of(request.file), "may_record": request.file.may(Verb.INCIDENT_RECORD)}
    return render(request, "centre/incidents.html", about(request, case) | context)


@page("cases/<ref:case>/centre/incidents/record", does=Verb.INCIDENT_RECORD, about_several=True)
def record_incident(request: Request, case: Case) -> HttpResponse:
    form = IncidentForm(request, asking.who_else(case, request.actor), **_workers(request, case))
    if form.apply(acts.record_incident, case):
        apart = form.result.part == asking.APART
        messages.success(request, APART_TOLD if apart else _("The incident is recorded. You can add to it."))
        return redirect("centre.incidents", case) if request.file.sees(Part.CENTRE) else redirect(case)
    return render(request, "centre/record_incident.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/centre/incidents/<uuid:incident>", shows=Part.CENTRE)
def incident(request: Request, case: Case, incident: uuid.UUID) -> HttpResponse:
    found = _incident(request, incident)
    context = {"incident": found, "others": asking.known_in(found.series, request.file)}
    context |= {"may_add": request.file.may(Verb.INCIDENT_ADD) and not found.is_closed}
    return render(request, "centre/incident.html", about(request, case) | context)


@page("cases/<ref:case>/centre/incidents/<uuid:incident>/add", does=Verb.INCIDENT_ADD, about_several=True)
def add_to_incident(request: Request, case: Case, incident: uuid.UUID) -> HttpResponse:
    found, form = _incident(request, incident), AddForm(request)
    if form.apply(acts.add_to_incident, case, series=found.series):
        messages.success(request, _("It stands with the incident."))
        return redirect("centre.incident", case, found.series)
    return render(request, "centre/add_to_incident.html", about(request, case) | {"form": form, "incident": found})


@page("centre/<uuid:house>/incidents", does=Verb.LOOK_CENTRE)
def house_incidents(request: Request, house: uuid.UUID) -> HttpResponse:
    """Those of one house that some file opens to who looks."""
    actor, row = request.actor, house_for(request.actor, house)
    found = of_house.incidents_of(actor, row, of_house.Asked.of(request.GET.dict()), request.GET.get("from", ""))
    request.files += found["files"]
    of_no_child, newest = incidents_about_no_child(actor, row)
    found |= {"of_house": newest, "more": of_no_child.next_cursor, "may_record": actor.may(Verb.DAY_RECORD)}
    return render(request, "centre/house_incidents.html", named(actor, row) | found)


@page("centre/<uuid:house>/incidents/of-the-house", does=Verb.LOOK_CENTRE)
def incidents_of_house(request: Request, house: uuid.UUID) -> HttpResponse:
    """Those that are about no child, page by page."""
    actor, row = request.actor, house_for(request.actor, house)
    found, told = incidents_about_no_child(actor, row, request.GET.get("from", ""))
    context = {"page": found, "of_house": told, "may_record": actor.may(Verb.DAY_RECORD)}
    return render(request, "centre/incidents_of_house.html", named(actor, row) | context)


@page("centre/incidents", does=Verb.LOOK_CENTRE)
def all_incidents(request: Request) -> HttpResponse:
    """Those of all houses of the agency: *My day* leads a supervisor here to the grave ones."""
    found = of_house.incidents_of(
        request.actor, None, of_house.Asked.of(request.GET.dict()), request.GET.get("from", "")
    )
    request.files += found["files"]
    return render(request, "centre/house_incidents.html", {"nav": "centre"} | found)


def _workers(request: Request, case: Case) -> dict[str, Any]:
    """Whom an allegation can be about, and who could take the case over."""
    could = Circle(case, request.actor).who_could([Relation.CASE_MANAGER], case.agency)
    return {"accused": colleagues(request.actor), "to": could}


def _incident(request: Request, series: uuid.UUID) -> Incident:
    """An allegation leads whoever has it revealed there first."""
    found = asking.incident_of(request.file, series)
    if found is None:
        asking.check_not_to_reveal(request.file, series)
        raise Hidden(request.file.row.subject)
    return found
