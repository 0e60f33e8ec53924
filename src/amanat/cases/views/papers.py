"""Handing out a paper about a child."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases import papers
from amanat.cases.actions.papers import hand_out
from amanat.cases.forms.papers import HandOutPaperForm
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.web import pdf
from amanat.web.errors import PersonFacingError

LONGEST: Final = 200  # of a key; it stands in the log


@page("cases/<ref:case>/papers/<slug:paper>", does=Verb.PAPER_HAND_OUT)
def hand_out_paper(request: Request, case: Case, paper: str) -> HttpResponse:
    """Choose the language, then the PDF comes. `?key=` names the row that it is about, else it is the newest."""
    one, key = papers.named(paper), request.GET.get("key", "")[:LONGEST]
    if one is None:
        raise Http404
    papers.check(request.file, one)
    if request.method != "POST" and not papers.there_is(request.file, one, key):  # to make it asks once more
        raise Http404
    form = HandOutPaperForm(request, one.speaks(request.file))
    if form.apply(_handed_out, request, case, one, key):
        answer: HttpResponse = form.result
        return answer
    return render(request, "cases/hand_out_paper.html", about(request, case) | {"form": form, "paper": one})


def _handed_out(
    request: Request, case: Case, paper: papers.Paper, key: str, *, actor: Actor, language: str, to: str = ""
) -> HttpResponse:
    html = papers.made(request.file, paper, key, language)
    if html is None:
        raise PersonFacingError(_("There is nothing any more to put on this paper."))
    made = pdf.answer(html, papers.file_name(request.file, paper, language))
    hand_out(case, paper=paper, key=key, language=language, to=to, actor=actor)
    return made
