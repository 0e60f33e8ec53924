"""Country packs: which there are, bringing one in as a .zip, what it would change, taking it into use, going back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.office import pack_shelf, shelf
from amanat.office.actions import packing as acts
from amanat.office.pack_shelf import Choice
from amanat.office.workbook_forms import PackForm, PublishForm
from amanat.packs import FaultyPack
from amanat.web.forms import Form


@page("forms/packs", does=Verb.LOOK_FORMS)
def packs(request: Request) -> HttpResponse:
    """The pack in use, those that were brought in, and those that come with Amanat."""
    context = {
        "in_use": shelf.pack_in_use(),
        "brought": pack_shelf.brought_in(),
        "shipped": pack_shelf.shipped(),
        "uploads": request.actor.may(Verb.PACK_UPLOAD),
    }
    return render(request, "office/packs.html", context)


@page("forms/packs/upload", does=Verb.PACK_UPLOAD)
def upload_pack(request: Request) -> HttpResponse:
    form = PackForm(request)
    if not form.apply(acts.upload):
        return render(request, "office/upload_pack.html", {"form": form})
    if form.result.faults:
        messages.warning(request, _("The pack has faults, so it can't be used yet. Mend them and upload it again."))
    else:
        messages.success(request, _("The pack has no faults. Look at what it changes, then use it."))
    return redirect("office.pack", form.result.pk.hex)


@page("forms/packs/named/<str:pack>", does=Verb.LOOK_FORMS)
def pack(request: Request, pack: str) -> HttpResponse:
    """What is wrong in a pack, or what it would change."""
    choice = pack_shelf.choice_of(pack)
    may = {"uploads": request.actor.may(Verb.PACK_UPLOAD), "installs": request.actor.may(Verb.PACK_INSTALL)}
    return render(request, "office/pack.html", {"pack": choice, **_changes(choice), **may})


def _changes(choice: Choice) -> dict[str, Any]:
    """`faults`: what is wrong in it now. `compared`: against the pack in use."""
    if choice.row and choice.faults:
        return {"faults": choice.row.told_faults}
    try:
        with choice.pack() as found:
            return {"compared": pack_shelf.compared(found)}
    except FaultyPack as faulty:
        return {"faults": faulty.faults}


@page("forms/packs/named/<str:pack>/file", does=Verb.LOOK_FORMS)
def pack_file(request: Request, pack: str) -> HttpResponse:
    choice = pack_shelf.choice_of(pack)
    if choice.row is None or not choice.row.archive:
        raise Http404(pack)
    answer = HttpResponse(bytes(choice.row.archive), content_type="application/octet-stream")
    name = f"{choice.name}-{choice.version}.zip" if choice.version else f"{choice.name}.zip"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@page("forms/packs/named/<str:pack>/use", does=Verb.PACK_INSTALL)
def use_pack(request: Request, pack: str) -> HttpResponse:
    """What it changes stands there before it is done."""
    choice = pack_shelf.choice_of(pack)
    form = PublishForm(request, pack_shelf.turn())
    if form.apply(acts.use, choice):
        messages.success(request, _("Changed. Amanat begins anew by itself to use it; that takes a few seconds."))
        return redirect("office.packs")
    return render(request, "office/use_pack.html", {"form": form, "pack": choice, **_changes(choice)})


@page("forms/packs/named/<str:pack>/discard", does=Verb.PACK_UPLOAD)
def discard_pack(request: Request, pack: str) -> HttpResponse:
    choice, form = pack_shelf.choice_of(pack), Form(request)
    if choice.row is None or not choice.may_go:
        raise Http404(pack)
    if form.apply(acts.discard, choice.row):
        messages.success(request, _("Thrown away."))
        return redirect("office.packs")
    return render(request, "office/discard_pack.html", {"form": form, "pack": choice})
