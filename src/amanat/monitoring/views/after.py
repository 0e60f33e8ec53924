"""Follow-ups, outcomes, and signs of re-trafficking."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.forms.choices import caution
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.monitoring import followups, lists, pack, showing
from amanat.monitoring.actions import following_up, outcomes, signs
from amanat.monitoring.forms.after import (
    ArrangeForm,
    ByNeedForm,
    FollowUpForm,
    MoveFollowUpForm,
    OutcomesForm,
    SignsForm,
)
from amanat.monitoring.models import FollowUp, View
from amanat.web.paging import keyset_page


@page("follow-ups", does=Verb.LOOK_CASELOAD)
def my_follow_ups(request: Request) -> HttpResponse:
    rows = lists.mine(request.actor).select_related("who__user", *lists.OF_A_CASE)
    held = keyset_page(rows, order=["due", "id"], cursor=request.GET.get("from", ""), counted=False)
    context = {"page": held, "listed": lists.listed(request, held.rows), "today": timezone.localdate(request.actor.now)}
    return render(request, "monitoring/my_follow_ups.html", context | {"nav": "my_day"})


@page("cases/<ref:case>/follow-ups", shows=Part.PLAN)
def follow_ups(request: Request, case: Case) -> HttpResponse:
    context = showing.follow_ups(request.file, request.GET.get("from", ""))
    return render(request, "monitoring/follow_ups.html", about(request, case) | context)


@page("cases/<ref:case>/follow-ups/arrange", does=Verb.FOLLOW_UP_ARRANGE)
def arrange_follow_ups(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    begins = followups.begins_on(case)
    there = followups.arranged(case)
    form = ArrangeForm(request, begins, are_there=bool(there))
    if form.apply(following_up.arrange, case):
        messages.success(request, _("The follow-ups are arranged. What is late stands on My day."))
        return redirect("monitoring.follow_ups", case)
    proposed = followups.proposed(begins or timezone.localdate(request.actor.now), there)
    context = {"form": form, "proposed": proposed, "sources": pack.unverified("follow_up")}
    return render(request, "monitoring/arrange_follow_ups.html", about(request, case) | context)


@page("cases/<ref:case>/follow-ups/add", does=Verb.FOLLOW_UP_ARRANGE)
def add_follow_up(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    form = ByNeedForm(request, request.file)
    if form.apply(following_up.arrange_one, case):
        messages.success(request, _("The follow-up is arranged."))
        return redirect("monitoring.follow_ups", case)
    return render(request, "monitoring/add_follow_up.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/follow-ups/<uuid:follow_up>/move", does=Verb.FOLLOW_UP_ARRANGE)
def move_follow_up(request: Request, case: Case, follow_up: uuid.UUID) -> HttpResponse:
    demand(request.file, Part.PLAN)
    row = followups.of_case(request.file, follow_up)
    if row is None:
        raise hidden(FollowUp, follow_up)
    form = MoveFollowUpForm(request, request.file, {"due_on": row.due, "who": row.who_id})
    if form.apply(following_up.move, row):
        messages.success(request, _("The follow-up is changed."))
        return redirect("monitoring.follow_ups", case)
    context = {"form": form, "held": followups.shown_of(request.file, [row])[0]}
    return render(request, "monitoring/move_follow_up.html", about(request, case) | context)


@page("cases/<ref:case>/follow-ups/<uuid:follow_up>/record", does=Verb.FOLLOW_UP_RECORD)
def record_follow_up(request: Request, case: Case, follow_up: uuid.UUID) -> HttpResponse:
    demand(request.file, Part.PLAN)
    row = followups.of_case(request.file, follow_up)
    if row is None:
        raise hidden(FollowUp, follow_up)
    form = FollowUpForm(request)
    if form.apply(following_up.record, row):
        messages.success(request, _("It is recorded."))
        return redirect("monitoring.follow_ups", case)
    context = {"form": form, "held": followups.shown_of(request.file, [row])[0]}
    context["carer_is_suspect"] = showing.home_is_a_suspects(request.file)
    return render(request, "monitoring/record_follow_up.html", about(request, case) | context)


@page("cases/<ref:case>/outcomes", shows=Part.PLAN)
def outcomes_page(request: Request, case: Case) -> HttpResponse:
    return render(
        request,
        "monitoring/outcomes.html",
        about(request, case) | showing.outcomes_of(request.file, "all" in request.GET),
    )


@page("cases/<ref:case>/outcomes/record", does=Verb.OUTCOME_RECORD)
def record_outcomes(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    form = OutcomesForm(request, request.GET.get("view", View.WORKER))
    if form.apply(outcomes.record, case):
        messages.success(request, _("Recorded. It stands beside the earlier ones."))
        return redirect("monitoring.outcomes_page", case)
    context = {"form": form, "sources": pack.unverified("outcome")}
    return render(request, "monitoring/record_outcomes.html", about(request, case) | context)


@page("cases/<ref:case>/signs", shows=Part.SAFETY)
def signs_page(request: Request, case: Case) -> HttpResponse:
    context = showing.signs_of(request.file, request.GET.get("from", ""))
    return render(request, "monitoring/signs.html", about(request, case) | context)


@page("cases/<ref:case>/signs/record", does=Verb.SIGNS_RECORD)
def record_signs(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.SAFETY)
    form = SignsForm(request)
    if form.apply(signs.record, case):
        reopened = _("The signs are recorded, the case is open again, and whoever is on duty is told.")
        told = _("The signs are recorded, and whoever is on duty is told.")
        messages.success(request, reopened if form.result.reopened else told)
        return redirect(case)
    context = {"form": form, "caution": caution(showing.SIGNS_OF)}
    return render(request, "monitoring/record_signs.html", about(request, case) | context)
