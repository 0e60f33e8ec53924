"""Pages of matters: the list, the matter itself, its notes, and what is done to it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import matter_menu
from amanat.hotline import matters as questions
from amanat.hotline.actions import matters as actions
from amanat.hotline.forms.matters import HandOverForm, NoteForm, NumberForm, ReasonForm, TakeForm
from amanat.hotline.menu import offered
from amanat.hotline.models import Matter
from amanat.web.paging import keyset_page

NOTES_SHOWN = 5


@page("matters", does=Verb.LOOK_HOTLINE)
def matter_list(request: Request) -> HttpResponse:
    """The matters that the actor may know of; a line by code name is no look at one."""
    asked = questions.Asked.of(request.GET)
    found = asked.page(request.actor, request.GET.get("from", ""))
    context = {
        "asked": asked,
        "page": found,
        "lines": questions.lines(request.actor, found.rows),
        "states": questions.STATES.items(),
        "query": asked.query,
        "nav": "hotline",
        "now": request.actor.now,
    }
    return render(request, "hotline/matters.html", context)


@page("matters/<ref:matter>", shows=Part.EXISTENCE)
def matter(request: Request, matter: Matter) -> HttpResponse:
    """Whoever knows of it by its code name alone reads no more than that."""
    file = request.file
    told = _going_on(file, request.GET.get("from", "")) if file.sees(Part.EXISTENCE) else {"actions": offered(file)}
    context = questions.about(file, matter) | {
        "may_list": request.actor.may(Verb.LOOK_HOTLINE),
        "sees": "calls" in told,
    }
    return render(request, "hotline/matter.html", context | told)


def _going_on(file: File, cursor: str) -> dict[str, Any]:
    calls, lines = questions.calls_of(file, cursor)
    notes = list(questions.notes_of(file)[: NOTES_SHOWN + 1])
    return {
        "page": calls,
        "calls": lines,
        "open_calls": [one for one in lines if one.is_open],
        "notes": [(note, questions.note_text(file, note)) for note in notes[:NOTES_SHOWN]],
        "more_notes": len(notes) > NOTES_SHOWN,
        "linked": questions.linked(file),
        "opened": questions.opened_cases(file),
        "panels": matter_menu.panels(file),
        "actions": offered(file),
        "writes_calls": file.may(Verb.CALL_WRITE),
        "may_link": file.may(Verb.MATTER_LINK),
    }


@page("matters/<ref:matter>/notes", shows=Part.CALL)
def notes(request: Request, matter: Matter) -> HttpResponse:
    rows = keyset_page(
        questions.notes_of(request.file),
        order=["-written_at", "-id"],
        cursor=request.GET.get("from", ""),
        counted=False,
    )
    told = [(note, questions.note_text(request.file, note)) for note in rows.rows]
    return render(
        request, "hotline/matter_notes.html", questions.about(request.file, matter) | {"page": rows, "notes": told}
    )


@page("matters/<ref:matter>/take", does=Verb.MATTER_TAKE)
def take(request: Request, matter: Matter) -> HttpResponse:
    left = actions.left_open(matter, request.actor)
    form = TakeForm(request, initial={"seen": matter.version}, left_open=left)
    if form.apply(actions.take, matter):
        messages.success(request, _("The matter is yours now."))
        return redirect(matter)
    return render(
        request, "hotline/matter_take.html", questions.about(request.file, matter) | {"form": form, "left_open": left}
    )


@page("matters/<ref:matter>/hand-over", does=Verb.MATTER_HAND_OVER)
def hand_over_matter(request: Request, matter: Matter) -> HttpResponse:
    offered_to = questions.colleagues(matter, request.actor)
    form = HandOverForm(request, initial={"seen": matter.version}, to=offered_to)
    if form.apply(actions.hand_over, matter):
        messages.success(request, _("It is handed over. The note stands on their desk."))
        return redirect(matter)
    return render(request, "hotline/matter_hand_over.html", questions.about(request.file, matter) | {"form": form})


@page("matters/<ref:matter>/note", does=Verb.MATTER_NOTE)
def matter_note(request: Request, matter: Matter) -> HttpResponse:
    form = NoteForm(request)
    if form.apply(actions.note, matter):
        messages.success(request, _("The note is saved."))
        return redirect(matter)
    return render(request, "hotline/matter_note.html", questions.about(request.file, matter) | {"form": form})


@page("matters/<ref:matter>/close", does=Verb.MATTER_CLOSE)
def close_matter(request: Request, matter: Matter) -> HttpResponse:
    form = ReasonForm(request, initial={"seen": matter.version})
    if form.apply(actions.close, matter):
        messages.success(request, _("The matter is closed."))
        return redirect(matter)
    return render(request, "hotline/matter_close.html", questions.about(request.file, matter) | {"form": form})


@page("matters/<ref:matter>/reopen", does=Verb.MATTER_REOPEN)
def reopen_matter(request: Request, matter: Matter) -> HttpResponse:
    form = ReasonForm(request, initial={"seen": matter.version})
    if form.apply(actions.reopen, matter):
        messages.success(request, _("The matter is open again."))
        return redirect(matter)
    return render(request, "hotline/matter_reopen.html", questions.about(request.file, matter) | {"form": form})


@page("hotline/find", does=Verb.HOTLINE_FIND)
def find(request: Request) -> HttpResponse:
    """The number comes in the body; the answer is this page."""
    form = NumberForm(request)
    found = cast(list[Matter], form.result) if form.apply(actions.find_by_number) else []
    lines = questions.lines(request.actor, found)
    context = {"form": form, "lines": lines, "answered": form.result is not None, "nav": "hotline"}
    return render(request, "hotline/find.html", context)
