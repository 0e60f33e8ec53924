"""The record of handing a child over: shown, written, signed. Its paper is made where all papers are (`cases.papers`)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import persons
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.monitoring import showing
from amanat.monitoring.actions import handing_over as acts
from amanat.monitoring.forms.handing_over import HandOverForm, SignedForm


@page("cases/<ref:case>/hand-over-record", shows=Part.PLAN)
def hand_over(request: Request, case: Case) -> HttpResponse:
    return render(request, "monitoring/hand_over.html", about(request, case) | showing.hand_over(request.file))


@page("cases/<ref:case>/hand-over-record/write", does=Verb.HANDOVER_WRITE)
def write_hand_over(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    form = HandOverForm(request, persons.around(request.file), showing.hand_over_begins(request.file))
    if form.apply(acts.write, case):
        messages.success(request, _("The record is written. Print it and let both ends sign."))
        return redirect("monitoring.hand_over", case)
    return render(request, "monitoring/write_hand_over.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/hand-over-record/signed", does=Verb.HANDOVER_SIGN)
def sign_hand_over(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    context = showing.hand_over(request.file)
    form = SignedForm(request, context["now"].row.number if context["now"] else "")
    if form.apply(acts.sign, case):
        messages.success(request, _("It is recorded that both have signed. Attach a picture of the paper."))
        return redirect("monitoring.hand_over", case)
    return render(request, "monitoring/sign_hand_over.html", about(request, case) | context | {"form": form})
