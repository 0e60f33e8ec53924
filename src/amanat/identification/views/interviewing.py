"""Interviews with a child: the list, one of them, and a new record."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import persons
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.identification import showing
from amanat.identification.actions import interviewing as acts
from amanat.identification.forms.interviewing import InterviewForm
from amanat.identification.models import Statement, StatementKind
from amanat.identification.statements import interviews_before, statement_of


@page("cases/<ref:case>/interviews", shows=Part.FACTS)
def interviews(request: Request, case: Case) -> HttpResponse:
    context = showing.interviews(request.file, request.GET.get("from", ""))
    return render(request, "identification/interviews.html", about(request, case) | context)


@page("cases/<ref:case>/interviews/record", does=Verb.INTERVIEW_RECORD)
def record_interview(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.FACTS)
    before, around = interviews_before(request.file), persons.around(request.file)
    form = InterviewForm(request, around, before)
    if form.apply(acts.record_interview, case):
        messages.success(request, _("The interview is recorded. It can't be changed afterwards."))
        return redirect("identification.interview", case, form.result.pk)
    context = {"form": form, "before": before, "suspects": [one.called for one in around if one.is_suspect]}
    return render(request, "identification/record_interview.html", about(request, case) | context)


@page("cases/<ref:case>/interviews/<uuid:statement>", shows=Part.FACTS)
def interview(request: Request, case: Case, statement: uuid.UUID) -> HttpResponse:
    held = statement_of(request.file, StatementKind.INTERVIEW, statement)
    if held is None:
        raise hidden(Statement, statement)
    return render(
        request, "identification/interview.html", about(request, case) | showing.interview(request.file, held)
    )
