"""Hours, phones and places of a service, one small page each."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.directory import entries
from amanat.directory.actions import detailing
from amanat.directory.asking import ask, kept_place, kept_service, saved
from amanat.directory.forms.keeping import HoursForm, PhoneForm, PlaceForm, UsePlaceForm
from amanat.web.forms import Form


@page("directory/services/<uuid:service>/hours", does=Verb.DIRECTORY_EDIT)
def add_hours(request: Request, service: uuid.UUID) -> HttpResponse:
    found = kept_service(request, service)
    form = HoursForm(request)
    if form.apply(detailing.add_hours, found):
        return saved(request, found)
    return ask(request, form, found, _("Add hours"))


@page("directory/services/<uuid:service>/phone", does=Verb.DIRECTORY_EDIT)
def add_phone(request: Request, service: uuid.UUID) -> HttpResponse:
    found = kept_service(request, service)
    form = PhoneForm(request)
    if form.apply(detailing.add_phone, found):
        return saved(request, found)
    lead = _("Everybody who reads the entry sees it, also where the place is confidential.")
    return ask(request, form, found, _("Add a phone"), lead=lead)


@page("directory/services/<uuid:service>/place", does=Verb.DIRECTORY_EDIT)
def add_place(request: Request, service: uuid.UUID) -> HttpResponse:
    found = kept_service(request, service)
    form = PlaceForm(request)
    if form.apply(detailing.add_place, found):
        return saved(request, found)
    others = entries.other_places(found).exists()
    return ask(request, form, found, _("Add a place"), others=others)


@page("directory/services/<uuid:service>/other-place", does=Verb.DIRECTORY_EDIT)
def use_place(request: Request, service: uuid.UUID) -> HttpResponse:
    found = kept_service(request, service)
    form = UsePlaceForm(request, location=entries.other_places(found))
    if form.apply(detailing.use_place, found):
        return saved(request, found)
    return ask(request, form, found, _("Take a place of the organisation"))


@page("directory/services/<uuid:service>/places/<uuid:location>", does=Verb.DIRECTORY_EDIT)
def change_place(request: Request, service: uuid.UUID, location: uuid.UUID) -> HttpResponse:
    found, place = kept_service(request, service), kept_place(request, location)
    form = PlaceForm(request, entries.told_of_place(place, request.actor) if request.method == "GET" else None)
    if form.apply(detailing.change_place, place):
        return saved(request, found)
    lead = _("All services that are given at this place change with it.")
    return ask(request, form, found, _("Change a place"), lead=lead)


@page("directory/services/<uuid:service>/take-out/<slug:kind>/<uuid:detail>", does=Verb.DIRECTORY_EDIT)
def take_out(request: Request, service: uuid.UUID, kind: str, detail: uuid.UUID) -> HttpResponse:
    found = kept_service(request, service)
    row = entries.detail_of(found, kind, detail)
    form = Form(request)
    if form.apply(detailing.take_out, found, row=row):
        return saved(request, found, _("Removed."))
    told = {"lead": entries.in_words(row), "submit": _("Remove"), "kind": "danger", "draft": False}
    return ask(request, form, found, _("Remove from the entry"), **told)
