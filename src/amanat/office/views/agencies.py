"""The agencies of the network and their sites."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.office import workers
from amanat.office.actions import agencies as acts
from amanat.office.forms import AgencyForm, SiteForm
from amanat.people.models import Agency, Site


@page("agencies", does=Verb.PEOPLE_ARRANGE)
def agencies(request: Request) -> HttpResponse:
    """All agencies with their sites and the number of their workers."""
    kinds = dict(packs.current().codes("agency_kind").choices())
    sites: dict[uuid.UUID, list[Site]] = {}
    for site in Site.objects.all():
        sites.setdefault(site.agency_id, []).append(site)
    rows = [
        (agency, kinds.get(agency.kind, agency.kind), sites.get(agency.pk, []), size)
        for agency, size in workers.sizes(request.actor)
    ]
    return render(request, "office/agencies.html", {"rows": rows})


@page("agencies/add", does=Verb.PEOPLE_ARRANGE)
def add_agency(request: Request) -> HttpResponse:
    form = AgencyForm(request)
    if form.apply(acts.add_agency):
        messages.success(request, _("Added. Now add a site, so that its workers read times in the right zone."))
        return redirect("office.agencies")
    return render(request, "office/agency.html", {"form": form})


@page("agencies/<uuid:agency>/change", does=Verb.PEOPLE_ARRANGE)
def change_agency(request: Request, agency: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Agency, pk=agency)
    form = AgencyForm(request, found)
    if form.apply(acts.change_agency, agency=found):
        return _saved(request)
    return render(request, "office/agency.html", {"form": form, "agency": found})


@page("agencies/<uuid:agency>/site", does=Verb.PEOPLE_ARRANGE)
def add_site(request: Request, agency: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Agency, pk=agency)
    form = SiteForm(request, Site(agency=found, name="", time_zone=_usual_zone(found, request)))
    if form.apply(acts.add_site, found):
        return _saved(request)
    return render(request, "office/site.html", {"form": form, "agency": found})


@page("agencies/sites/<uuid:site>/change", does=Verb.PEOPLE_ARRANGE)
def change_site(request: Request, site: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Site.objects.select_related("agency"), pk=site)
    form = SiteForm(request, found)
    if form.apply(acts.change_site, site=found):
        return _saved(request)
    return render(request, "office/site.html", {"form": form, "agency": found.agency, "site": found})


def _usual_zone(agency: Agency, request: Request) -> str:
    """The zone of the agency's other sites, else of the administrator's own."""
    own = request.actor.membership.site
    known = agency.sites.values_list("time_zone", flat=True).first()
    return known or (own.time_zone if own else "UTC")


def _saved(request: Request) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("office.agencies")
