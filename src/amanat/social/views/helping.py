"""Help that a child got, and money and goods: the lists, and what is written down."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.files import Closed
from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import persons
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.social import budgets, showing
from amanat.social.actions import helping as acts
from amanat.social.actions import spending as spends
from amanat.social.forms.helping import HelpForm, ReceiptForm, SpendForm, TakeBackForm
from amanat.social.helps import help_of, spending_of, told_of
from amanat.social.models import Help, Spending


@page("cases/<ref:case>/help", shows=Part.PLAN)
def helps(request: Request, case: Case) -> HttpResponse:
    _demand_plan(request)
    context = showing.helps(request.file, request.GET.get("from", ""))
    return render(request, "social/helps.html", about(request, case) | context)


@page("cases/<ref:case>/help/record", does=Verb.HELP_RECORD)
def record_help(request: Request, case: Case) -> HttpResponse:
    _demand_plan(request)
    form = HelpForm(request, persons.around(request.file))
    if form.apply(acts.record_help, case):
        messages.success(request, _("The help is recorded."))
        return redirect("social.helps", case)
    return render(request, "social/record_help.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/help/<uuid:given>/take-back", does=Verb.HELP_RECORD)
def take_back_help(request: Request, case: Case, given: uuid.UUID) -> HttpResponse:
    _demand_plan(request)
    row = help_of(request.file, given)
    if row is None:
        raise hidden(Help, given)
    form = TakeBackForm(request)
    if form.apply(acts.take_back_help, case, given=row):
        messages.success(request, _("Taken back. Both entries stay on the file."))
        return redirect("social.helps", case)
    kind, what = told_of(request.file, row)
    return render(
        request, "social/take_back_help.html", about(request, case) | {"form": form, "kind": kind, "what": what}
    )


@page("cases/<ref:case>/spendings", shows=Part.PLAN)
def spendings(request: Request, case: Case) -> HttpResponse:
    _demand_plan(request)
    context = showing.spendings(request.file, request.GET.get("from", ""))
    return render(request, "social/spendings.html", about(request, case) | context)


@page("cases/<ref:case>/spendings/add", does=Verb.HELP_SPEND)
def spend(request: Request, case: Case) -> HttpResponse:
    _demand_plan(request)
    lines = budgets.open_now(request.actor)
    form = SpendForm(request, lines)
    if form.apply(spends.spend, case):
        messages.success(request, _("It is written down, and the budget line counts it."))
        return redirect("social.spendings", case)
    context = {"form": form, "lines": lines, "may_arrange": request.actor.may(Verb.BUDGET_ARRANGE)}
    return render(request, "social/spend.html", about(request, case) | context)


@page("cases/<ref:case>/spendings/<uuid:spending>/take-back", does=Verb.HELP_SPEND)
def take_back(request: Request, case: Case, spending: uuid.UUID) -> HttpResponse:
    _demand_plan(request)
    one = spending_of(request.file, spending)
    if one is None:
        raise hidden(Spending, spending)
    form = TakeBackForm(request)
    if form.apply(spends.take_back, case, spending=one.row):
        messages.success(request, _("Taken back. Both entries stay on the file."))
        return redirect("social.spendings", case)
    return render(request, "social/take_back.html", about(request, case) | {"form": form, "one": one})


@page("cases/<ref:case>/spendings/<uuid:spending>/add-receipt", does=Verb.HELP_SPEND)
def add_receipt(request: Request, case: Case, spending: uuid.UUID) -> HttpResponse:
    _demand_plan(request)
    one = spending_of(request.file, spending)
    if one is None:
        raise hidden(Spending, spending)
    form = ReceiptForm(request)
    if form.apply(spends.add_receipt, case, spending=one.row):
        messages.success(request, _("The receipt is kept, sealed."))
        return redirect("social.spendings", case)
    return render(request, "social/add_receipt.html", about(request, case) | {"form": form, "one": one})


@page("cases/<ref:case>/spendings/<uuid:spending>/receipt", shows=Part.PLAN)
def receipt(request: Request, case: Case, spending: uuid.UUID) -> HttpResponse:
    """What the paper says that whoever got it signs."""
    _demand_plan(request)
    one = spending_of(request.file, spending)
    if one is None:
        raise hidden(Spending, spending)
    return render(request, "social/receipt.html", about(request, case) | {"one": one})


def _demand_plan(request: Request) -> None:
    """Raises:
    Closed: whoever knows only how far the plan is reads and writes nothing of it.
    """
    if not request.file.sees(Part.PLAN):
        raise Closed(Part.PLAN)
