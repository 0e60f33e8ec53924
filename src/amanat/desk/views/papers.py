"""Papers to print: the record of processing; the information for a child and guardian, in their language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.desk import papers
from amanat.desk.people import agencies, has_number, officers
from amanat.desk.shown import sheet
from amanat.office.looks import note_look


@page("desk/processing", does=Verb.LOOK_DESK)
def processing(request: Request) -> HttpResponse:
    """What is done with personal data here, by whom, for how long, and how it is kept safe."""
    note_look(request)
    context = sheet(
        request,
        activities=papers.processing(),
        officers=officers(request.actor.now),
        agencies=agencies(),
    )
    return render(request, "desk/processing.html", context)


@page("information", does=Verb.LOOK_POLICY)
def information(request: Request) -> HttpResponse:
    """For every worker to print and read together with a child; `?in=ro` gives it in another language than the worker's own."""
    languages = dict(settings.LANGUAGES)
    wanted = request.GET.get("in", "")
    language = wanted if wanted in languages else translation.get_language() or settings.LANGUAGE_CODE
    told = [(one.title.text(language), one.text.text(language)) for one in papers.information()]
    agency, responsible = request.actor.membership.agency, officers(request.actor.now)
    context = sheet(
        request,
        told=told,
        language=language,
        choices=[(code, translation.get_language_info(code)["name_local"]) for code in languages],
        officers=responsible,
        agency=agency,
        can_be_called=any(has_number(one) for one in (agency, *(officer.agency for officer in responsible))),
    )
    return render(request, "desk/information.html", context)
