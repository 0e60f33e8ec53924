"""A referral to an organisation without Amanat: a letter or a sealed packet to take along."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.referrals import inbox, numbers
from amanat.referrals.actions import handing_out
from amanat.referrals.forms.outside import HandOutForm
from amanat.referrals.models import Referral
from amanat.referrals.models_outside import How, OutsideKey
from amanat.referrals.outside import codes, drawn, handed, letter
from amanat.referrals.outside.letter import Letter
from amanat.referrals.outside.packet import Content, draw_words, sealed
from amanat.web.downloads import download


@page("cases/<ref:case>/referrals/<uuid:referral>/hand-out", does=Verb.REFERRAL_SEND)
def hand_out(request: Request, case: Case, referral: uuid.UUID) -> HttpResponse:
    """How it leaves. A letter comes at once; for a packet the next page shows the words and the code, and then brings it here."""
    row = _outside(request, referral)
    if "drawn" in request.POST:
        return _packet(request, row, drawn.read(request.POST["drawn"], row, request.actor))
    form = HandOutForm(request, handing_out.goes_along(row), _begins_with(row, request.actor))
    if form.apply(_out, request, case, row):
        answer: HttpResponse = form.result
        return answer
    context = about(request, case) | _told(row) | {"form": form, "handed": handed.of(row, request.actor.now)}
    return render(request, "referrals/hand_out.html", context)


def _outside(request: Request, ref: uuid.UUID) -> Referral:
    """One to an organisation without Amanat; there is no letter to whoever has it."""
    row = inbox.one_of_case(request.file, ref)
    if row is None or row.agency_id is not None:
        raise hidden(Referral, ref)
    return row


def _told(row: Referral) -> dict[str, Any]:
    back = reverse("referrals.progress", args=[row.case, row.pk])
    return {"referral": row, "number": numbers.spoken(row.number), "back": back}


def _begins_with(row: Referral, actor: Actor) -> dict[str, Any]:
    kept = OutsideKey.objects.filter(organisation=row.organisation).first()
    return {"call": actor.membership.agency.duty_contact, "key": kept.public if kept else ""}


def _out(request: Request, case: Case, row: Referral, *, actor: Actor, **chosen: Any) -> HttpResponse:
    """A letter, or the page before a packet. Its code counts from now on."""
    told = _chosen(**chosen)
    parts = [Part(part) for part in told["parts"]]
    made = _pages(request, row, told)[0].content if told["how"] == How.LETTER else b""
    handing_out.hand_out(
        case,
        referral=row,
        how=How(told["how"]),
        language=told["language"],
        code=told["code"],
        parts=parts,
        names_child=told["names_child"],
        key=told["key"],
        actor=actor,
    )
    if made:
        messages.success(request, _("The letter was downloaded. Print it, hand it over, and note what they say."))
        return download(made, f"{row.number}.pdf", "application/pdf")
    context = about(request, case) | _told(row) | {"words": told["words"], "code": codes.spoken(told["code"])}
    context |= {"drawn": drawn.signed(told, row, actor), "address": letter.arrived_at(), "language": told["language"]}
    return render(request, "referrals/packet.html", context)


def _chosen(
    *, how: str, language: str, call: str, key: str, parts: Sequence[str] = (), names_child: bool = False, **_said: Any
) -> drawn.Chosen:
    return {
        "how": how,
        "language": language,
        "call": call,
        "key": key,
        "parts": list(parts) if how != How.LETTER else [],
        "names_child": names_child,
        "words": draw_words(language) if how == How.WORDS else "",
        "code": codes.new_code(),
    }


def _packet(request: Request, row: Referral, chosen: drawn.Chosen) -> HttpResponse:
    """Sealed as the page before showed it. Taken once more it is the same one to its recipient."""
    made = sealed(_pages(request, row, chosen), words=chosen["words"], key=chosen["key"])
    messages.success(request, _("The packet was downloaded. Send it, and say by phone what opens it."))
    return download(made, f"{row.number}.age", "application/octet-stream")


def _pages(request: Request, row: Referral, chosen: drawn.Chosen) -> list[Content]:
    parts = [Part(part) for part in chosen["parts"]]
    handing_out.check(row, parts, chosen["names_child"], request.actor)
    told = Letter(row, chosen["language"], chosen["code"], chosen["call"], chosen["names_child"], parts)
    return letter.pages(request, request.file, told)
