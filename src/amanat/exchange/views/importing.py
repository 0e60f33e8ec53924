"""Bringing a file in: sending it, saying what its columns are, stopping and discarding."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.exchange import keeping, proposing, reading
from amanat.exchange.actions import importing
from amanat.exchange.forms import ColumnsForm, WorkbookForm
from amanat.exchange.mapping import Mapping
from amanat.exchange.models import Import
from amanat.exchange.notices import Notice
from amanat.web.forms import Form
from amanat.web.paging import keyset_page


@page("import", does=Verb.EXCHANGE_IMPORT)
def imports(request: Request) -> HttpResponse:
    """The worker's imports, and the form for another."""
    form = WorkbookForm(request)
    if form.apply(importing.receive):
        return redirect("exchange.columns", form.result)
    own = keeping.imports_of(request.actor)
    found = keyset_page(own, order=["-received_at", "-id"], cursor=request.GET.get("from", ""), counted=False)
    lines = [(held, keeping.opened(held, "about", request.actor)["name"]) for held in found.rows]
    context = {"form": form, "page": found, "lines": lines, "days": keeping.KEPT.days}
    return render(request, "exchange/imports.html", context)


@page("import/<uuid:held>/columns", does=Verb.EXCHANGE_IMPORT)
def columns(request: Request, held: uuid.UUID) -> HttpResponse:
    """What each column of the file is."""
    row = keeping.find(request.actor, held)
    about = keeping.opened(row, "about", request.actor)
    proposal = proposing.proposal_for(row, about["survey"], request.actor)
    form = ColumnsForm(request, proposal=proposal.mapping, samples=about["survey"]["samples"])
    if form.apply(_map_and_look, row):
        return redirect("exchange.look", row.pk)
    context = {"held": row, "name": about["name"], "proposal": proposal, "form": form}
    context |= _notices(about) | {"before": proposing.brought_before(row, request.actor)}
    return render(request, "exchange/columns.html", context | {"nav": "import"})


def _notices(about: dict[str, Any]) -> dict[str, list[Notice]]:
    """What is to be known of the file, and what is of no consequence and folded away."""
    found = reading.notices(about["survey"])
    return {
        "notices": [notice for notice in found if not notice.is_quiet],
        "quiet": [notice for notice in found if notice.is_quiet],
    }


def _map_and_look(held: Import, *, mapping: Mapping, actor: Actor) -> None:
    importing.map_columns(held, mapping=mapping, actor=actor)
    importing.look_through(held, actor=actor)


@page("import/<uuid:held>/stop", does=Verb.EXCHANGE_IMPORT)
def stop(request: Request, held: uuid.UUID) -> HttpResponse:
    """Stop the work on an import."""
    row = keeping.find(request.actor, held)
    form = Form(request)
    if form.apply(importing.stop, row):
        messages.success(request, _("It is stopped. What was taken until now stays."))
        return redirect(keeping.find(request.actor, held))
    return render(request, "exchange/stop.html", {"held": row, "form": form, "nav": "import"})


@page("import/<uuid:held>/discard", does=Verb.EXCHANGE_IMPORT)
def discard(request: Request, held: uuid.UUID) -> HttpResponse:
    """Take the file and what was read of it away."""
    row = keeping.find(request.actor, held)
    form = Form(request)
    if form.apply(importing.discard, row):
        messages.success(
            request, _("The file and all that was read of it are gone. Children's files that it made stay.")
        )
        return redirect("exchange.imports")
    return render(request, "exchange/discard.html", {"held": row, "form": form, "nav": "import"})
