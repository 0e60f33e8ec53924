"""Asking for the closing of a case, and the supervisor's answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.monitoring import lists, showing
from amanat.monitoring.actions import closing as acts
from amanat.monitoring.forms.after import AnswerForm, AskClosingForm
from amanat.web.paging import keyset_page


@page("closings", does=Verb.LOOK_BOARD)
def closings(request: Request) -> HttpResponse:
    rows = lists.to_approve(request.actor).select_related("author__user", *lists.OF_A_CASE)
    held = keyset_page(rows, order=["at", "id"], cursor=request.GET.get("from", ""), counted=False)
    context = {"page": held, "listed": lists.listed(request, held.rows), "nav": "my_day"}
    return render(request, "monitoring/closings.html", context)


@page("cases/<ref:case>/closing", shows=Part.PLAN)
def closing(request: Request, case: Case) -> HttpResponse:
    return render(request, "monitoring/closing.html", about(request, case) | showing.closing_of(request.file))


@page("cases/<ref:case>/closing/ask", does=Verb.CLOSING_ASK)
def ask_closing(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    form = AskClosingForm(request)
    if form.apply(acts.ask, case):
        messages.success(request, _("A supervisor is asked. Once they approve, you close the case."))
        return redirect("monitoring.closing", case)
    context = showing.closing_of(request.file) | {"form": form}
    return render(request, "monitoring/ask_closing.html", about(request, case) | context)


@page("cases/<ref:case>/closing/answer", does=Verb.CLOSING_APPROVE)
def answer_closing(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    form = AnswerForm(request)
    if form.apply(acts.answer, case):
        messages.success(request, _("Your answer stands on the file."))
        return redirect("monitoring.closing", case)
    context = showing.closing_of(request.file) | {"form": form}
    return render(request, "monitoring/answer_closing.html", about(request, case) | context)
