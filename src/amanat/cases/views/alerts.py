"""Alerts: what waits, taking one, giving one to a colleague, raising one. Of the child nothing is shown before it is taken."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from amanat.access.loaders import Hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases import alerts as asking
from amanat.cases.actions import alerting
from amanat.cases.forms.alerts import GiveAlertForm, RaiseAlertForm
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.packs import clocks
from amanat.web.forms import Form


@page("alerts", does=Verb.LOOK_ALERTS)
def alerts(request: Request) -> HttpResponse:
    """What waits, then what was taken lately."""
    actor = request.actor
    found, taken = asking.page_of(actor, request.GET.get("from", "")), asking.lately_taken(actor)
    lines = asking.lines(actor, [*found.rows, *taken])
    context = {
        "page": found,
        "waiting": lines[: len(found.rows)],
        "taken": lines[len(found.rows) :],
        "nobody_on_duty": asking.nobody_on_duty(actor),
    }
    return render(request, "cases/alerts.html", context | _clock(actor.now))


@page("alerts/now", does=Verb.LOOK_ALERTS)
def alerts_now(request: Request) -> HttpResponse:
    """The head of *My day* while it stands open; nothing where the screen shows it already."""
    head = asking.first_of_all(request.actor)
    if request.GET.get("seen") == head["alerts_shown"]:
        return HttpResponse(status=204)
    return render(request, "cases/alerts_waiting.html", head)


@page("alerts/<uuid:alert>/take", does=Verb.ALERT_TAKE)
def take_alert(request: Request, alert: uuid.UUID) -> HttpResponse:
    """Where a press on *take* comes, and where somebody reads that a colleague was faster."""
    found = asking.find(request.actor, alert)
    form = Form(request)
    if form.apply(alerting.take_alert, found):
        messages.success(request, _("The alert is yours. What was written stands in the timeline."))
        return redirect(found.case)
    context = {"form": form, "line": asking.lines(request.actor, [found])[0]}
    return render(request, "cases/take_alert.html", context)


@page("alerts/<uuid:alert>/give", does=Verb.ALERT_ASSIGN)
def give_alert(request: Request, alert: uuid.UUID) -> HttpResponse:
    """A supervisor gives it to somebody of the agency."""
    found = asking.find(request.actor, alert)
    if found.agency_id != request.actor.membership.agency_id:
        raise Hidden(found.subject)
    colleagues = asking.who_could(found, request.actor.now)
    form = GiveAlertForm(request, to=colleagues)
    if form.apply(alerting.assign_alert, found):
        told = {"name": form.cleaned_data["to"].user}
        messages.success(
            request, _("%(name)s has the alert now. Call as well: nobody knows when a message is read.") % told
        )
        return redirect("cases.alerts")
    context = {"form": form, "line": asking.lines(request.actor, [found])[0], "anybody": colleagues.exists()}
    return render(request, "cases/give_alert.html", context)


@page("cases/<ref:case>/alert", does=Verb.ALERT_RAISE)
def raise_alert(request: Request, case: Case) -> HttpResponse:
    form = RaiseAlertForm(request)
    if form.apply(alerting.raise_alert, case):
        messages.warning(request, asking.who_was_told(form.result))
        return redirect(case)
    context = about(request, case) | {"form": form} | _clock(request.actor.now)
    return render(request, "cases/raise_alert.html", context)


def _clock(now: datetime) -> dict[str, Any]:
    """After how long the next one is told, and whether anybody checked that number."""
    clock = clocks.clock("alert_next")
    return {"clock": clock, "after": timesince(now, clock.rings(now))}
