"""Whether a child is known already, and finding one by exact identity. Names travel in the body and stand in no address."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases import known as questions
from amanat.cases.forms.knowing import AskForm
from amanat.cases.queries import lines
from amanat.cases.shown import Line, case_of


@page("known", does=Verb.EXISTENCE_ASK)
def known(request: Request) -> HttpResponse:
    form = AskForm(request)
    answered = form.apply(questions.ask_elsewhere)
    context = {
        "form": form,
        "answered": answered,
        "elsewhere": form.result.elsewhere if answered else [],
        "own": _own(form, request),
        "left": questions.answers_left(request.actor),
        "a_day": questions.ANSWERS_A_DAY,
    }
    return render(request, "cases/known.html", context)


def _own(form: AskForm, request: Request) -> list[Line]:
    """Inside one's own circle there is an answer also when the questions of the day are used up."""
    if form.sent is None or any(name in form.fields for name in form.errors):
        return []
    found = lines(request.actor, [case_of(file) for file in questions.in_own_circle(**form.asked, actor=request.actor)])
    request.files.extend(line.file for line in found)
    return found


@page("find", does=Verb.FILE_FIND_EXACT)
def find_exact(request: Request) -> HttpResponse:
    form = AskForm(request)
    found = lines(request.actor, form.result) if form.apply(questions.find_exact) else []
    request.files.extend(line.file for line in found)
    return render(request, "cases/find_exact.html", {"form": form, "found": found, "answered": form.result is not None})
