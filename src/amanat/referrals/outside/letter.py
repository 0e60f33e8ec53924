"""A referral letter to an organisation without Amanat, in the language of whoever gets it: what is needed, how to heed the child's
safety, what was agreed to, whom to call, and the code by which they say that it arrived.

It names no child, but where the consent names the identity and its sender chose so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from amanat.access import paper
from amanat.access.files import File
from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.cases import own_sections
from amanat.cases.consent_sentences import Covers
from amanat.cases.shown import opened
from amanat.referrals import numbers, showing
from amanat.referrals.models import WAITS, Referral
from amanat.referrals.outside import codes, parts
from amanat.referrals.outside.packet import Content
from amanat.referrals.terms import urgency
from amanat.web import pdf

PAGE: Final = "/arrived"  # of the public site, where the code is entered (`referrals.public`)


@dataclass(frozen=True)
class Letter:
    """What makes one: whose referral, in which language, whom to call, and which parts of the file go along in a packet."""

    referral: Referral
    language: str
    code: str
    call: str
    names_child: bool = False
    parts: Sequence[Part] = ()


def pages(request: Request, file: File, letter: Letter) -> list[Content]:
    """The letter as PDF; with parts, these too, on paper and for another program."""
    with override(letter.language):
        made = [Content("letter.pdf", pdf.made(letter_page(request, file, letter)))]
        if letter.parts:
            going = file.only(frozenset(letter.parts))
            made += [
                Content("parts.pdf", pdf.made(parts_page(request, going, letter))),
                Content("referral.json", _as_json(going, letter.referral)),
            ]
        return made


def letter_page(request: Request, file: File, letter: Letter) -> str:
    """HTML for paper, in the active language."""
    referral, summary = letter.referral, showing.summary_of(file, letter.referral)
    context = _about(letter) | {
        "line": showing.Line(referral, request.actor.now),
        "answer_by": _answer_by(referral),
        "summary": summary.facts if summary else [],
        "identity": _identity(file) if letter.names_child else [],
        "agreed": _agreed(file, referral),
        "call": letter.call,
        "caller": request.actor.user.display_name,
        "agency": request.actor.membership.agency,
        "code": codes.spoken(letter.code),
        "address": arrived_at(),
        "kept": True,
    }
    return paper.sheet(file.actor, "referrals/paper_letter.html", lambda: context, letter.language)


def parts_page(request: Request, going: File, letter: Letter) -> str:
    context = _about(letter) | {"told": parts.told_in(going), "kept": True}
    return paper.sheet(going.actor, "referrals/paper_parts.html", lambda: context, letter.language)


def arrived_at() -> str:
    """The address of the page for codes; "" where nobody told this workspace its public one."""
    site: str = settings.AMANAT_SITE_ADDRESS
    return site.rstrip("/") + PAGE if site else ""


def _about(letter: Letter) -> dict[str, Any]:
    return {
        "referral": letter.referral,
        "number": numbers.spoken(letter.referral.number),
        "language": letter.language,
    }


def _answer_by(referral: Referral) -> datetime | None:
    """None where they have answered already."""
    if referral.state not in WAITS or referral.sent_at is None:
        return None
    return referral.sent_at + urgency(referral.urgency).accept


def _identity(file: File) -> list[own_sections.Fact]:
    today = timezone.localdate(file.actor.now)
    return own_sections.facts_of(Part.IDENTITY, opened(file, Part.IDENTITY), today)


def _agreed(file: File, referral: Referral) -> str:
    """What the consent covers, as a sentence."""
    consent = referral.consent
    if consent is None:
        return ""
    consent.subject = file.row.subject
    details = (file.open(consent, "details") or {}) if file.opens(consent, "details") else {}
    return replace(Covers.of(consent, details), agency=str(referral.to)).sentence()


def _as_json(going: File, referral: Referral) -> bytes:
    told = {
        "referral": referral.number,
        "need": referral.need,
        "urgency": referral.urgency,
        "format": parts.FORMAT,
        "fields": parts.as_fields(going),
    }
    return json.dumps(told, ensure_ascii=False, indent=1, default=str).encode()
