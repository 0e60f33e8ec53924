"""Preparing what is asked of others for a child: the needs, who could help, what they read, which consent is missing, and off."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.referrals import askable, preparing, progressing
from amanat.referrals import basket as baskets
from amanat.referrals.actions import preparing as acts
from amanat.referrals.basket import Basket
from amanat.referrals.forms.sending import AgencyForm, DraftForm, SendForm, ServiceForm
from amanat.referrals.models import Referral


@page("cases/<ref:case>/referrals/prepare", does=Verb.REFERRAL_PREPARE)
def prepare(request: Request, case: Case) -> HttpResponse:
    """All that leaves together, and what is still missing of it. Sending is one press."""
    basket = Basket.of(request.file, request.GET)
    form = SendForm(request)
    if form.apply(basket.send):
        messages.success(request, _("It is sent. What becomes of each stands here."))
        return redirect(progressing.section_of(case))
    return render(request, "referrals/prepare.html", about(request, case) | basket.told() | {"form": form})


@page("cases/<ref:case>/referrals/find/<str:need>", does=Verb.REFERRAL_PREPARE)
def find(request: Request, case: Case, need: str) -> HttpResponse:
    """Who could help with a need, as `shelter:today`; choosing one makes a draft."""
    basket = Basket.of(request.file, request.GET).first(preparing.need_of(need))
    form = ServiceForm(request) if request.method == "POST" else None
    if form and form.apply(baskets.choose, basket):
        return redirect(basket.without_first().with_response(form.result).address())
    found = baskets.search(basket, request.GET)
    return render(request, "referrals/find.html", about(request, case) | found | {"form": form})


@page("cases/<ref:case>/referrals/ask/<str:need>", does=Verb.REFERRAL_PREPARE)
def ask(request: Request, case: Case, need: str) -> HttpResponse:
    """An agency of the network straight, without a service of the directory."""
    basket = Basket.of(request.file, request.GET).first(preparing.need_of(need))
    form = AgencyForm(request, askable.agencies(request.file))
    if form.apply(baskets.choose, basket):
        return redirect(basket.without_first().with_response(form.result).address())
    context = {"form": form, "need": basket.needs[0], "back": basket.address()}
    context["nobody_at"] = askable.without_anybody(request.file)
    return render(request, "referrals/ask.html", about(request, case) | context)


@page("cases/<ref:case>/referrals/<uuid:referral>/summary", does=Verb.REFERRAL_PREPARE)
def summary(request: Request, case: Case, referral: uuid.UUID) -> HttpResponse:
    """What the receiver of a draft will read, and what opens to them with a yes."""
    row = _draft(request, referral)
    form = DraftForm(request, preparing.written(request.file, row))
    if form.apply(_write, case, row, form):
        messages.success(request, _("It is kept. Nothing has left yet."))
        return redirect(preparing.page_of(row))
    context = {"form": form, "draft": preparing.draft_of(request.file, row), "back": preparing.page_of(row)}
    return render(request, "referrals/write.html", about(request, case) | context)


def _write(case: Case, row: Referral, form: DraftForm, *, actor: Any, parts: Any, seen: Any, **_said: Any) -> Any:
    return acts.write(case, referral=row, summary=form.summary(), parts=parts, seen=seen, actor=actor)


@page("cases/<ref:case>/referrals/<uuid:referral>/leave-out", does=Verb.REFERRAL_PREPARE)
def leave_out(request: Request, case: Case, referral: uuid.UUID) -> HttpResponse:
    row = _draft(request, referral)
    draft, form = preparing.draft_of(request.file, row), SendForm(request)
    if form.apply(acts.leave_out, case, referral=row):
        messages.success(request, _("It is taken out."))
        return redirect(preparing.page_of(row))
    context = {"form": form, "draft": draft, "back": preparing.page_of(row)}
    return render(request, "referrals/leave_out.html", about(request, case) | context)


def _draft(request: Request, ref: uuid.UUID) -> Referral:
    """What was sent meanwhile is told so: what is typed for it stays on the page."""
    row = preparing.draft(request.file, ref, also_past=request.method == "POST")
    if row is None:
        raise hidden(Referral, ref)
    return row
