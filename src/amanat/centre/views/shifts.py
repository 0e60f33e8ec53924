"""Shifts of a house: the week with its gaps, arranging and cancelling, how many have to be on, and taking one over."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import Hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.centre import hand_over, places, shift_terms
from amanat.centre import shifts as asking
from amanat.centre.actions import shifts as acts
from amanat.centre.days import house_for, named
from amanat.centre.forms.shifts import LeastForm, ReadForm, ShiftForm
from amanat.centre.models import Shift
from amanat.web.forms import Form


@page("centre/<uuid:house>/shifts", does=Verb.LOOK_CENTRE)
def shifts(request: Request, house: uuid.UUID) -> HttpResponse:
    actor, row = request.actor, house_for(request.actor, house)
    week = asking.week(row, asking.monday(request.GET.get("week", ""), places.today_in(row, actor.now)))
    context = named(actor, row) | {
        "week": week,
        "terms": shift_terms.shift_terms(),
        "mine": asking.running(actor),
        "may_arrange": actor.may(Verb.SHIFT_ARRANGE),
        "may_set": actor.may(Verb.HOUSE_ARRANGE),
        "today": places.today_in(row, actor.now),
    }
    return render(request, "centre/shifts.html", context)


@page("centre/my-shifts", does=Verb.LOOK_CENTRE)
def my_shifts(request: Request) -> HttpResponse:
    found = [(shift, name, asking.can_take_over(request.actor, shift)) for shift, name in asking.mine(request.actor)]
    return render(request, "centre/my_shifts.html", {"shifts": found, "nav": "centre"})


@page("centre/<uuid:house>/shifts/add", does=Verb.SHIFT_ARRANGE)
def add_shift(request: Request, house: uuid.UUID) -> HttpResponse:
    row = house_for(request.actor, house)
    form = ShiftForm(request, worker=asking.who_could(row, request.actor.now))
    if form.apply(acts.arrange_shift, row):
        messages.success(request, _("The shift stands in the plan."))
        return redirect("centre.shifts", row.pk)
    return render(request, "centre/add_shift.html", named(request.actor, row) | {"form": form})


@page("centre/shifts/<uuid:shift>/cancel", does=Verb.SHIFT_ARRANGE)
def cancel_shift(request: Request, shift: uuid.UUID) -> HttpResponse:
    row = _shift(request, shift)
    form = Form(request)
    if form.apply(acts.cancel_shift, row):
        messages.success(request, _("The shift is cancelled."))
        return redirect("centre.shifts", row.house_id)
    return render(request, "centre/cancel_shift.html", named(request.actor, row.house) | {"form": form, "shift": row})


@page("centre/<uuid:house>/shifts/least", does=Verb.HOUSE_ARRANGE)
def least_on_shift(request: Request, house: uuid.UUID) -> HttpResponse:
    row = house_for(request.actor, house)
    least, _is_set = asking.least_of(row)
    form = LeastForm(request, {"by_day": least.by_day, "by_night": least.by_night})
    if form.apply(acts.set_least, row):
        messages.success(request, _("The week shows gaps by these numbers."))
        return redirect("centre.shifts", row.pk)
    context = named(request.actor, row) | {"form": form, "terms": shift_terms.shift_terms()}
    return render(request, "centre/least_on_shift.html", context)


@page("centre/shifts/<uuid:shift>", does=Verb.SHIFT_TAKE_OVER)
def take_over(request: Request, shift: uuid.UUID) -> HttpResponse:
    """First the notes are opened, which brings the worker into the circle of each child; then each of them is read."""
    row = _mine(request, shift)
    handed = hand_over.to_take_over(row, request.actor) if row.begun_at else []
    request.files += [one.file for one in handed]
    form = ReadForm(request, handed) if row.begun_at else Form(request)
    if form.apply(acts.take_over if row.begun_at else acts.begin_shift, row):
        return redirect(
            "centre.take_over" if form.result.taken_over_at is None else "centre.shifts", _back(form.result)
        )
    context = named(request.actor, row.house) | {"form": form, "shift": row, "handed": handed}
    return render(request, "centre/take_over.html", context)


def _back(shift: Shift) -> uuid.UUID:
    return shift.pk if shift.taken_over_at is None else shift.house_id


def _shift(request: Request, ref: uuid.UUID) -> Shift:
    found = asking.shift_of(request.actor, ref)
    if found is None:
        raise Hidden(None)
    return found


def _mine(request: Request, ref: uuid.UUID) -> Shift:
    """Nobody reads the notes of somebody else's shift."""
    found = _shift(request, ref)
    if found.worker_id != request.actor.membership.pk:
        raise Hidden(None)
    return found
