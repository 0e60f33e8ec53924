"""The people around a child as a picture with its table."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.files import Closed
from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import persons
from amanat.cases.models import Case, PersonAround
from amanat.cases.views.telling import about
from amanat.social import network, picture
from amanat.social.actions.ties import place_person as place
from amanat.social.forms.family import PlaceForm


@page("cases/<ref:case>/around", shows=Part.CONTACTS)
def around(request: Request, case: Case) -> HttpResponse:
    nodes, siblings = network.around(request.file)
    request.files += siblings
    context = {
        "nodes": nodes,
        "picture": picture.drawn(nodes),
        "rings": [(network.RING_LABELS[ring], ring) for ring in network.Ring],
        "may_place": request.file.may(Verb.FAMILY_ASSESS) and request.file.writes(Part.SAFETY),
        "may_write": request.file.may(Verb.PERSON_RECORD),
        "sees_safety": request.file.sees(Part.SAFETY),
    }
    return render(request, "social/around.html", about(request, case) | context)


@page("cases/<ref:case>/around/<uuid:person>/place", does=Verb.FAMILY_ASSESS)
def place_person(request: Request, case: Case, person: uuid.UUID) -> HttpResponse:
    for part in (Part.CONTACTS, Part.SAFETY):
        if not request.file.sees(part):
            raise Closed(part)
    one = persons.person_of(request.file, person)
    if one is None:
        raise hidden(PersonAround, person)
    form = PlaceForm(request, is_suspect=one.is_suspect)
    if form.apply(place, case, person=one.row):
        messages.success(request, _("Saved. What was said before is kept."))
        return redirect("social.around", case)
    return render(request, "social/place_person.html", about(request, case) | {"form": form, "person": one})
