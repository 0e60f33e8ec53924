"""The way to a family: what was asked, tried and found."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.files import Closed
from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import persons
from amanat.cases.forms.choices import caution
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.social import showing
from amanat.social.actions import family as acts
from amanat.social.family import RESULTS, Told, asked_of
from amanat.social.forms.family import AskForm, AssessForm, TryForm
from amanat.social.models import FamilyStep


@page("cases/<ref:case>/family", shows=Part.SAFETY)
def family(request: Request, case: Case) -> HttpResponse:
    context = showing.family(request.file, request.GET.get("from", ""))
    return render(request, "social/family.html", about(request, case) | context)


@page("cases/<ref:case>/family/ask", does=Verb.FAMILY_ASSESS)
def ask_child(request: Request, case: Case) -> HttpResponse:
    _demand_safety(request)
    form = AskForm(request, persons.around(request.file))
    if form.apply(acts.ask_child, case):
        messages.success(request, _("What the child said is recorded."))
        return redirect("social.family", case)
    return render(request, "social/ask_child.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/family/<uuid:question>/try", does=Verb.FAMILY_ASSESS)
def record_try(request: Request, case: Case, question: uuid.UUID) -> HttpResponse:
    asked = _asked(request, question)
    form = TryForm(request, asked)
    if form.apply(acts.record_try, case, asked=asked.row):
        messages.success(request, _("What was tried is recorded."))
        return redirect("social.family", case)
    return render(request, "social/record_try.html", about(request, case) | {"form": form, "asked": asked})


@page("cases/<ref:case>/family/<uuid:question>/assess", does=Verb.FAMILY_ASSESS)
def assess_family(request: Request, case: Case, question: uuid.UUID) -> HttpResponse:
    asked = _asked(request, question)
    form = AssessForm(request, asked)
    if form.apply(acts.assess_family, case, asked=asked.row):
        messages.success(request, _("The assessment is recorded. It stands beside the earlier ones."))
        return redirect("social.family", case)
    context = {"form": form, "asked": asked, "caution": caution(RESULTS)}
    return render(request, "social/assess_family.html", about(request, case) | context)


def _asked(request: Request, ref: uuid.UUID) -> Told:
    """Raises:
    Hidden: the child was not asked that.
    Closed: safety is closed to the actor.
    """
    _demand_safety(request)
    found = asked_of(request.file, ref)
    if found is None:
        raise hidden(FamilyStep, ref)
    return found


def _demand_safety(request: Request) -> None:
    if not request.file.sees(Part.SAFETY):
        raise Closed(Part.SAFETY)
