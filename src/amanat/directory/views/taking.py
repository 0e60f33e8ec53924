"""The directory in and out: a package is brought, looked at, taken in; the directory leaves as one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat import packs
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.directory import bringing
from amanat.directory.actions import taking_in
from amanat.directory.forms.taking import ExportForm, PackageForm
from amanat.directory.packages.writing import WAYS
from amanat.web.forms import Form

KINDS = {"zip": "application/zip", "json": "application/json; charset=utf-8"}


@page("directory/packages", does=Verb.DIRECTORY_EXPORT)
def packages(request: Request) -> HttpResponseBase:
    """What waits, the ways in, and the form for the way out."""
    form = ExportForm(request)
    if form.apply(_leave):
        return form.result  # type: ignore[no-any-return]
    seeds = sum(len(rows) for rows in packs.current().services.tables.values())
    context = {"form": form, "waiting": bringing.waiting_of(request.actor), "seeds": seeds}
    return render(request, "directory/packages.html", context)


def _leave(*, packed_as: str, withheld: bool, **told: Any) -> HttpResponseBase:
    taking_in.export(packed_as, withheld=withheld, **told)
    answer = StreamingHttpResponse(WAYS[packed_as](withheld=withheld), content_type=KINDS[packed_as])
    answer["Content-Disposition"] = content_disposition_header(True, f"directory.{packed_as}") or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


@page("directory/packages/bring", does=Verb.DIRECTORY_IMPORT)
def bring(request: Request) -> HttpResponse:
    """Send a package; what is in it is shown before anything is taken."""
    form = PackageForm(request)
    if form.apply(taking_in.bring):
        return redirect("directory.waiting")
    return render(request, "directory/bring.html", {"form": form, "days": bringing.KEPT.days})


@page("directory/packages/seeds", does=Verb.DIRECTORY_IMPORT)
def seeds(request: Request) -> HttpResponse:
    """Look what the country pack brings along."""
    form = Form(request)
    if form.apply(taking_in.bring_seeds):
        return redirect("directory.waiting")
    return render(request, "directory/seeds.html", {"form": form, "pack": packs.current().manifest})


@page("directory/packages/waiting", does=Verb.DIRECTORY_IMPORT)
def waiting(request: Request) -> HttpResponse:
    """What is wrong in the package, or what it would change; and taking it in."""
    package, form = bringing.waiting_of(request.actor), Form(request)
    if package is None:
        messages.info(request, _("No package waits."))
        return redirect("directory.packages")
    if form.apply(taking_in.take, package):
        told = ngettext("%(count)d entry is new or changed.", "%(count)d entries are new or changed.", form.result)
        messages.success(request, told % {"count": form.result})
        return redirect("directory.packages")
    context = {"form": form, "package": package, "told": bringing.about(package, request.actor)}
    return render(request, "directory/waiting.html", context)


@page("directory/packages/waiting/discard", does=Verb.DIRECTORY_IMPORT)
def discard(request: Request) -> HttpResponse:
    package, form = bringing.waiting_of(request.actor), Form(request)
    if package is None:
        return redirect("directory.packages")
    if form.apply(taking_in.discard, package):
        messages.success(request, _("Thrown away."))
        return redirect("directory.packages")
    return render(request, "directory/discard.html", {"form": form})
