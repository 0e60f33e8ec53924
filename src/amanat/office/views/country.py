"""What the country pack says, for everybody who works here."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from amanat import packs
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.office import country as told


@page("country", does=Verb.LOOK_PACK)
def country(request: Request) -> HttpResponse:
    pack = packs.current()
    days, are_known = told.holidays(pack, timezone.localdate(request.actor.now))
    context = {
        "manifest": pack.manifest,
        "organisations": told.organisations(pack),
        "steps": told.steps(pack),
        "lists": told.lists(pack),
        "holidays": days,
        "holidays_known": are_known,
    }
    return render(request, "office/country.html", context)
