"""The register of keys, and the changes that need no words: of one file's key, of all of them, of the index."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.desk import keys as register
from amanat.desk.actions import rotating
from amanat.desk.forms.erasing import ReasonForm
from amanat.desk.forms.rotating import WhyForm
from amanat.desk.shown import sheet
from amanat.office.looks import note_look
from amanat.people.doors import unattended


@page("desk/keys", does=Verb.LOOK_DESK)
def keys(request: Request) -> HttpResponse:
    """Each kind of key, and how far a change is."""
    note_look(request)
    context = sheet(request, keys=register.keys(request.actor.now), running=register.running())
    return render(request, "desk/keys.html", context)


@unattended
@page("desk/keys/running", does=Verb.LOOK_DESK)
def keys_running(request: Request) -> HttpResponse:
    """How far it is, for the page that asks by itself; when all has ended, that page is shown anew."""
    running = register.running()
    if not running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "desk/keys_running.html", {"running": running})


@page("desk/keys/data", does=Verb.KEYS_DATA)
def new_data_keys(request: Request) -> HttpResponse:
    form = WhyForm(request)
    if form.apply(rotating.rotate_data_keys):
        messages.success(request, _("Every file gets a new key now. Work goes on meanwhile."))
        return redirect("desk.keys")
    return render(request, "desk/new_data_keys.html", {"form": form})


@page("desk/keys/index", does=Verb.KEYS_INDEX)
def new_index_keys(request: Request) -> HttpResponse:
    form = WhyForm(request)
    if form.apply(rotating.rotate_index_keys):
        messages.success(request, _("The index is made anew now. Every child is found meanwhile."))
        return redirect("desk.keys")
    return render(request, "desk/new_index_keys.html", {"form": form})


@page("cases/<ref:case>/key", does=Verb.KEYS_CHILD)
def new_key(request: Request, case: Case) -> HttpResponse:
    """How far the last change of this file's key is, and a form for another."""
    form = ReasonForm(request)
    if form.apply(rotating.rotate_data_key, case):
        messages.success(request, _("The file gets a new key now. Work goes on meanwhile."))
        return redirect("desk.new_key", case)
    context = {"form": form, "last": register.of_file(case.subject_id)}
    return render(request, "desk/new_key.html", about(request, case) | context)
