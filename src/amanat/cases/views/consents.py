"""Consents of a file: the list, and what is read out, recorded, set aside and withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.access.loaders import hidden
from amanat.access.models import Consent
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import consent_pages, persons, queries
from amanat.cases.actions import consenting
from amanat.cases.consent_keeping import choices_of
from amanat.cases.facts import sheets_of
from amanat.cases.forms.consents import ConsentForm, OverrideForm, WithdrawForm
from amanat.cases.htcds import denied, values_of
from amanat.cases.models import Case
from amanat.cases.reach import Place, Shared
from amanat.cases.views.telling import about
from amanat.people import doors
from amanat.people.models import Agency
from amanat.web import pdf


@page("cases/<ref:case>/consents", shows=Part.CONSENT)
def consents(request: Request, case: Case) -> HttpResponse:
    file = request.file
    rows = consent_pages.shared(file, queries.consents_on(file))
    context = {
        "shared": [row for row in rows if row.holds],
        "former": [row for row in rows if not row.holds],
        "overrides": [row for row in rows if row.holds and row.is_override],
        "told": file.sees(Part.CONSENT),
        "denied": _denied(file),
        "may_record": file.may(Verb.CONSENT_RECORD),
        "may_override": file.may(Verb.CONSENT_OVERRIDE),
        "may_withdraw": file.may(Verb.CONSENT_WITHDRAW),
    }
    return render(request, "cases/consents.html", about(request, case) | context)


def _denied(file: File) -> list[str]:
    """What the facts say was not consented to, as when an imported row said so; for whoever sees it."""
    said = [values_of(file, sheet) for sheet in sheets_of(file) if sheet.part == Part.CONSENT]
    return list(dict.fromkeys(str(field.label) for values in said for field in denied(values)))


@page("cases/<ref:case>/consents/read", does=Verb.CONSENT_RECORD)
def read_consent(request: Request, case: Case) -> HttpResponse:
    """What is read to the child before it is asked, in the child's language; `?as=pdf` is the sheet to sign."""
    asked = consent_pages.to_be_read(request)
    read = consent_pages.to_read(request, asked)
    if request.GET.get("as") == "pdf":
        return pdf.answer(consent_pages.sheet(request, read), read.number)
    context = {
        "read": read,
        "asked": asked,
        "back": _back(request, case),
        **consent_pages.ways(request, asked, read),
        **consent_pages.ages(request.file, timezone.localdate(request.actor.now)),
    }
    return render(request, "cases/read_consent.html", about(request, case) | context)


@page("cases/<ref:case>/consents/<uuid:consent>/read", shows=Part.CONSENT)
def consent_read(request: Request, case: Case, consent: uuid.UUID) -> HttpResponse:
    """What was read out before a consent, as it stood then; `?as=pdf` is its sheet."""
    row = _row(request, consent)
    shared = row.read if request.file.sees(Part.CONSENT) else None
    if shared is None:
        raise hidden(Consent, consent)
    if request.GET.get("as") == "pdf":
        return pdf.answer(consent_pages.sheet(request, shared), shared.number)
    return render(request, "cases/consent_read.html", about(request, case) | {"read": shared})


@page("cases/<ref:case>/consents/record", does=Verb.CONSENT_RECORD)
def record_consent(request: Request, case: Case) -> HttpResponse:
    known, asked = persons.around(request.file), consent_pages.asked_of(request)
    form = ConsentForm(request, _others(case), asked, known, choices_of(request.file))
    request.leads_away = form.looks  # to what is read to the child, and back
    if not form.looks and form.apply(consenting.record_consent, case):
        messages.success(request, _("The consent is recorded."))
        return redirect(_back(request, case))
    context = about(request, case) | {
        "form": form,
        "back": _back(request, case),
        "preview": consent_pages.preview(form) if form.looks and form.is_valid() else "",
        "read_query": consent_pages.read_query(request, form),
        "nobody_left": persons.none_left_to_consent(known),
        "persons": known,
        **consent_pages.ages(request.file, timezone.localdate(request.actor.now)),
    }
    return render(request, "cases/record_consent.html", context)


@page("cases/<ref:case>/consents/override", does=Verb.CONSENT_OVERRIDE)
def override_consent(request: Request, case: Case) -> HttpResponse:
    form = OverrideForm(request, _others(case), consent_pages.asked_of(request))
    if form.apply(consenting.override_consent, case):
        messages.warning(request, _("This is shared without consent now. It is flagged until it ends."))
        return redirect(_back(request, case))
    context = about(request, case) | {"form": form, "back": _back(request, case)}
    return render(request, "cases/override_consent.html", context)


def _others(case: Case) -> QuerySet[Agency]:
    return Agency.objects.exclude(pk=case.agency_id)


def _back(request: Request, case: Case) -> str:
    """Where the way began, if that is a page of ours; else the list."""
    then = request.GET.get("then", "")
    return then if doors.is_ours(then) else reverse("cases.consents", args=[case])


def _row(request: Request, consent: uuid.UUID) -> Shared:
    """Raises:
    Hidden: there is none like it on this file.
    """
    rows = consent_pages.shared(request.file, queries.consents_on(request.file).filter(pk=consent))
    if not rows:
        raise hidden(Consent, consent)
    return rows[0]


@page("cases/<ref:case>/consents/<uuid:consent>/withdraw", does=Verb.CONSENT_WITHDRAW)
def withdraw_consent(request: Request, case: Case, consent: uuid.UUID) -> HttpResponse:
    shared = _row(request, consent)
    if not shared.holds:
        messages.info(request, _("This consent is not in force any more."))
        return redirect("cases.consents", case)
    form = WithdrawForm(request)
    if form.apply(consenting.withdraw_consent, case, consent=shared.consent):
        messages.success(request, _("The consent is withdrawn. Nothing more is shared by it."))
        return redirect("cases.consents", case)
    context = about(request, case) | {"form": form, "shared": shared, **_ends(shared.consent, request)}
    return render(request, "cases/withdraw_consent.html", context)


def _ends(consent: Consent, request: Request) -> Mapping[str, object]:
    """Who leaves at once, and whose help runs on until the safety decision."""
    leaving, running = consenting.ends_with(consent, request.actor)
    return {
        "leaving": [Place(grant, told=False, away=False) for grant in leaving],
        "running": [Place(grant, told=False, away=False) for grant in running],
        "decide_within": consenting.DECIDE_WITHIN,
        "carry_on_for": consenting.CARRY_ON_FOR,
    }
