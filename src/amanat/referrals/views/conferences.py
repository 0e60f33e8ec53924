"""Conferences about a child: called, held with their minutes, cancelled; and those to which one is asked."""

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
from amanat.referrals import conferences as shown
from amanat.referrals import conferring_pages as pages
from amanat.referrals import inviting
from amanat.referrals.actions import conferring, minuting
from amanat.referrals.forms.conferring import CallForm, CancelForm, RecordForm
from amanat.referrals.models_conferences import Conference, Invited


@page("conferences", does=Verb.LOOK_REFERRALS)
def conferences(request: Request) -> HttpResponse:
    """To which one is asked, by one's own place or with the agency."""
    found, coming = shown.coming(request.actor, request.GET.get("from", ""))
    request.files.extend(one.file for one in coming)
    return render(request, "referrals/conferences.html", {"page": found, "coming": coming, "nav": "referrals"})


@page("cases/<ref:case>/conferences/call", does=Verb.CONFERENCE_CALL)
def call_conference(request: Request, case: Case) -> HttpResponse:
    form = pages.call_form(request, case, None)
    if form.apply(_call, case, form):
        told = _("The conference is called. Whoever is asked to come hears of it.")
        was_held = form.result.held_at <= request.actor.now
        messages.success(request, _("It stands here. Now write the minutes.") if was_held else told)
        return redirect("referrals.conference", case, form.result.pk)
    context = {"form": form, "back": pages.section_of(case), "heading": _("Call a conference")}
    return render(request, "referrals/call_conference.html", about(request, case) | context)


def _call(
    case: Case, form: CallForm, *, actor: Any, seen: int, conference: Conference | None = None, **_said: Any
) -> Conference:
    return conferring.call(case, called=form.called(), conference=conference, seen=seen, actor=actor)


@page("cases/<ref:case>/conferences/<uuid:conference>", shows=Part.EXISTENCE)
def conference(request: Request, case: Case, conference: uuid.UUID) -> HttpResponse:
    """Agenda, who comes, minutes: each reader their parts. It prints."""
    row = _one(request, conference)
    context = shown.about(request.file, row) | shown.deeds(request.file, row) | {"back": pages.section_of(case)}
    return render(request, "referrals/conference.html", about(request, case) | context)


@page("cases/<ref:case>/conferences/<uuid:conference>/change", does=Verb.CONFERENCE_CALL)
def change_conference(request: Request, case: Case, conference: uuid.UUID) -> HttpResponse:
    row = _one(request, conference)
    form = pages.call_form(request, case, row)
    if form.apply(_call, case, form, conference=row):
        messages.success(request, _("It is changed. Whoever is asked to come hears of it."))
        return redirect("referrals.conference", case, row.pk)
    context = {"form": form, "conference": row, "back": pages.page_of(row), "heading": _("Change the conference")}
    return render(request, "referrals/call_conference.html", about(request, case) | context)


@page("cases/<ref:case>/conferences/<uuid:conference>/cancel", does=Verb.CONFERENCE_CANCEL)
def cancel_conference(request: Request, case: Case, conference: uuid.UUID) -> HttpResponse:
    row = _one(request, conference)
    form = CancelForm(request, row.version)
    if form.apply(conferring.cancel, case, conference=row):
        messages.success(request, _("It is cancelled. Everybody who was asked hears of it."))
        return redirect("referrals.conference", case, row.pk)
    context = {"form": form, "conference": row, "back": pages.page_of(row)}
    return render(request, "referrals/cancel_conference.html", about(request, case) | context)


@page("cases/<ref:case>/conferences/<uuid:conference>/record", does=Verb.CONFERENCE_RECORD)
def record_conference(request: Request, case: Case, conference: uuid.UUID) -> HttpResponse:
    """The minutes. Decisions become tasks and drafts when they are saved."""
    row = _one(request, conference)
    form = pages.record_form(request, case, row)
    if form.apply(_record, request, case, row, form):
        messages.success(request, _("The minutes stand in the file."))
        return redirect("referrals.conference", case, row.pk)
    context = {"form": form, "conference": row, "back": pages.page_of(row), "groups": pages.by_group(form)}
    return render(request, "referrals/record_conference.html", about(request, case) | context)


def _record(
    request: Request,
    case: Case,
    row: Conference,
    form: RecordForm,
    *,
    actor: Any,
    seen: int,
    came: Any = (),
    **_said: Any,
) -> Conference:
    minutes = [*form.minutes(pages.summary_of(request.file)), *pages.unseen(request, row)]
    return minuting.record(
        case, conference=row, minutes=minutes, came=[uuid.UUID(ref) for ref in came], actor=actor, seen=seen
    )


@page("cases/<ref:case>/conferences/<uuid:conference>/for/<uuid:invited>", does=Verb.CONFERENCE_CALL)
def sheet(request: Request, case: Case, conference: uuid.UUID, invited: uuid.UUID) -> HttpResponse:
    """What somebody who is asked gets to read, to print and to hand over: what they see themselves, or what the consent names."""
    row = _one(request, conference)
    asked = next((one for one in row.asked if one.pk == invited), None)
    if asked is None:
        raise hidden(Invited, invited)
    parts = inviting.parts_for(asked, case, request.actor)
    context = shown.about(request.file, row, request.file.only(parts)) | {"asked": asked, "back": pages.page_of(row)}
    context["paper_key"] = f"{row.pk.hex}.{asked.pk.hex}"
    return render(request, "referrals/conference_sheet.html", {"case": case, "parts": pages.labels(parts)} | context)


def _one(request: Request, ref: uuid.UUID) -> Conference:
    row = shown.one(request.file, ref)
    if row is None:
        raise hidden(Conference, ref)
    return row
