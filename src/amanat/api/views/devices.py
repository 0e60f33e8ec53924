"""The worker's phones, and what came from them without a child."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.api import actions, filing, phone_forms
from amanat.api.models import Device
from amanat.cases.models import Case
from amanat.web.forms import Form


class DeviceForm(Form):
    label = forms.CharField(
        label=gettext_lazy("What you call it"),
        help_text=gettext_lazy("So that you know later which phone this is."),
        max_length=100,
    )


class FileForm(Form):
    """`cases`: those to choose from, by reference."""

    case = forms.ChoiceField(label=gettext_lazy("Whose file"))

    def __init__(self, request: Request, cases: dict[str, Case]) -> None:
        super().__init__(request, case=[(ref, str(row)) for ref, row in cases.items()])
        self.cases = cases

    def clean_case(self) -> Case:
        chosen: str = self.cleaned_data["case"]
        return self.cases[chosen]


@page("phones", does=Verb.DEVICE_REVOKE)
def phones(request: Request) -> HttpResponse:
    """One's own; for who looks after the machine, everybody's."""
    context = {
        "devices": _devices(request),
        "waiting": filing.waiting_of(request.actor),
        "adds": request.actor.may(Verb.DEVICE_ADD),
    }
    return render(request, "api/phones.html", context)


@page("phones/add", does=Verb.DEVICE_ADD)
def add_phone(request: Request) -> HttpResponse:
    form = DeviceForm(request)
    if form.apply(actions.add_device):
        server = request.build_absolute_uri("/phone")
        request.taken = True
        return render(request, "api/added.html", {"added": form.result, "server": server})
    return render(request, "api/add.html", {"form": form})


@page("phones/<uuid:device>/revoke", does=Verb.DEVICE_REVOKE)
def revoke_phone(request: Request, device: uuid.UUID) -> HttpResponse:
    found, form = get_object_or_404(_devices(request), pk=device), Form(request)
    if form.apply(actions.revoke_device, found):
        messages.success(request, _("This phone is shut out now."))
        return redirect("api.phones")
    return render(request, "api/revoke.html", {"form": form, "device": found})


@page("phones/waiting/<uuid:packet>/file", does=Verb.PACKET_SETTLE)
def file_packet(request: Request, packet: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(filing.waiting_of(request.actor), pk=packet)
    form = FileForm(request, {case.pk.hex: case for case in phone_forms.writable(request.actor)})
    if form.apply(actions.file_packet, found):
        messages.success(request, _("The form stands on the file."))
        return redirect("api.phones")
    return render(request, "api/file.html", {"form": form, "packet": found})


@page("phones/waiting/<uuid:packet>/discard", does=Verb.PACKET_SETTLE)
def discard_packet(request: Request, packet: uuid.UUID) -> HttpResponse:
    found, form = get_object_or_404(filing.waiting_of(request.actor), pk=packet), Form(request)
    if form.apply(actions.discard_packet, found):
        messages.success(request, _("Thrown away."))
        return redirect("api.phones")
    return render(request, "api/discard.html", {"form": form, "packet": found})


def _devices(request: Request) -> QuerySet[Device]:
    rows = Device.objects.filter(revoked_at=None).select_related("membership__user")
    return rows if actions.sees_all(request.actor) else rows.filter(membership=request.actor.membership)
