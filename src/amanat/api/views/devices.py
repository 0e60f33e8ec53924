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
from amanat.api import actions, phone_forms, setting_up, waiting
from amanat.api.models import Device, Waiting
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
        super().__init__(request, case=[("", _("Choose")), *((ref, str(row)) for ref, row in cases.items())])
        self.cases = cases

    def clean_case(self) -> Case:
        chosen: str = self.cleaned_data["case"]
        return self.cases[chosen]


@page("phones", does=Verb.DEVICE_REVOKE)
def phones(request: Request) -> HttpResponse:
    """One's own; for who looks after the machine, everybody's, and which packets do not open."""
    all_of_them, titles = actions.sees_all(request.actor), phone_forms.titles()
    context = {
        "devices": _devices(request),
        "waiting": [(row, titles.get(row.form, row.form), waiting.last_day(row)) for row in waiting.of(request.actor)],
        "shut": waiting.shut() if all_of_them else (),
        "adds": request.actor.may(Verb.DEVICE_ADD),
    }
    return render(request, "api/phones.html", context)


@page("phones/add", does=Verb.DEVICE_ADD)
def add_phone(request: Request) -> HttpResponse:
    form = DeviceForm(request)
    if form.apply(actions.add_device):
        server = request.build_absolute_uri("/phone")
        request.taken = True
        picture = setting_up.picture(server, form.result.device.name, form.result.password)
        return render(request, "api/added.html", {"added": form.result, "server": server, "picture": picture})
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
    found = get_object_or_404(waiting.of(request.actor), pk=packet)
    form = FileForm(request, {case.pk.hex: case for case in phone_forms.writable(request.actor)})
    if form.apply(actions.file_packet, found):
        _tell(request, form.result)
        return redirect("api.phones")
    return render(request, "api/file.html", {"form": form, "packet": found, "title": _title(found)})


@page("phones/waiting/<uuid:packet>/open", does=Verb.PACKET_SETTLE)
def open_packet(request: Request, packet: uuid.UUID) -> HttpResponse:
    found, form = get_object_or_404(waiting.of(request.actor), pk=packet), Form(request)
    if form.apply(actions.open_packet, found):
        messages.success(request, _("It is open now."))
        return redirect("api.phones")
    return render(request, "api/open.html", {"form": form, "packet": found, "title": _title(found)})


@page("phones/waiting/<uuid:packet>/discard", does=Verb.PACKET_SETTLE)
def discard_packet(request: Request, packet: uuid.UUID) -> HttpResponse:
    found, form = get_object_or_404(waiting.of(request.actor), pk=packet), Form(request)
    if form.apply(actions.discard_packet, found):
        messages.success(request, _("Thrown away."))
        return redirect("api.phones")
    return render(request, "api/discard.html", {"form": form, "packet": found, "title": _title(found)})


def _tell(request: Request, left: list[str]) -> None:
    messages.success(request, _("The form stands on the file."))
    if left:
        text = _("Some of its files can't be kept as documents: %(names)s. Add what they show in another way.")
        messages.warning(request, text % {"names": ", ".join(left)})


def _title(packet: Waiting) -> str:
    """Of its form, by which a person knows it; what it is called where there is none of that name any more."""
    return phone_forms.titles().get(packet.form, packet.form)


def _devices(request: Request) -> QuerySet[Device]:
    rows = Device.objects.filter(revoked_at=None).select_related("membership__user")
    return rows if actions.sees_all(request.actor) else rows.filter(membership=request.actor.membership)
