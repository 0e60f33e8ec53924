"""What is asked of others for a child: how far it is, and what the sender can do about it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.referrals import askable, inbox, progressing, transferring
from amanat.referrals.actions import following_up
from amanat.referrals.forms.sending import FollowUpForm, RevokeForm, TransferForm
from amanat.referrals.models import Referral


@page("cases/<ref:case>/referrals/<uuid:referral>", shows=Part.REFERRAL_SUMMARY)
def progress(request: Request, case: Case, referral: uuid.UUID) -> HttpResponse:
    """Where one is, and each step of it. Never what the receiver notes of the service."""
    row = _one(request, referral)
    return render(request, "referrals/progress.html", about(request, case) | progressing.about(request.file, row))


@page("cases/<ref:case>/referrals/<uuid:referral>/revoke", does=Verb.REFERRAL_REVOKE)
def revoke(request: Request, case: Case, referral: uuid.UUID) -> HttpResponse:
    row = _one(request, referral)
    form = RevokeForm(request, row.version)
    if form.apply(following_up.revoke, case, referral=row):
        messages.success(request, _("It is revoked. The agency that was asked sees it."))
        return redirect("referrals.progress", case, row.pk)
    return _form(request, case, row, "referrals/revoke.html", form)


@page("cases/<ref:case>/referrals/<uuid:referral>/follow-up", does=Verb.REFERRAL_FOLLOW_UP)
def follow_up(request: Request, case: Case, referral: uuid.UUID) -> HttpResponse:
    """What an organisation without Amanat said by phone."""
    row = _one(request, referral)
    form = FollowUpForm(request, row.version, following_up.told_ways(row))
    if form.apply(_told, case, row, form):
        messages.success(request, _("It is noted."))
        return redirect("referrals.progress", case, row.pk)
    return _form(request, case, row, "referrals/follow_up.html", form)


def _told(
    case: Case, row: Referral, form: FollowUpForm, *, actor: Any, seen: int, words: str, **_said: Any
) -> Referral:
    return following_up.follow_up(case, referral=row, told=form.told(), words=words, actor=actor, seen=seen)


@page("cases/<ref:case>/transfer", does=Verb.REFERRAL_SEND)
def transfer(request: Request, case: Case) -> HttpResponse:
    """Asking another agency to take the whole case."""
    form = TransferForm(request, *transferring.begins_with(request.file))
    if form.apply(_transfer, case, form):
        messages.success(request, _("It is asked. Nothing passes before they say yes."))
        return redirect("referrals.progress", case, form.result.pk)
    context = about(request, case) | {"form": form, "back": progressing.section_of(case)}
    context["nobody_at"] = askable.without_anybody(request.file, whole=True)
    return render(request, "referrals/transfer.html", context)


def _transfer(case: Case, form: TransferForm, *, actor: Any, to: Any, urgency: str, **_said: Any) -> Referral:
    return transferring.ask(case, to=to, urgency=urgency, summary=form.summary(), actor=actor)


def _one(request: Request, ref: uuid.UUID) -> Referral:
    row = inbox.one_of_case(request.file, ref)
    if row is None:
        raise hidden(Referral, ref)
    return row


def _form(request: Request, case: Case, row: Referral, template: str, form: Any) -> HttpResponse:
    return render(request, template, about(request, case) | progressing.head(request.file, row) | {"form": form})
