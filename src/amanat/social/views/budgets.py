"""Budgets of help: lines with what is left, totals by donor, the table to take along."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases.form_tables import KINDS, as_csv
from amanat.social import budgets as held
from amanat.social import showing
from amanat.social.actions import budgets as acts
from amanat.social.forms.budgets import BudgetForm, ChangeBudgetForm
from amanat.web.downloads import download


@page("budgets", does=Verb.LOOK_BUDGET)
def budgets(request: Request) -> HttpResponse:
    year = showing.year_of(request.actor, request.GET.get("year", ""))
    context = showing.budgets(request.actor, year, request.GET.get("from", ""))
    return render(request, "social/budgets.html", context)


@page("budgets.csv", does=Verb.LOOK_BUDGET)
def budgets_as_table(request: Request) -> HttpResponse:
    year = showing.year_of(request.actor, request.GET.get("year", ""))
    rows = showing.as_rows(held.of_year(request.actor, year, whole=True))
    return download(as_csv(rows), f"budgets-{year}.csv", KINDS["csv"])


@page("budgets/add", does=Verb.BUDGET_ARRANGE)
def add_budget(request: Request) -> HttpResponse:
    form = BudgetForm(request, held.donors(request.actor))
    if form.apply(acts.begin_budget):
        messages.success(request, _("The budget line is there: from now on help can be spent from it."))
        return redirect("social.budgets")
    return render(request, "social/budget.html", {"form": form})


@page("budgets/<uuid:budget>/change", does=Verb.BUDGET_ARRANGE)
def change_budget(request: Request, budget: uuid.UUID) -> HttpResponse:
    line = held.find(request.actor, budget)
    form = ChangeBudgetForm(request, line, held.donors(request.actor))
    if form.apply(acts.change_budget, line.row):
        messages.success(request, _("Saved."))
        return redirect("social.budgets")
    return render(request, "social/budget.html", {"form": form, "budget": line})
