"""Registering one child or brothers and sisters together, and opening a case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat.access.actor import Actor
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases.actions import registering
from amanat.cases.forms.choices import caution
from amanat.cases.forms.registering import OpenCaseForm, RegisterForm
from amanat.cases.matches import Match, matches_for
from amanat.cases.models import Case, Stage
from amanat.cases.views.telling import about, tell_with_link


@page("cases/register", does=Verb.CASE_REGISTER)
def register(request: Request) -> HttpResponse:
    form = RegisterForm(request)
    matches: list[Match] = []
    if form.sent_whole and form.is_valid():
        matches = _unseen_matches(request, form)
        if not matches and form.apply(_register, form):
            _tell(request, form)
            return redirect(form.result[0])
    context = {"form": form, "matches": matches, "caution": caution("risk", "priority")}
    return render(request, "cases/register.html", context)


def _register(form: RegisterForm, *, actor: Actor, **_fields: Any) -> list[Case]:
    return registering.register(form.new_children(), actor=actor)


def _unseen_matches(request: Request, form: RegisterForm) -> list[Match]:
    """Files to look at before these children are registered; none once the worker has looked at each of them and decided."""
    matches = matches_for(form.new_children(), request.actor)
    request.files.extend(match.file for match in matches)
    looked_at = set(request.POST.getlist("shown")) if form.cleaned_data["all_the_same"] else set()
    return matches if any(match.ref not in looked_at for match in matches) else []


def _tell(request: Request, form: RegisterForm) -> None:
    cases: list[Case] = form.result
    names = ", ".join(case.child.code_name for case in cases)
    told = ngettext(
        "Registered, with the code name %(names)s.", "Registered, with the code names %(names)s.", len(cases)
    )
    if len(cases) == 1 and request.actor.may(Verb.EXISTENCE_ASK):
        ask = reverse("cases.known_elsewhere", args=[cases[0]])
        tell_with_link(request, told % {"names": names}, ask, _("Ask whether other agencies know this child"))
    else:
        messages.success(request, told % {"names": names})
    for case, child in zip(cases, form.children, strict=True):
        if child.is_surprising():
            tell_of_age(request, case)


def tell_of_age(request: Request, case: Case) -> None:
    sentence = _("By the birth date that you wrote, %(name)s is older than 25. Correct it if that was a slip.")
    messages.warning(request, sentence % {"name": case.child.code_name})


@page("cases/<ref:case>/open", does=Verb.CASE_OPEN)
def open_case(request: Request, case: Case) -> HttpResponse:
    initial = {"risk": case.risk, "priority": case.priority, "seen": case.version}
    form = OpenCaseForm(request, initial=initial)
    if form.apply(registering.open_case, case):
        flag = reverse("cases.flag", args=[form.result])
        tell_with_link(request, _("The case is open."), flag, _("Raise a flag for the first step"))
        return redirect(form.result)
    openable = case.is_closed or case.stage == Stage.REGISTERED
    return render(
        request,
        "cases/open_case.html",
        about(request, case) | {"form": form, "openable": openable, "caution": caution("risk", "priority")},
    )
