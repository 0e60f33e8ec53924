"""Medicines of a child: what is ordered and was given, an order and its end, a dose and the second initials."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.centre import medicines as asking
from amanat.centre.actions import medicines as acts
from amanat.centre.forms.medicines import DoseForm, EndOrderForm, OrderForm
from amanat.centre.medicines import Ordered
from amanat.centre.models import Dose, MedicineOrder
from amanat.web.forms import Form


@page("cases/<ref:case>/centre/medicines", shows=Part.HEALTH_ALERTS)
def medicines(request: Request, case: Case) -> HttpResponse:
    file = request.file
    context = {"orders": asking.orders_of(file), "may_order": file.may(Verb.MEDICINE_ORDER)}
    context |= {"may_give": file.may(Verb.MEDICINE_GIVE), "me": request.actor.user.pk}
    return render(request, "centre/medicines.html", about(request, case) | context)


@page("cases/<ref:case>/centre/medicines/order", does=Verb.MEDICINE_ORDER)
def order_medicine(request: Request, case: Case) -> HttpResponse:
    form = OrderForm(request)
    if form.apply(acts.order_medicine, case):
        messages.success(request, _("The order holds from its first day on."))
        return redirect("centre.medicines", case)
    return render(request, "centre/order_medicine.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/centre/medicines/<uuid:order>/end", does=Verb.MEDICINE_ORDER)
def end_medicine(request: Request, case: Case, order: uuid.UUID) -> HttpResponse:
    ordered, form = _order(request, order), EndOrderForm(request)
    if form.apply(acts.end_medicine, case, order=ordered.row):
        messages.success(request, _("Nothing is given by this order any more."))
        return redirect("centre.medicines", case)
    return render(request, "centre/end_medicine.html", about(request, case) | {"form": form, "order": ordered})


@page("cases/<ref:case>/centre/medicines/<uuid:order>/give", does=Verb.MEDICINE_GIVE)
def give_medicine(request: Request, case: Case, order: uuid.UUID) -> HttpResponse:
    ordered, form = _order(request, order), DoseForm(request)
    if form.apply(acts.give_dose, case, order=ordered.row):
        messages.success(request, _("Written down with your initials. A colleague who was there adds theirs."))
        return redirect("centre.medicines", case)
    return render(request, "centre/give_medicine.html", about(request, case) | {"form": form, "order": ordered})


@page("cases/<ref:case>/centre/doses/<uuid:dose>/witness", does=Verb.MEDICINE_GIVE)
def witness_dose(request: Request, case: Case, dose: uuid.UUID) -> HttpResponse:
    found = asking.dose_of(request.file, dose)
    if found is None:
        raise hidden(Dose, dose)
    form = Form(request)
    if form.apply(acts.witness_dose, case, dose=found[1].row):
        messages.success(request, _("Your initials stand beside the giver's."))
        return redirect("centre.medicines", case)
    context = {"form": form, "order": found[0], "given": found[1]}
    return render(request, "centre/witness_dose.html", about(request, case) | context)


def _order(request: Request, ref: uuid.UUID) -> Ordered:
    found = asking.order_of(request.file, ref)
    if found is None:
        raise hidden(MedicineOrder, ref)
    return found
