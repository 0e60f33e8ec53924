"""What the pages of consents show: rows with all that belongs to them, what an address asks for, what is read out, the sheet."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access import drafts, paper
from amanat.access.consents import CARRY_ON, others_of
from amanat.access.files import File
from amanat.access.models import Consent, WithdrawalNotice
from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.cases import outsiders, persons
from amanat.cases.actions.consenting import NOT_TO_SHARE, bands_for
from amanat.cases.consent_ages import GIVEN_BY, Band
from amanat.cases.consent_keeping import documents_in, number_of
from amanat.cases.consent_sentences import Covers
from amanat.cases.consent_words import ReadOut, language_of, languages, read_out
from amanat.cases.forms.consents import Asked, ConsentForm
from amanat.cases.reach import Shared
from amanat.cases.shown import opened
from amanat.people.models import Agency

# What a consent keeps that names further recipients: not for whoever reads by it.
OF_OTHERS = frozenset({"outside", "read"})


def shared(file: File, consents: Iterable[Consent]) -> list[Shared]:
    """The consents as the actor may see them; three queries, however many."""
    rows, told = list(consents), file.sees(Part.CONSENT)
    named = persons.by_ref(file) if told and rows else {}
    details: dict[uuid.UUID, dict[str, Any]] = {}
    for row in rows:
        row.subject = file.row.subject
        details[row.pk] = (file.open(row, "details") or {}) if told else {}
        if file.is_shared:
            details[row.pk] = {name: held for name, held in details[row.pk].items() if name not in OF_OTHERS}
    only = file.actor.membership.agency if file.is_shared else None
    notices = _notices(rows) if told else {}
    others = others_of(rows) if told and only is None else {}
    return [
        Shared(
            row,
            _state(row, file),
            details[row.pk],
            named,
            [one for one in notices.get(row.pk, ()) if only in (None, one.agency)],
            others.get(row.pk, ()),
            documents_in(file, details[row.pk]),
            only,
        )
        for row in rows
    ]


def _state(consent: Consent, file: File) -> str:
    if consent.holds(file.actor.now):
        return "holds"
    return "withdrawn" if consent.withdrawn_at and consent.purpose != CARRY_ON else "ended"


def _notices(rows: Sequence[Consent]) -> dict[uuid.UUID, list[WithdrawalNotice]]:
    """Who of the recipients confirmed a withdrawal, by consent."""
    withdrawn = [row.pk for row in rows if row.withdrawn_at]
    found: dict[uuid.UUID, list[WithdrawalNotice]] = defaultdict(list)
    asked = WithdrawalNotice.objects.filter(consent__in=withdrawn).order_by("agency__name")
    for notice in asked.select_related("agency", "confirmed_by__user") if withdrawn else ():
        found[notice.consent_id].append(notice)
    return found


def asked_of(request: Request) -> Asked:
    """What the address asks to be recorded; what makes no sense in it is left out.

    Raises:
        Http404: it names an agency that does not exist.
    """
    given, known = request.GET, packs.current().codes("consent_purpose")
    purpose, given_by = given.get("purpose", ""), given.get("given_by", "")
    parts = [Part(part) for part in given.get("parts", "").split(",") if part in set(Part) - NOT_TO_SHARE]
    known_outside = outsiders.of(request.file)
    return Asked(
        recipient=chosen_agency(request),
        purpose=purpose if purpose in known else "",
        parts=parts,
        given_by=given_by if given_by in GIVEN_BY else "",
        until=_day(given.get("until", "")),
        sheet=given.get("number", "")[:9],
        read_in=given.get("read_in", "") if given.get("read_in") in dict(languages()) else "",
        read_version=given.get("read_version", "")[:8],
        also=_also(given.get("also", "")),
        outside=outsiders.chosen(known_outside, given.get("to", ""))[:120],
        outsiders=list(known_outside.values()),
    )


def to_be_read(request: Request) -> Asked:
    """What an address asks, with the name of an organisation outside the network: that stands in no address, but in what was typed to
    record it."""
    page = reverse("cases.record_consent", args=[request.file.row.pk])
    kept = drafts.read(request.actor.user, page, request.actor.now)
    asked = asked_of(request)
    return replace(asked, outside=kept[0].get("outside", "")[:120] if kept else asked.outside)


def _also(written: str) -> list[Agency]:
    try:
        return list(Agency.objects.filter(pk__in=map(uuid.UUID, written.split(",")))) if written else []
    except ValueError:
        return []


def chosen_agency(request: Request) -> Agency | None:
    """The agency whose reference stands in the address as `agency`.

    Raises:
        Http404: there is none.
    """
    wanted = request.GET.get("agency", "")
    if not wanted:
        return None
    try:
        return Agency.objects.get(pk=uuid.UUID(wanted))
    except (ValueError, Agency.DoesNotExist):
        raise Http404 from None


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def to_read(request: Request, asked: Asked) -> ReadOut:
    """What is read out for what an address asks, in the language that it names, else in the child's own."""
    file = request.file
    spoken = opened(file, Part.IDENTITY).get("languages", []) if file.sees(Part.IDENTITY) else []
    covers = Covers(
        asked.purpose,
        ", ".join(str(one) for one in (asked.recipient, *asked.also, asked.outside) if one),
        asked.parts,
        asked.given_by,
        asked.until.isoformat() if asked.until else "",
    )
    read = read_out(covers, language_of(request.GET.get("in", ""), spoken))
    return replace(read, number=number_of(asked.sheet))


