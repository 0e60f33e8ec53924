"""A case out of a call: with the few things that have to be known, or in an emergency with three fields."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases.forms.choices import caution
from amanat.cases.models import Case
from amanat.cases.views.telling import tell_with_link
from amanat.hotline import content, matters
from amanat.hotline.actions import opening
from amanat.hotline.forms.opening import EmergencyForm, OpenCaseForm
from amanat.hotline.models import Call


@page("calls/<ref:call>/case", does=Verb.MATTER_OPEN_CASE)
def open_case(request: Request, call: Call) -> HttpResponse:
    about = content.fields_of(request.file, call)
    opened = matters.opened_cases(request.file)
    known = {"what_happened": about["summary"], "sex": about["sex"], "priority": call.priority}
    form = OpenCaseForm(request, known | {"seen": len(opened)})
    if form.apply(_open, call, about=about, form=form):
        return _opened(request, call, form.result)
    context = _context(call, form, opened) | {"caution": caution("risk", "priority")}
    return render(request, "hotline/open_case.html", context)


@page("calls/<ref:call>/emergency", does=Verb.MATTER_OPEN_CASE)
def emergency(request: Request, call: Call) -> HttpResponse:
    about = content.fields_of(request.file, call)
    opened = matters.opened_cases(request.file)
    form = EmergencyForm(request, {"what_happened": about["summary"], "seen": len(opened)})
    if form.apply(_open, call, about=about, form=form):
        return _opened(request, call, form.result)
    return render(request, "hotline/emergency.html", _context(call, form, opened))


def _open(
    call: Call,
    *,
    about: dict[str, Any],
    form: OpenCaseForm | EmergencyForm,
    actor: Any,
    seen: int | None = None,
    **_fields: Any,
) -> Case:
    return opening.open_case(call, **form.opening(about), seen=seen, actor=actor)


def _context(call: Call, form: OpenCaseForm | EmergencyForm, opened: list[matters.Opened]) -> dict[str, Any]:
    return {"form": form, "call": call, "opened": opened, "nav": "hotline"}


def _opened(request: Request, call: Call, case: Case) -> HttpResponse:
    """Back to the call, which goes on; the case is a link away until somebody has taken it."""
    name = case.child.code_name
    told = _("The case %(name)s is open, and those on duty are told. You work on it until somebody has taken it.")
    tell_with_link(request, told % {"name": name}, case.get_absolute_url(), _("The file"))
    if request.actor.may(Verb.EXISTENCE_ASK):
        ask = reverse("cases.known_elsewhere", args=[case])
        tell_with_link(request, _("Is this child known already?"), ask, _("Ask whether other agencies know this child"))
    return redirect("hotline.call", call)
