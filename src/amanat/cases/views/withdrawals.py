"""Withdrawn consents of which an agency was told: its workers confirm that nothing is used any more. No child is named here."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases import queries
from amanat.cases.actions.confirming import confirm_withdrawal
from amanat.cases.forms.consents import ConfirmForm
from amanat.web.paging import keyset_page


@page("withdrawals", does=Verb.WITHDRAWAL_CONFIRM)
def withdrawals(request: Request) -> HttpResponse:
    done = request.GET.get("which") == "confirmed"
    rows = queries.notices_for(request.actor).filter(confirmed_at__isnull=not done)
    found = keyset_page(rows, order=["-told_at", "-id"], cursor=request.GET.get("from", ""))
    return render(request, "cases/withdrawals.html", {"page": found, "done": done})


@page("withdrawals/<uuid:notice>/confirm", does=Verb.WITHDRAWAL_CONFIRM)
def confirm(request: Request, notice: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(queries.notices_for(request.actor), pk=notice)
    if row.confirmed_at:
        messages.info(request, _("A colleague has confirmed this already."))
        return redirect("cases.withdrawals")
    form = ConfirmForm(request)
    if form.apply(confirm_withdrawal, row):
        messages.success(request, _("It is confirmed. The file of the child says so."))
        return redirect("cases.withdrawals")
    return render(request, "cases/confirm_withdrawal.html", {"form": form, "notice": row})
