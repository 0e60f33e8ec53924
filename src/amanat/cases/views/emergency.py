"""Emergency access: asking for it, agreeing to it, judging it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.labels import PART_LABELS
from amanat.access.loaders import hidden
from amanat.access.models import EmergencyAccess
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import queries
from amanat.cases.actions import emergency as actions
from amanat.cases.forms.guarding import EmergencyForm, JudgementForm, SecondForm
from amanat.cases.models import Case
from amanat.cases.urgent import Access, accesses
from amanat.cases.views.telling import about


@page("emergency", does=Verb.EMERGENCY_OPEN)
def emergency(request: Request) -> HttpResponse:
    form = EmergencyForm(request)
    if form.apply(actions.open_emergency):
        return _opened(request, form.result)
    context = {
        "form": form,
        "parts": [PART_LABELS[part] for part in actions.OPENS if part is not Part.EXISTENCE],
        "lasts": actions.EMERGENCY_LASTS,
        "tries_left": actions.tries_left(request.actor),
        "mine": accesses(actions.own_accesses(request.actor), request.actor),
    }
    return render(request, "cases/emergency.html", context)


def _opened(request: Request, access: EmergencyAccess) -> HttpResponse:
    if access.opened_at is None:
        messages.warning(
            request, _("A second person has to agree. Call the data protection officer or the agency's supervisor now.")
        )
        return redirect("cases.emergency")
    case = queries.newest_case(request.actor, access.subject_id)
    assert case is not None  # it was opened just now
    messages.warning(request, _("The file is open to you for four hours. Everything you look at is logged."))
    return redirect(case)


@page("emergencies", does=Verb.EMERGENCY_SECOND)
def emergencies(request: Request) -> HttpResponse:
    rows = accesses(actions.open_accesses(request.actor), request.actor)
    request.files.extend(row.file for row in rows if row.file is not None)
    context = {"waiting": [row for row in rows if row.is_waiting], "rest": [row for row in rows if not row.is_waiting]}
    return render(request, "cases/emergencies.html", context)


@page("emergencies/<uuid:access>/second", does=Verb.EMERGENCY_SECOND)
def second_emergency(request: Request, access: uuid.UUID) -> HttpResponse:
    row = _among(actions.open_accesses(request.actor), access, request)
    if not row.may_second:
        raise Http404
    form = SecondForm(request)
    if form.apply(actions.second_emergency, row.access):
        messages.success(request, _("The file is open to %(name)s now.") % {"name": row.access.membership.user})
        return redirect("cases.emergencies")
    return render(request, "cases/second_emergency.html", {"form": form, "row": row})


@page("cases/<ref:case>/emergencies/<uuid:access>/judge", does=Verb.EMERGENCY_JUDGE)
def judge_emergency(request: Request, case: Case, access: uuid.UUID) -> HttpResponse:
    row = _among(
        [one for one in actions.open_accesses(request.actor) if one.subject_id == case.subject_id], access, request
    )
    form = JudgementForm(request)
    if form.apply(actions.judge_emergency, case, access=row.access):
        messages.success(request, _("The access is judged and closed."))
        return redirect("cases.emergencies")
    return render(request, "cases/judge_emergency.html", about(request, case) | {"form": form, "row": row})


def _among(found: list[EmergencyAccess], wanted: uuid.UUID, request: Request) -> Access:
    for row in accesses([one for one in found if one.pk == wanted], request.actor):
        if row.file is not None:
            request.files.append(row.file)
        return row
    raise hidden(EmergencyAccess, wanted)
