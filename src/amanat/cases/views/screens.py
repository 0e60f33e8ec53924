"""One screen of a form about a child after another, for a new record and for a correction; what both need to begin and to end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.access.files import Closed
from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.cases.actions import writing
from amanat.cases.documents import answer_of
from amanat.cases.form_filling import Begun
from amanat.cases.views.telling import about, tell_with_link
from amanat.forms import kept, records, screens
from amanat.forms.faulty import FaultyForm
from amanat.forms.model import MEDIA, Screen, Shown
from amanat.forms.models import FormVersion, Record
from amanat.forms.records import Reading, language_for
from amanat.forms.screens import ScreenForm
from amanat.web.errors import PersonFacingError

Finish = Callable[[Request, Begun, Screen], HttpResponse]


def offered(name: str) -> FormVersion:
    """Raises:
    Http404: no such form is offered.
    PersonFacingError: it is one of the pack, and has faults.
    """
    try:
        return kept.current(name)
    except kept.NoForm:
        raise Http404 from None
    except FaultyForm as faulty:
        hint = _("Ask your administrator to mend the country pack.")
        raise PersonFacingError(_("This form has faults and can't be filled in."), hint) from faulty


def held(request: Request, number: int) -> Reading:
    """Raises:
    Http404: there is no record of this number on the file.
    """
    record = records.record_of(request.file, number)
    if record is None:
        raise Http404
    return records.read(request.file, record)


def first_screen(begun: Begun) -> str:
    """Raises:
    Closed: there is nothing in the form that the actor may answer.
    """
    if not begun.screens:
        raise Closed(next(iter(sorted(kept.as_parts(begun.version.parts))), Part.FACTS))
    return begun.address(begun.screens[0])


def _found(begun: Begun, slug: str) -> Screen | None:
    return next((one for one in begun.screens if screens.slug_of(one.key) == slug), None)


def screen_of(request: Request, begun: Begun, slug: str, finish: Finish) -> HttpResponse:
    screen = _found(begun, slug)
    if screen is None:  # it is not asked any more
        return redirect(first_screen(begun))
    if request.method == "POST":
        return _sent(request, begun, screen, finish)
    saved_at = None
    if draft := getattr(request, "draft", None):
        body, saved_at = draft
        screens.take(begun.filling, screen, body, writes=begun.writes)
        screen = _found(begun, slug) or screen
    faults = begun.faults(screen) if "check" in request.GET else {}
    return show(
        request,
        begun,
        screen,
        screen_form(begun, screen, faults=faults, draft_saved_at=saved_at),
    )


def screen_form(begun: Begun, screen: Screen, **more: Any) -> ScreenForm:
    return ScreenForm(
        begun.request,
        screen,
        version=begun.version.pk,
        writes=begun.writes,
        sees=begun.sees,
        removes=begun.removes,
        **more,
    )


def _sent(request: Request, begun: Begun, screen: Screen, finish: Finish) -> HttpResponse:
    slug, go = screens.slug_of(screen.key), request.POST.get("go", "")
    screens.take(begun.filling, screen, request.POST, writes=begun.writes)
    if go == "look":
        if begun.filling.form.followers:
            begun.keep()  # else what an answer set would be taken for what was typed when the next one changes
        return _changed(request, begun, _found(begun, slug) or screen)
    wrong = _keep_files(request, begun, screen)
    again = screens.repeat_asked(begun.filling, screen, request.POST, removes=begun.removes)
    begun.keep()
    screen = _found(begun, slug) or screen
    if again or go == "back":
        return redirect(begun.address(screen if again else _beside(begun, screen, -1)))
    form = _checked(request, begun, screen, wrong)
    if form is not None:
        return show(request, begun, screen, form)
    if screen.key == begun.screens[-1].key:
        return finish(request, begun, screen)
    return redirect(begun.address(_beside(begun, screen, 1)))


def _checked(request: Request, begun: Begun, screen: Screen, wrong: dict[str, str]) -> ScreenForm | None:
    """The screen once more where something does not hold, or where the answers ask for more than it showed."""
    faults = begun.faults(screen) | wrong
    shown = screens.shown_in(request.POST)
    told = {path: fault for path, fault in faults.items() if screens.name_of(path) in shown}
    form = screen_form(begun, screen, faults=told)
    more = [line for line in form.lines if line.kind == "field" and line.name not in shown]
    if more and not told:
        messages.info(request, _("Your answers ask for more: it stands on this screen now."))
    return form if told or more else None


def _beside(begun: Begun, screen: Screen, step: int) -> Screen:
    keys = [one.key for one in begun.screens]
    place = keys.index(screen.key) if screen.key in keys else 0
    return begun.screens[min(max(place + step, 0), len(keys) - 1)]


def _keep_files(request: Request, begun: Begun, screen: Screen) -> dict[str, str]:
    """Keep what was sent as documents of the file; the answer names the document. What was not taken is said of its question."""
    wrong = {}
    for item in screen.questions:
        upload = request.FILES.get(screens.name_of(item.path))
        if upload is None or item.question.kind not in MEDIA or not begun.writes(item.question.part):
            continue
        try:
            _keep_file(begun, item, upload)
        except PersonFacingError as error:
            wrong[item.path] = f"{error.sentence} {error.hint}".strip()
    return wrong


def _keep_file(begun: Begun, item: Shown, upload: Any) -> None:
    part, actor = Part(item.question.part), begun.request.actor
    document = writing.attach(begun.case, part=part, upload=upload, title=item.label[:120], actor=actor)
    begun.filling.put(item.path, answer_of(document.pk, upload.name or ""))


def wrong_screen(begun: Begun, faults: Mapping[str, str]) -> str:
    """The first screen on which something does not hold, where it is marked."""
    wrong = next(one for one in begun.screens if any(item.path in faults for item in one.questions))
    return f"{begun.address(wrong)}?check=1"


def kept_as(request: Request, begun: Begun, record: Record, sentence: str) -> HttpResponse:
    """To the record that it became; nothing of it is kept as begun."""
    begun.forget()
    tell_with_link(request, sentence, f"{begun.case.get_absolute_url()}?section=forms", _("All forms of this file"))
    return redirect(reverse("cases.record", args=[begun.case, record.number]))


def _context(begun: Begun, screen: Screen, form: ScreenForm) -> dict[str, Any]:
    keys = [one.key for one in begun.screens]
    place = keys.index(screen.key) if screen.key in keys else 0
    return {
        "form": form,
        "is_first": place == 0,
        "is_last": place == len(keys) - 1,
        "number": place + 1,
        "count": len(keys),
        "finish": _("Continue") if begun.reading else _("Save the form"),
        "carried": {"seen": begun.seen} if begun.reading else {},
        "instance_id": begun.filling.instance_id if not begun.reading else "",
        "draft": True,
    }


def show(request: Request, begun: Begun, screen: Screen, form: ScreenForm, **more: Any) -> HttpResponse:
    title = kept.form_of(begun.version).title(language_for(kept.form_of(begun.version)))
    context = about(request, begun.case) | _context(begun, screen, form) | more
    return render(
        request,
        "cases/form_fill.html",
        context | {"begun": begun, "form_title": title, "verified": kept.is_verified(begun.version.facts)},
    )


def _changed(request: Request, begun: Begun, screen: Screen) -> HttpResponse:
    """What of the screen is otherwise than the page shows it, to be put in its place."""
    form = screen_form(begun, screen)
    swaps, gone = screens.changed(form.lines, request.POST)
    return render(request, "forms/changed.html", _context(begun, screen, form) | {"swaps": swaps, "gone": gone})
