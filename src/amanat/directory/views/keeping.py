"""The entries that one keeps: the list, organisations, services, whom they are for, free places, and that all is right."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.directory import entries as lists
from amanat.directory import keepers
from amanat.directory.actions import keeping
from amanat.directory.asking import ask, kept_organization, kept_service, saved
from amanat.directory.forms.keeping import (
    ForWhomForm,
    FreePlacesForm,
    OrganizationForm,
    OthersForm,
    ServiceForm,
    StatusForm,
)
from amanat.web.forms import Form


@page("directory/entries", does=Verb.DIRECTORY_EDIT)
def entries(request: Request) -> HttpResponse:
    """What the actor's agency offers, or what is kept for organisations that are no agency; with what has to be confirmed."""
    only_old = request.GET.get("show") == "old"
    context = {
        "page": lists.entries(request.actor, request.GET.get("from", ""), only_old=only_old),
        "organizations": lists.organizations(request.actor),
        "only_old": only_old,
        "query": "show=old" if only_old else "",
        "old": keepers.to_confirm(request.actor, request.actor.now).order_by()[:1001].count(),
        "keeps_others": keepers.keeps_others(request.actor),
        "may_confirm": request.actor.may(Verb.DIRECTORY_CONFIRM),
    }
    return render(request, "directory/entries.html", context)


@page("directory/organizations/add", does=Verb.DIRECTORY_EDIT)
def add_organization(request: Request) -> HttpResponse:
    """One's own agency; for who keeps the others one that is no agency here."""
    is_other = keepers.keeps_others(request.actor)
    own = None if is_other else request.actor.membership.agency
    form = OrganizationForm(request)
    if own and form.sent is None:
        form.initial.setdefault("name", own.name)
    if form.apply(keeping.add_organization, agency=own):
        messages.success(request, _("Added. Now add its services."))
        return redirect("directory.add_service", form.result.pk)
    return ask(request, form, None, _("Add an organisation") if is_other else _("Your agency in the directory"))


@page("directory/organizations/<uuid:organization>/change", does=Verb.DIRECTORY_EDIT)
def change_organization(request: Request, organization: uuid.UUID) -> HttpResponse:
    found = kept_organization(request, organization)
    is_other = keepers.keeps_others(request.actor) and found.agency_id is None
    form = (OthersForm if is_other else OrganizationForm)(request, found)
    if form.apply(keeping.change_organization, organization=found):
        messages.success(request, _("Saved."))
        return redirect("directory.entries")
    return ask(request, form, found, _("Change an organisation"), lead=lists.about_languages(found))


@page("directory/organizations/<uuid:organization>/service", does=Verb.DIRECTORY_EDIT)
def add_service(request: Request, organization: uuid.UUID) -> HttpResponse:
    found = kept_organization(request, organization)
    form = ServiceForm(request)
    if form.apply(keeping.add_service, organization=found):
        return saved(request, form.result, _("Added. Now say for whom it is, when, and where."))
    return ask(request, form, found, _("Add a service"))


@page("directory/services/<uuid:service>/change", does=Verb.DIRECTORY_EDIT)
def change_service(request: Request, service: uuid.UUID) -> HttpResponse:
    found = kept_service(request, service)
    form = ServiceForm(request, found)
    if form.apply(keeping.change_service, service=found):
        return saved(request, found)
    return ask(request, form, found, _("Change a service"), lead=lists.about_languages(found))


@page("directory/services/<uuid:service>/for-whom", does=Verb.DIRECTORY_EDIT)
def for_whom(request: Request, service: uuid.UUID) -> HttpResponse:
    found = kept_service(request, service)
    form = ForWhomForm(request, found, *lists.told_of(found))
    if form.apply(keeping.say_for_whom, service=found):
        return saved(request, found)
    return ask(request, form, found, _("For whom it is"))


@page("directory/services/<uuid:service>/status", does=Verb.DIRECTORY_EDIT)
def set_status(request: Request, service: uuid.UUID) -> HttpResponse:
    found = kept_service(request, service)
    form = StatusForm(request, found)
    if form.apply(keeping.set_status, service=found):
        return saved(request, found)
    return ask(request, form, found, _("Pause, end or give again"))


@page("directory/services/<uuid:service>/free-places", does=Verb.DIRECTORY_EDIT)
def free_places(request: Request, service: uuid.UUID) -> HttpResponse:
    """The list comes here with one press; what is wrong there is mended here."""
    found = kept_service(request, service)
    form = FreePlacesForm(request, found)
    if form.apply(keeping.tell_free_places, service=found):
        told = {"service": found, "count": found.free_places}
        return saved(request, found, _("%(service)s: places free now: %(count)d.") % told)
    return ask(request, form, found, _("Free places"))


@page("directory/services/<uuid:service>/confirm", does=Verb.DIRECTORY_CONFIRM)
def confirm(request: Request, service: uuid.UUID) -> HttpResponse:
    found = kept_service(request, service)
    form = Form(request)
    if form.apply(keeping.confirm, found):
        return saved(request, found, _("%(service)s is confirmed for 90 days.") % {"service": found})
    lead = _("You confirm that all that the entry says is right today: hours, phones, places, for whom it is.")
    return ask(request, form, found, _("Confirm an entry"), lead=lead, submit=_("It is all right"), draft=False)
