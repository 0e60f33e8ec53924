"""Finding a service: the list of what fits, the form, one entry, and where a confidential place is."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from amanat.access.loaders import Hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.directory import confidential, showing
from amanat.directory.candidates import MOST
from amanat.directory.finding import find
from amanat.directory.forms.finding import FindForm, asked_in_words, initial_of, wanted_of
from amanat.directory.models import Location


@page("directory", does=Verb.LOOK_DIRECTORY)
def services(request: Request) -> HttpResponse:
    """All services, or those that fit what stands in the address: each with why."""
    actor = request.actor
    told = initial_of(request.GET, actor.now)
    wanted = wanted_of(told, actor.now)
    query = {name: value for name, value in request.GET.items() if name != "from"}
    context = {
        "found": find(wanted, now=actor.now, cursor=request.GET.get("from", "")),
        "wanted": wanted,
        "asked": asked_in_words(told),
        "query": urlencode(query),
        "most": MOST,
        "may_keep": actor.may(Verb.DIRECTORY_EDIT),
        "may_export": actor.may(Verb.DIRECTORY_EXPORT),
    }
    return render(request, "directory/services.html", context)


@page("directory/find", does=Verb.LOOK_DIRECTORY)
def find_service(request: Request) -> HttpResponse:
    form = FindForm(request, initial_of(request.GET, request.actor.now))
    if form.sent is not None and form.is_valid():
        return redirect(f"{reverse('directory.services')}?{urlencode(form.query)}")
    return render(request, "directory/find.html", {"form": form})


@page("directory/services/<uuid:service>", does=Verb.LOOK_DIRECTORY)
def service(request: Request, service: uuid.UUID) -> HttpResponse:
    shown = showing.shown(service, request.actor)
    if shown is None:
        raise Hidden(None)
    return render(request, "directory/service.html", {"shown": shown, "service": shown.service})


@page("directory/places/<uuid:location>", does=Verb.LOOK_DIRECTORY)
def place(request: Request, location: uuid.UUID) -> HttpResponse:
    """Where a confidential place is; whoever may not know it finds no such page."""
    found = get_object_or_404(Location.objects.select_related("organization"), pk=location, is_confidential=True)
    if not confidential.may_open(request.actor, found):
        raise Hidden(None)
    where = showing.look_at_place(found, request.actor)
    return render(request, "directory/place.html", {"where": where, "location": found})
