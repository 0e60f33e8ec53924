"""The durable solution, the way home that both ends sign, and the whole way as one page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import own_sections, persons
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.monitoring import drawing, showing, solutions
from amanat.monitoring import journey as ways
from amanat.monitoring.actions import solving as acts
from amanat.monitoring.forms.solving import AllowForm, DecideForm, PrepareForm, SignForm


@page("cases/<ref:case>/solution", shows=Part.PLAN)
def solution(request: Request, case: Case) -> HttpResponse:
    return render(request, "monitoring/solution.html", about(request, case) | showing.solution(request.file))


@page("cases/<ref:case>/solution/prepare", does=Verb.SOLUTION_PREPARE)
def prepare_solution(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    held = solutions.newest(request.file)
    initial = (held.as_fields if held else {}) | {"seen": held.row.version if held else 0}
    attached = own_sections.documents(request.file)["documents"]
    form = PrepareForm(request, persons.around(request.file), attached, initial)
    if form.apply(acts.prepare, case):
        messages.success(request, _("It is written down. Earlier versions stay below."))
        return redirect("monitoring.solution", case)
    return render(request, "monitoring/prepare_solution.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/solution/decide", does=Verb.SOLUTION_DECIDE)
def decide_solution(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    context = showing.solution(request.file)
    form = DecideForm(request, context["now"].row.version if context["now"] else 0)
    if form.apply(acts.decide, case):
        messages.success(request, _("The solution is decided. Now both ends sign the way home."))
        return redirect("monitoring.solution", case)
    return render(request, "monitoring/decide_solution.html", about(request, case) | context | {"form": form})


@page("cases/<ref:case>/solution/allow", does=Verb.SOLUTION_ALLOW)
def allow_solution(request: Request, case: Case) -> HttpResponse:
    """With an open condition, on a written ground."""
    demand(request.file, Part.PLAN)
    context = showing.solution(request.file)
    form = AllowForm(request, context["now"].row.version if context["now"] else 0)
    if form.apply(acts.allow, case):
        messages.success(request, _("The solution is decided. Now both ends sign the way home."))
        return redirect("monitoring.solution", case)
    return render(request, "monitoring/allow_solution.html", about(request, case) | context | {"form": form})


@page("cases/<ref:case>/solution/sign", does=Verb.TRANSITION_SIGN)
def sign_transition(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    context = showing.solution(request.file)
    form = SignForm(request, context["now"].row.version if context["now"] else 0)
    if form.apply(acts.sign, case):
        messages.success(request, _("It is signed."))
        return redirect("monitoring.solution", case)
    return render(request, "monitoring/sign_transition.html", about(request, case) | context | {"form": form})


@page("cases/<ref:case>/journey", shows=Part.EXISTENCE)
def journey(request: Request, case: Case) -> HttpResponse:
    way = ways.journey(request.file)
    context = {"way": way, "drawing": drawing.drawn(way), "paper": drawing.PAPER}
    return render(request, "monitoring/journey.html", about(request, case) | context)
