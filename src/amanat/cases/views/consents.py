"""Consents of a file: the list, and what is recorded, set aside and withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.access.consents import opens_a_file
from amanat.access.files import File
from amanat.access.loaders import hidden
from amanat.access.models import Consent
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import persons, queries
from amanat.cases.actions import consenting
from amanat.cases.facts import sheets_of
from amanat.cases.forms.consents import ConsentForm, OverrideForm, WithdrawForm
from amanat.cases.htcds import denied, values_of
from amanat.cases.models import Case
from amanat.cases.persons import Around
from amanat.cases.reach import Place, Shared
from amanat.cases.views.circle import chosen_agency
from amanat.cases.views.telling import about
from amanat.people.models import Agency


@page("cases/<ref:case>/consents", shows=Part.CONSENT)
def consents(request: Request, case: Case) -> HttpResponse:
    file = request.file
    named = persons.by_ref(file)
    rows = [_shared(file, consent, named) for consent in queries.consents_on(request.file)]
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


def _shared(file: File, consent: Consent, named: Mapping[str, Around]) -> Shared:
    consent.subject = file.row.subject
    state = "holds" if consent.holds(file.actor.now) else "withdrawn" if consent.withdrawn_at else "ended"
    return Shared(consent, state, file.open(consent, "details") or {} if file.sees(Part.CONSENT) else {}, named)


@page("cases/<ref:case>/consents/record", does=Verb.CONSENT_RECORD)
def record_consent(request: Request, case: Case) -> HttpResponse:
    known = persons.around(request.file)
    form = ConsentForm(request, _others(case), chosen_agency(request), known)
    if form.apply(consenting.record_consent, case):
        messages.success(request, _("The consent is recorded."))
        return redirect(_onwards(request, case, form.result))
    context = about(request, case) | {
        "form": form,
        "back": _back(request, case),
        "nobody_left": persons.none_left_to_consent(known),
        "persons": known,
    }
    return render(request, "cases/record_consent.html", context)


@page("cases/<ref:case>/consents/override", does=Verb.CONSENT_OVERRIDE)
def override_consent(request: Request, case: Case) -> HttpResponse:
    form = OverrideForm(request, _others(case), chosen_agency(request))
    if form.apply(consenting.override_consent, case):
        messages.warning(request, _("This is shared without consent now. It is flagged until it ends."))
        return redirect(_onwards(request, case, form.result))
    context = about(request, case) | {"form": form, "back": _back(request, case)}
    return render(request, "cases/override_consent.html", context)


def _others(case: Case) -> QuerySet[Agency]:
    return Agency.objects.exclude(pk=case.agency_id)


def _onwards(request: Request, case: Case, consent: Consent) -> str:
    """Back to bringing somebody in, if that is where the way began and the agency may see something now."""
    if request.GET.get("then") == "bring-in" and opens_a_file(consent) and consent.recipient:
        return _bring_in(case, consent.recipient)
    return reverse("cases.consents", args=[case])


def _back(request: Request, case: Case) -> str:
    agency = chosen_agency(request)
    if request.GET.get("then") == "bring-in" and agency:
        return _bring_in(case, agency)
    return reverse("cases.consents", args=[case])


def _bring_in(case: Case, agency: Agency) -> str:
    return f"{reverse('cases.bring_in', args=[case])}?agency={agency.pk.hex}"


@page("cases/<ref:case>/consents/<uuid:consent>/withdraw", does=Verb.CONSENT_WITHDRAW)
def withdraw_consent(request: Request, case: Case, consent: uuid.UUID) -> HttpResponse:
    row = queries.consents_on(request.file).filter(pk=consent).first()
    if row is None:
        raise hidden(Consent, consent)
    shared = _shared(request.file, row, {})
    if not shared.holds:
        messages.info(request, _("This consent is not in force any more."))
        return redirect("cases.consents", case)
    form = WithdrawForm(request)
    if form.apply(consenting.withdraw_consent, case, consent=row):
        messages.success(request, _("The consent is withdrawn. Nothing more is shared by it."))
        return redirect("cases.consents", case)
    context = about(request, case) | {"form": form, "shared": shared, **_ends(row, request)}
    return render(request, "cases/withdraw_consent.html", context)


def _ends(consent: Consent, request: Request) -> dict[str, object]:
    """Who leaves at once, and whose help runs on until the safety decision."""
    leaving, running = consenting.ends_with(consent, request.actor)
    return {
        "leaving": [Place(grant, told=False, away=False) for grant in leaving],
        "running": [Place(grant, told=False, away=False) for grant in running],
        "decide_within": consenting.DECIDE_WITHIN,
        "carry_on_for": consenting.CARRY_ON_FOR,
    }
