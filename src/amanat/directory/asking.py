"""What the pages of keeping have in common: the rows that the actor keeps, a form about one of them, and the way back."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.access.loaders import Hidden
from amanat.access.pages import Request
from amanat.directory import keepers
from amanat.directory.models import Location, Organization, Service
from amanat.web.forms import Form

Row = TypeVar("Row", Service, Organization, Location)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def kept_service(request: Request, pk: uuid.UUID) -> Service:
    """Raises:
    Hidden: there is none that the actor keeps.
    """
    rows = keepers.services(request.actor).select_related("organization").prefetch_related("needs")
    return _found(rows.filter(pk=pk).first())


def kept_organization(request: Request, pk: uuid.UUID) -> Organization:
    """Raises:
    Hidden: there is none that the actor keeps.
    """
    return _found(keepers.organizations(request.actor).filter(pk=pk).first())


def kept_place(request: Request, pk: uuid.UUID) -> Location:
    """Raises:
    Hidden: there is none of an organisation that the actor keeps.
    """
    rows = Location.objects.filter(organization__in=keepers.organizations(request.actor).values("pk"))
    return _found(rows.select_related("organization").filter(pk=pk).first())


def _found(row: Row | None) -> Row:
    if row is None:
        raise Hidden(None)
    return row


def ask(
    request: Request, form: Form, about: Service | Organization | None, title: StrOrPromise, **context: Any
) -> HttpResponse:
    """The page of a form. `submit`: what its button says; `kind`: how it looks; `lead`: a sentence before the form."""
    back = reverse("directory.service", args=[about.pk]) if isinstance(about, Service) else reverse("directory.entries")
    told = {"form": form, "about": about, "title": title, "back": back, "draft": True}
    return render(request, "directory/keep.html", told | context)


def saved(request: Request, service: Service, sentence: StrOrPromise = "") -> HttpResponse:
    """Back to the entry, or to the list where the press came from there."""
    messages.success(request, sentence or _("Saved."))
    if request.POST.get("at") == "list":
        return redirect("directory.entries")
    return redirect("directory.service", service.pk)