def ways(request: Request, asked: Asked, read: ReadOut) -> dict[str, Any]:
    """Where one goes on from what is read: another language of it, the sheet, and to record what was answered."""
    held = request.GET.dict() | {"number": read.number, "in": read.language}
    onwards = {key: value for key, value in held.items() if key not in ("in", "as")}
    onwards |= {"read_in": read.language, "read_version": read.version}
    return {
        "offered": [(code, name, urlencode(held | {"in": code})) for code, name in languages()],
        "sheet_query": urlencode(held | {"as": "pdf"}),
        "record_query": urlencode(onwards),
        "is_whole": bool(asked.purpose),
    }


def ages(file: File, today: date) -> dict[str, Any]:
    """Who has to agree at the child's age, for a page that records it."""
    bands: list[Band] = bands_for(file, today)
    return {"bands": bands, "bands_unverified": not all(band.verified for band in bands)}


def preview(form: ConsentForm) -> str:
    """The sentence of what would be recorded."""
    given = form.cleaned_data
    named = [given["recipient"], *given["also"], given["outside"]]
    until = given["until"].isoformat() if given["until"] else ""
    covers = Covers(
        given["purpose"], ", ".join(str(one) for one in named if one), given.get("parts", ()), given["given_by"], until
    )
    return covers.sentence()


def read_query(request: Request, form: ConsentForm) -> str:
    """The address of the page to read from, with what was chosen in the form; what was written is in the draft (`to_be_read`)."""
    if form.sent is None:
        return request.GET.urlencode()
    agencies = [_hex(ref) for ref in (form.sent.get("recipient", ""), *form.sent.getlist("also"))]
    held = {name: form.sent.get(name, "") for name in ("purpose", "given_by", "until")}
    held |= {
        "number": form.sent.get("sheet", ""),
        "agency": agencies[0],
        "also": ",".join(filter(None, agencies[1:])),
        "parts": ",".join(form.sent.getlist("parts")),
        "then": request.GET.get("then", ""),
    }
    return urlencode({name: value for name, value in held.items() if value})


def _hex(ref: str) -> str:
    try:
        return uuid.UUID(ref).hex
    except ValueError:
        return ""


def sheet(request: Request, read: ReadOut) -> str:
    """The page for paper: the sentence, the simple words, lines to sign on, the number; nobody's name."""

    def told() -> dict[str, Any]:
        who = (_("Child, name and signature"), _("Guardian, name and signature"), _("Who read it"))
        return {"read": read, "kept": True, "sheet_number": read.number, "signers": [{"who": one} for one in who]}

    return paper.sheet(request.actor, "cases/paper_consent.html", told, read.language)
