"""The register of requests, and the requests of one child."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import Hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases.models import Case
from amanat.cases.persons import has_suspect
from amanat.cases.views.telling import about
from amanat.desk import requests as register
from amanat.desk.actions import requesting
from amanat.desk.forms.requesting import AnswerForm, LongerForm, RecordForm
from amanat.desk.models import Request as Asked
from amanat.desk.shown import sheet
from amanat.office.looks import note_look
from amanat.packs.clocks import clock
from amanat.web.paging import keyset_page

SHOWN = 25  # of one child; there are hardly ever more than two


@page("desk/requests", does=Verb.LOOK_DESK)
def requests(request: Request) -> HttpResponse:
    """Those that wait, the one that is due first at the top; or (`?answered=1`) those that were answered."""
    note_look(request)
    answered = request.GET.get("answered") == "1"
    order = ["-answered_at", "-id"] if answered else ["due_on", "id"]
    rows = register.requests(request.actor, answered=answered)
    found = keyset_page(rows, order=order, cursor=request.GET.get("from", ""), counted=False)
    lines = register.lines(request.actor, found.rows)
    context = sheet(request, page=found, lines=lines, answered=answered, query="answered=1" if answered else "")
    return render(request, "desk/requests.html", context)


@page("cases/<ref:case>/requests", does=Verb.REQUEST_RECORD)
def record_request(request: Request, case: Case) -> HttpResponse:
    """What this child and guardian asked for so far, and a form for another request."""
    form = RecordForm(request)
    if form.apply(requesting.record, case):
        messages.success(request, _("Written down. The data protection officer answers it."))
        return redirect("desk.record_request", case)
    lines = register.lines(request.actor, list(register.of_file(case.subject_id)[:SHOWN]))
    context = about(request, case) | {
        "form": form,
        "lines": [(line, register.words_of(request.file, line.row)) for line in lines],
        "clock": clock("request"),
        "may_answer": request.file.may(Verb.REQUEST_ANSWER),
        "has_suspect": has_suspect(case),
    }
    return render(request, "desk/record_request.html", context)


@page("cases/<ref:case>/requests/<uuid:asked>/answer", does=Verb.REQUEST_ANSWER)
def answer_request(request: Request, case: Case, asked: uuid.UUID) -> HttpResponse:
    row = _waiting(case, asked)
    form = AnswerForm(request)
    if form.apply(requesting.answer, case, request=row):
        messages.success(request, _("Answered."))
        return redirect("desk.requests")
    return render(request, "desk/answer_request.html", _context(request, case, row) | {"form": form})


@page("cases/<ref:case>/requests/<uuid:asked>/longer", does=Verb.REQUEST_ANSWER)
def take_longer(request: Request, case: Case, asked: uuid.UUID) -> HttpResponse:
    row = _waiting(case, asked)
    form = LongerForm(request)
    if form.apply(requesting.take_longer, case, request=row):
        messages.success(request, _("The request is due later now. Tell the child or guardian why."))
        return redirect("desk.requests")
    context = _context(request, case, row) | {"form": form, "clock": clock("request_longer")}
    return render(request, "desk/take_longer.html", context)


def _waiting(case: Case, asked: uuid.UUID) -> Asked:
    """Raises:
    Hidden: there is none, or it was answered.
    """
    found = register.of_file(case.subject_id).filter(pk=asked, answered_at=None).first()
    if found is None:
        raise Hidden(case.subject)
    return found


def _context(request: Request, case: Case, row: Asked) -> dict[str, object]:
    [asked] = register.lines(request.actor, [row])
    told = {"asked": asked, "words": register.words_of(request.file, row), "has_suspect": has_suspect(case)}
    return about(request, case) | told
