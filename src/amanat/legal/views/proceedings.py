"""Proceedings, hearings, decisions, and the detention of an accused."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.forms.choices import caution
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.legal import detained, ruled, showing
from amanat.legal.actions import detention as detaining
from amanat.legal.actions import hearings, proceedings, rulings
from amanat.legal.appointments import may_record
from amanat.legal.forms.others import DetentionForm
from amanat.legal.forms.proceedings import (
    ChangeProceedingForm,
    HearingForm,
    MoveHearingForm,
    ProceedingForm,
    RecordHearingForm,
    RulingForm,
    TakeBackForm,
)
from amanat.legal.heard import told_before
from amanat.legal.models import Hearing, HearingState, Proceeding
from amanat.legal.who import guardian_of
from amanat.web.errors import PersonFacingError


def _of(request: Request, proceeding: Proceeding) -> dict[str, Any]:
    """What each page of some proceedings shows of them."""
    return about(request, proceeding.case) | {"one": showing.proceedings_of(request.file, [proceeding])[0]}


@page("proceedings/<ref:proceeding>", shows=Part.LEGAL_STATUS)
def proceeding(request: Request, proceeding: Proceeding) -> HttpResponse:
    context = _of(request, proceeding)
    context |= {
        "may_change": request.file.may(Verb.PROCEEDING_OPEN) and request.file.sees(Part.LEGAL_FILE),
        "may_record": may_record(request.file),
        "sees_file": request.file.sees(Part.LEGAL_FILE),
        "guardian": guardian_of(request.file, context["one"].held),
        "unchecked": showing.measures_caution(),
    }
    return render(request, "legal/proceeding.html", context)


@page("cases/<ref:case>/proceedings/open", does=Verb.PROCEEDING_OPEN)
def open_proceeding(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.LEGAL_FILE)
    form = ProceedingForm(request, request.file)
    if form.apply(proceedings.open_proceeding, case):
        messages.success(
            request, _("The proceedings are written down. Fix the next hearing, and go through the rights.")
        )
        return redirect("legal.proceeding", form.result)
    return render(request, "legal/open_proceeding.html", about(request, case) | {"form": form})


@page("proceedings/<ref:proceeding>/change", does=Verb.PROCEEDING_OPEN)
def change_proceeding(request: Request, proceeding: Proceeding) -> HttpResponse:
    demand(request.file, Part.LEGAL_FILE)
    context = _of(request, proceeding)
    known = context["one"].held | context["one"].status
    stands = {"state": proceeding.state, "lawyer": proceeding.lawyer_id, "seen": proceeding.version}
    form = ChangeProceedingForm(request, request.file, known | stands)
    if form.apply(proceedings.change_proceeding, proceeding):
        messages.success(request, _("The proceedings are changed. What stood there before is in the timeline."))
        return redirect("legal.proceeding", proceeding)
    return render(request, "legal/change_proceeding.html", context | {"form": form})


@page("proceedings/<ref:proceeding>/hearings/fix", does=Verb.HEARING_FIX)
def fix_hearing(request: Request, proceeding: Proceeding) -> HttpResponse:
    demand(request.file, Part.LEGAL_FILE)
    context = _of(request, proceeding)
    form = HearingForm(request, request.file, {"body": context["one"].held.get("body", "")})
    if form.apply(hearings.fix_hearing, proceeding):
        messages.success(request, _("The hearing is fixed. Prepare the child for it in good time."))
        return redirect("legal.proceeding", proceeding)
    return render(request, "legal/fix_hearing.html", context | {"form": form, "caution": caution(showing.MEASURES)})


@page("hearings/<ref:hearing>/move", does=Verb.HEARING_FIX)
def move_hearing(request: Request, hearing: Hearing) -> HttpResponse:
    told = _fixed(request, hearing)
    known = {"goes_along": hearing.goes_along_id} | {
        key: told.held.get(key) for key in ("body", "room", "what_for", "measures_asked", "along_words")
    }
    form = MoveHearingForm(request, request.file, known)
    if form.apply(hearings.fix_hearing, hearing.proceeding, instead=hearing):
        messages.success(request, _("The hearing is moved. Tell the child and whoever goes along."))
        return redirect("legal.proceeding", hearing.proceeding)
    context = {"form": form, "hearing": told, "caution": caution(showing.MEASURES)}
    return render(request, "legal/move_hearing.html", about(request, hearing.case) | context)


@page("hearings/<ref:hearing>/record", does=Verb.HEARING_RECORD)
def record_hearing(request: Request, hearing: Hearing) -> HttpResponse:
    told = _fixed(request, hearing)
    asked = {"measures_granted": told.held.get("measures_asked", [])}
    form = RecordHearingForm(request, asked, told_before=told_before(request.file))
    if form.apply(hearings.record_hearing, hearing):
        messages.success(request, _("It is written down. If something was decided, record the decision as well."))
        return redirect("legal.proceeding", hearing.proceeding)
    context = {"form": form, "hearing": told}
    return render(request, "legal/record_hearing.html", about(request, hearing.case) | context)


def _fixed(request: Request, hearing: Hearing) -> showing.ShownHearing:
    """Raises:
    PersonFacingError: what became of it is written down already.
    """
    demand(request.file, Part.LEGAL_FILE)
    if hearing.state != HearingState.FIXED:
        raise PersonFacingError(
            _("What became of this hearing is written down already."), _("Look at the proceedings again.")
        )
    return showing.hearing_of(request.file, hearing)


@page("proceedings/<ref:proceeding>/decisions/record", does=Verb.RULING_RECORD)
def record_ruling(request: Request, proceeding: Proceeding) -> HttpResponse:
    demand(request.file, Part.LEGAL_FILE)
    form = RulingForm(request, {key: request.GET.get(key, "") for key in ("event", "on")})
    if form.apply(rulings.record_ruling, proceeding):
        messages.success(request, _("It is recorded. Look which days follow from it."))
        return redirect("legal.proceeding", proceeding)
    context = _of(request, proceeding) | {"form": form, "caution": caution(ruled.EVENTS)}
    return render(request, "legal/record_ruling.html", context)


@page("proceedings/<ref:proceeding>/decisions/<uuid:ruling>/take-back", does=Verb.RULING_RECORD)
def take_back_ruling(request: Request, proceeding: Proceeding, ruling: uuid.UUID) -> HttpResponse:
    demand(request.file, Part.LEGAL_FILE)
    context = _of(request, proceeding)
    told, form = ruled.standing(context["one"].rulings, ruling), TakeBackForm(request)
    if form.apply(rulings.take_back, proceeding, ruling=told.row):
        messages.success(request, _("Taken back. Look which days follow now, and record it rightly."))
        return redirect("legal.proceeding", proceeding)
    return render(request, "legal/take_back_ruling.html", context | {"form": form, "told": told})


@page("cases/<ref:case>/detention", shows=Part.LEGAL_STATUS)
def detention(request: Request, case: Case) -> HttpResponse:
    told = detained.detentions_of(request.file)
    context = {"newest": detained.where_they_are(told), "told": told, "may_record": _may_tell(request, case)}
    return render(request, "legal/detention.html", about(request, case) | context)


def _may_tell(request: Request, case: Case) -> bool:
    return request.file.may(Verb.DETENTION_RECORD) and not case.is_closed


@page("cases/<ref:case>/detention/record", does=Verb.DETENTION_RECORD)
def record_detention(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.LEGAL_STATUS)
    form = DetentionForm(request, request.file)
    if form.apply(detaining.record_detention, case):
        messages.success(request, _("It is recorded, and the duty list hears of it now."))
        return redirect("legal.detention", case)
    return render(request, "legal/record_detention.html", about(request, case) | {"form": form})
