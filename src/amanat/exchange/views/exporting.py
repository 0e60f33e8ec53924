"""Bringing children's files out as a workbook or a table."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import ProofNeeded
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases.queries import lines
from amanat.exchange import downloads
from amanat.exchange.actions import exporting
from amanat.exchange.forms import ExportForm
from amanat.web.errors import PersonFacingError
from amanat.web.paging import keyset_page


@page("export", does=Verb.LOOK_CASELOAD)
def export(request: Request) -> HttpResponseBase:
    """Choose children, say what it is for; the file comes after a fresh sign-in."""
    if not request.actor.recently_proved:
        raise ProofNeeded()
    own = exporting.managed(request.actor)
    found = keyset_page(own, order=["-opened_in", "id"], cursor=request.GET.get("from", ""))
    shown = lines(request.actor, found.rows)
    request.files.extend(line.file for line in shown if line.file.looked)
    form = ExportForm(request, lines=shown)
    if form.apply(_export, form):
        answer: HttpResponseBase = form.result
        return answer
    return render(request, "exchange/export.html", {"form": form, "page": found, "nav": "import"})


def _export(form: ExportForm, *, actor: Actor, **said: Any) -> HttpResponseBase:
    rows = exporting.managed(actor)
    cases = list(rows[: exporting.MOST + 1] if form.everything else rows.filter(pk__in=form.ticked))
    if not cases:
        raise PersonFacingError(_("You are the case manager of none of these children any more."), field="cases")
    return downloads.export(exporting.export(cases[0], siblings=cases[1:], actor=actor, **said))
