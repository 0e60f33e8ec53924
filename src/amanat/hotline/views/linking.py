"""Pages that say which matters belong together."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.hotline import matters
from amanat.hotline.actions import linking
from amanat.hotline.forms.matters import OtherMatterForm, UnlinkForm
from amanat.hotline.models import Call, Matter


@page("matters/<ref:matter>/link", does=Verb.MATTER_LINK)
def link(request: Request, matter: Matter) -> HttpResponse:
    linked = {other.pk for other in matters.linked(request.file)}
    likely = [other for other in matters.same_number(request.file) if other.pk not in linked]
    form = OtherMatterForm(request, matters=likely, actor=request.actor)
    if form.apply(linking.link, matter):
        messages.success(request, _("The two matters are linked."))
        return redirect(matter)
    return render(
        request, "hotline/matter_link.html", matters.about(request.file, matter) | {"form": form, "likely": likely}
    )


@page("matters/<ref:matter>/unlink/<uuid:other>", does=Verb.MATTER_LINK)
def unlink(request: Request, matter: Matter, other: uuid.UUID) -> HttpResponse:
    found = next((one for one in matters.linked(request.file) if one.pk == other), None)
    if found is None:
        raise Http404
    form = UnlinkForm(request)
    if form.apply(linking.unlink, matter, siblings=[found]):
        messages.success(request, _("The two matters are no longer linked."))
        return redirect(matter)
    return render(
        request, "hotline/matter_unlink.html", matters.about(request.file, matter) | {"form": form, "other": found}
    )


@page("calls/<ref:call>/move", does=Verb.MATTER_LINK)
def move_call(request: Request, call: Call) -> HttpResponse:
    """Into a matter with calls from the same number, one that is linked, or any by its code name."""
    there = {one.pk: one for one in (*matters.linked(request.file), *matters.same_number(request.file))}
    form = OtherMatterForm(
        request, initial={"other": request.GET.get("to", "")}, matters=there.values(), actor=request.actor
    )
    if form.apply(linking.move_call, call.matter, call=call):
        messages.success(request, _("The call stands in the other matter now. It can be moved back in the same way."))
        return redirect("hotline.call", call)
    context = {"form": form, "call": matters.call_line(request.file, call)}
    return render(request, "hotline/call_move.html", matters.about(request.file, call.matter) | context)
