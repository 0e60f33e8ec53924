"""What an import found, what became of it, and how far it is."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases.models import Case
from amanat.exchange import downloads, findings, keeping
from amanat.exchange.actions import importing
from amanat.exchange.forms import TakeForm
from amanat.exchange.models import Import, State
from amanat.people.doors import unattended
from amanat.web.forms import Form


@page("import/<uuid:held>/look", does=Verb.EXCHANGE_IMPORT)
def look(request: Request, held: uuid.UUID) -> HttpResponse:
    """The dry run: how far it is; then what it found, and the choice of what to take."""
    row = keeping.find(request.actor, held)
    if row.state in (State.RECEIVED, State.MAPPED, State.TAKING):
        return redirect(row)
    if row.is_working:
        return _progress(request, row)
    found = findings.counts(row)
    shown = _kind(request, found)
    rows = findings.rows_of(row, shown, request.GET.get("from", ""), request.actor)
    request.files.extend(findings.looked_at(rows))
    form = TakeForm(request, counts=found, rows=rows.rows)
    if form.apply(importing.take, row):
        return redirect("exchange.taken", row.pk)
    context = {"counts": found, "shown": shown, "kinds": findings.kinds(found), "page": rows, "form": form}
    context["query"] = f"show={shown}"
    return render(request, "exchange/look.html", _about(request, row) | context)


def _kind(request: Request, found: dict[str, int]) -> str:
    """Which list of rows: the one in the address, else what wants a decision first."""
    asked = request.GET.get("show", "")
    return asked if asked in findings.SHOWN else next((kind for kind in findings.SHOWN if found[kind]), "fresh")


@page("import/<uuid:held>/taken", does=Verb.EXCHANGE_IMPORT)
def taken(request: Request, held: uuid.UUID) -> HttpResponse:
    """How far the taking is; then what became of the rows."""
    row = keeping.find(request.actor, held)
    if row.is_working:
        return _progress(request, row) if row.state == State.TAKING else redirect(row)
    found = findings.counts(row)
    shown = request.GET.get("show", next((what for what in findings.BECAME if found[what]), "taken"))
    shown = shown if shown in findings.BECAME else "taken"
    rows = findings.outcomes_of(row, shown, request.GET.get("from", ""), request.actor)
    context = {"counts": found, "shown": shown, "kinds": findings.became(found), "page": rows, "query": f"show={shown}"}
    return render(request, "exchange/taken.html", _about(request, row) | context)


@page("import/<uuid:held>/rows/<int:at>/into/<ref:case>", does=Verb.CASE_PUT_IN)
def put_in(request: Request, held: uuid.UUID, at: int, case: Case) -> HttpResponse:
    """A row and a file that it may be about, side by side; and the decision to put the row into that file."""
    row = keeping.find(request.actor, held)
    found = findings.row_at(row, at, request.actor)
    if row.is_working or not row.whole or not found.is_undecided:
        return redirect(row)
    form = Form(request)
    if form.apply(importing.put_in, case, held=row, place=at):
        messages.success(request, _("The row stands in the file of %(code)s now.") % {"code": case})
        return redirect("exchange.look", row.pk)
    laid = findings.laid_beside(request.file, row, found)
    context = {"case": case, "row": found, "laid": laid, "beside": findings.beside(request.file), "form": form}
    return render(request, "exchange/put_in.html", _about(request, row) | context)


@page("import/<uuid:held>/wrong", does=Verb.EXCHANGE_IMPORT)
def wrong(request: Request, held: uuid.UUID) -> HttpResponse:
    """The cells that are wrong: where, what was read, why, how to mend it."""
    row = keeping.find(request.actor, held)
    cells = findings.wrong_cells(row, request.GET.get("from", ""), request.actor)
    return render(request, "exchange/wrong.html", _about(request, row) | {"page": cells})


@page("import/<uuid:held>/wrong.csv", does=Verb.EXCHANGE_IMPORT)
def wrong_csv(request: Request, held: uuid.UUID) -> HttpResponseBase:
    """The same as a file, made while it leaves."""
    row = keeping.find(request.actor, held)
    return downloads.wrong_cells(row, request.actor)


@unattended
@page("import/<uuid:held>/progress", does=Verb.EXCHANGE_IMPORT)
def progress(request: Request, held: uuid.UUID) -> HttpResponse:
    """How far it is, for the page that asks by itself; when the work has ended, that page is shown anew."""
    row = keeping.find(request.actor, held)
    if not row.is_working:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "exchange/bar.html", {"held": row})


def _progress(request: Request, row: Import) -> HttpResponse:
    return render(request, "exchange/progress.html", _about(request, row))


def _about(request: Request, row: Import) -> dict[str, Any]:
    """What every page about one import shows of it."""
    problem = (keeping.opened(row, "wanted", request.actor) or {}).get("problem", "")
    return {
        "held": row,
        "name": keeping.opened(row, "about", request.actor)["name"],
        "problem": problem,
        "days": keeping.KEPT.days,
        "nav": "import",
    }
