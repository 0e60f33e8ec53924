"""Houses, rooms and beds, as their supervisor arranges them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.centre import places
from amanat.centre.actions import arranging as acts
from amanat.centre.forms.arranging import BedForm, ChangeHouseForm, HouseForm, RoomForm


@page("centre/houses", does=Verb.HOUSE_ARRANGE)
def houses(request: Request) -> HttpResponse:
    context = {"houses": places.houses(request.actor, also_closed=True)}
    return render(request, "centre/houses.html", context)


@page("centre/houses/add", does=Verb.HOUSE_ARRANGE)
def add_house(request: Request) -> HttpResponse:
    form = HouseForm(request)
    if form.apply(acts.add_house):
        messages.success(request, _("The house is written down. Now its rooms."))
        return redirect("centre.house", form.result.pk)
    return render(request, "centre/house_form.html", {"form": form})


@page("centre/houses/<uuid:house>", does=Verb.HOUSE_ARRANGE)
def house(request: Request, house: uuid.UUID) -> HttpResponse:
    """One house with its rooms and beds, also those out of use."""
    found = places.house_of(request.actor, house)
    floors = places.floors(places.all_rooms(request.actor, found.row))
    context = {"house": found, "about": places.about(request.actor, found.row), "floors": floors}
    return render(request, "centre/house.html", context)


@page("centre/houses/<uuid:house>/change", does=Verb.HOUSE_ARRANGE)
def change_house(request: Request, house: uuid.UUID) -> HttpResponse:
    found = places.house_of(request.actor, house)
    form = ChangeHouseForm(request, found, places.about(request.actor, found.row))
    if form.apply(acts.change_house, found.row):
        messages.success(request, _("The house is changed."))
        return redirect("centre.house", house)
    return render(request, "centre/house_form.html", {"form": form, "house": found})


@page("centre/houses/<uuid:house>/rooms/add", does=Verb.HOUSE_ARRANGE)
def add_room(request: Request, house: uuid.UUID) -> HttpResponse:
    found, form = places.house_of(request.actor, house), RoomForm(request)
    if form.apply(acts.write_room, found.row):
        messages.success(request, _("The room is written down."))
        return redirect("centre.house", house)
    return render(request, "centre/room_form.html", {"form": form, "house": found})


@page("centre/houses/<uuid:house>/rooms/<uuid:room>", does=Verb.HOUSE_ARRANGE)
def change_room(request: Request, house: uuid.UUID, room: uuid.UUID) -> HttpResponse:
    found = places.house_of(request.actor, house)
    row = places.room_of(found.row, room)
    name = places.room_name(request.actor, row)
    form = RoomForm(request, row, name, getattr(row, "bed_count", 0))
    if form.apply(acts.write_room, found.row, room=row):
        messages.success(request, _("The room is changed."))
        return redirect("centre.house", house)
    return render(request, "centre/room_form.html", {"form": form, "house": found, "name": name})


@page("centre/houses/<uuid:house>/beds/<uuid:bed>", does=Verb.HOUSE_ARRANGE)
def change_bed(request: Request, house: uuid.UUID, bed: uuid.UUID) -> HttpResponse:
    found = places.house_of(request.actor, house)
    row = places.bed_of(found.row, bed)
    form = BedForm(request, {"out_from": row.out_from, "out_until": row.out_until})
    if form.apply(acts.set_bed, found.row, bed=row):
        messages.success(request, _("The bed is changed."))
        return redirect("centre.house", house)
    context = {"form": form, "house": found, "spot": places.spot(request.actor, row)}
    return render(request, "centre/bed_form.html", context)
