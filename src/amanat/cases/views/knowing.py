"""Whether a child is known already, and finding one by exact identity. Names travel in the body and stand in no address."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.files import Closed, open_file
from amanat.access.models import ANSWERS_A_DAY, FileRow
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import known as questions
from amanat.cases.forms.knowing import ExactForm, KnownForm, fields_of
from amanat.cases.matches import Match, match_of
from amanat.cases.models import Case
from amanat.cases.queries import lines
from amanat.cases.shown import Line, opened
from amanat.cases.views.telling import about


@page("known", does=Verb.EXISTENCE_ASK)
def known(request: Request) -> HttpResponse:
    return _ask(request, KnownForm(request))


@page("cases/<ref:case>/known", does=Verb.EXISTENCE_ASK)
def known_elsewhere(request: Request, case: Case) -> HttpResponse:
    """The same question about a child who has a file here: the form begins with what the file says."""
    if not request.file.sees(Part.IDENTITY):
        raise Closed(Part.IDENTITY)
    contacts = opened(request.file, Part.CONTACTS) if request.file.sees(Part.CONTACTS) else {}
    initial = fields_of(opened(request.file, Part.IDENTITY), contacts)
    return _ask(request, KnownForm(request, initial=initial), case)


def _ask(request: Request, form: KnownForm, case: Case | None = None) -> HttpResponse:
    answered = form.apply(questions.ask_elsewhere)
    context = {
        "form": form,
        "answered": answered,
        "elsewhere": form.result.elsewhere if answered else [],
        "own": _own(form, request, case),
        "left": questions.answers_left(request.actor),
        "a_day": ANSWERS_A_DAY,
        "incomplete": questions.is_incomplete(),
    }
    return render(request, "cases/known.html", context | (about(request, case) if case else {}))


def _own(form: KnownForm, request: Request, case: Case | None) -> list[tuple[Line, Match]]:
    """Inside one's own circle there is an answer also when the questions of the day are used up."""
    if form.sent is None or any(name in form.fields for name in form.errors):
        return []
    owns = form.result.own if form.result else questions.in_own_circle(**form.asked, actor=request.actor)
    matches = [match_of(own) for own in owns if case is None or own.alike.subject != case.subject_id]
    found = list(zip(lines(request.actor, [match.case for match in matches]), matches, strict=True))
    request.files.extend(line.file for line, _match in found)
    return found


@page("find", does=Verb.FILE_FIND_EXACT)
def find_exact(request: Request) -> HttpResponse:
    form = ExactForm(request)
    rows: list[FileRow] = form.result if form.apply(questions.find_exact) else []
    cases = [row for row in rows if isinstance(row, Case)]
    found = lines(request.actor, cases) if cases else []
    matters = [open_file(request.actor, row) for row in rows if row not in cases]
    request.files.extend([*(line.file for line in found), *matters])
    context = {"form": form, "found": found, "matters": matters, "answered": form.result is not None}
    return render(request, "cases/find_exact.html", context)
