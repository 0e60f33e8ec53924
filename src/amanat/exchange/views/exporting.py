"""Bringing children's files out as a workbook or a table, and what was filled in about them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import ProofNeeded
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases import form_tables as tables
from amanat.cases.actions.bringing_out import bring_out_forms
from amanat.cases.forms.records import TablesForm
from amanat.cases.going_out import MOST, managed
from amanat.cases.models import Case
from amanat.cases.queries import lines
from amanat.cases.record_pages import forms_to_bring_out
from amanat.exchange import downloads
from amanat.exchange.actions import exporting
from amanat.exchange.forms import ExportForm
from amanat.exchange.leaving import Leaving, what_would_leave
from amanat.forms.records import having
from amanat.people.models import Agency
from amanat.web.errors import PersonFacingError
from amanat.web.paging import keyset_page


@page("export", does=Verb.LOOK_CASELOAD)
def export(request: Request) -> HttpResponseBase:
    """Choose children, say what it is for, look what would leave; the file comes after a fresh sign-in."""
    if not request.actor.recently_proved:
        raise ProofNeeded()
    own = managed(request.actor)
    found = keyset_page(own, order=["-opened_in", "id"], cursor=request.GET.get("from", ""))
    form = ExportForm(request, count=found.count_text)
    if "change" not in request.POST and form.apply(_export, form):
        if isinstance(form.result, HttpResponseBase):
            return form.result
        request.taken = False  # nothing was done yet: what is kept as a draft stays
        return render(request, "exchange/leaving.html", {"form": form, "leaving": form.result, "nav": "import"})
    shown = lines(request.actor, [*found.rows, *_moved(form, own, found.rows)])
    request.files.extend(line.file for line in shown if line.file.looked)
    form.say_who(shown)
    return render(request, "exchange/export.html", {"form": form, "page": found, "nav": "import"})


def _moved(form: ExportForm, own: QuerySet[Case], rows: Sequence[Case]) -> list[Case]:
    """Children who are ticked and stand on another page: others came before them meanwhile."""
    elsewhere = {uuid.UUID(ticked) for ticked in form.shown_ticked} - {row.pk for row in rows}
    return list(own.filter(pk__in=elsewhere)) if elsewhere else []


def _export(form: ExportForm, *, actor: Actor, to: Agency, **said: Any) -> HttpResponseBase | Leaving:
    """The file, if what would leave is what the worker has looked at; else that, to look at."""
    rows = managed(actor)
    cases = list(rows[: MOST + 1] if form.everything else rows.filter(pk__in=form.ticked))
    if not cases:
        raise PersonFacingError(_("You are the case manager of none of these children any more."), field="cases")
    leaving = what_would_leave(cases, to, actor)
    if form.looked_at != leaving.digest:
        return leaving
    first, *others = leaving.cases
    return downloads.export(exporting.export(first, siblings=others, to=to, actor=actor, **said))


@page("export/forms", does=Verb.LOOK_CASELOAD)
def form_tables(request: Request) -> HttpResponseBase:
    """All records of one form, of the children whose case manager one is, as a table."""
    if not request.actor.recently_proved:
        raise ProofNeeded()
    found = forms_to_bring_out(request.actor, managed(request.actor))
    form = TablesForm(request, tables.kinds(), found)
    if form.apply(_table):
        answer: HttpResponseBase = form.result
        return answer
    return render(request, "exchange/form_tables.html", {"form": form, "found": found, "nav": "import"})


def _table(*, form: str, made_as: str, to: Agency, reason: str, actor: Actor) -> HttpResponseBase:
    cases = list(managed(actor).filter(subject__in=having(form))[: MOST + 1])
    if not cases:
        raise PersonFacingError(_("You are the case manager of none of these children any more."), field="form")
    taken = bring_out_forms(cases[0], siblings=cases[1:], form=form, to=to, reason=reason, actor=actor)
    return tables.answer(taken.readings, form, made_as)
