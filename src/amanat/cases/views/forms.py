"""Filling in a form about a child, a screen at a time: a new record, a correction, carrying one over into a newer form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.access.files import Closed
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import form_filling
from amanat.cases.actions import recording, writing
from amanat.cases.documents import answer_of
from amanat.cases.form_filling import Begun
from amanat.cases.models import Case
from amanat.cases.views.telling import about, tell_with_link
from amanat.forms import kept, records, screens
from amanat.forms.faulty import FaultyForm
from amanat.forms.model import MEDIA, Screen, Shown
from amanat.forms.models import FormVersion, Record
from amanat.forms.records import language_for
from amanat.forms.screens import ScreenForm
from amanat.web.errors import PersonFacingError

Finish = Callable[[Begun], Record]


# --- a new record ----------------------------------------------------------------------------------------------------


@page("cases/<ref:case>/forms/<str:form>", does=Verb.FORM_RECORD)
def fill_form(request: Request, case: Case, form: str) -> HttpResponse:
    """Begin, or go on where one stopped."""
    return redirect(_first(_begun_form(request, case, form)))


@page("cases/<ref:case>/forms/<str:form>/<str:screen>", does=Verb.FORM_RECORD)
def form_screen(request: Request, case: Case, form: str, screen: str) -> HttpResponse:
    if (sent_before := _recorded(request)) is not None:
        return redirect(reverse("cases.record", args=[case, sent_before.number]))
    return _screen(request, _begun_form(request, case, form), screen, _record)


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


def _begun_form(request: Request, case: Case, name: str) -> Begun:
    """Raises:
    Http404: no such form is offered.
    Closed: the actor writes none of its parts.
    """
    version = offered(name)
    parts = kept.as_parts(version.parts)
    if not any(request.file.writes(part) for part in parts):
        raise Closed(next(iter(sorted(parts)), Part.FACTS))
    return form_filling.begun(request, case, reverse("cases.fill_form", args=[case, name]), version)


def _recorded(request: Request) -> Record | None:
    """The record that this very form became, where it is sent a second time."""
    sent = request.POST.get("instance_id", "")
    return records.recorded(request.file, sent) if sent else None


def _record(begun: Begun) -> Record:
    return recording.record_form(
        begun.case,
        version=begun.version,
        instance=begun.filling.instance(),
        instance_id=begun.filling.instance_id,
        language=language_for(kept.form_of(begun.version)),
        actor=begun.request.actor,
    )


# --- a correction ----------------------------------------------------------------------------------------------------


@page("cases/<ref:case>/records/<int:record>/correct", does=Verb.FORM_CORRECT)
def correct_form(request: Request, case: Case, record: int) -> HttpResponse:
    return redirect(_first(_begun_correction(request, case, record, "cases.correct_form")))


@page("cases/<ref:case>/records/<int:record>/correct/<str:screen>", does=Verb.FORM_CORRECT)
def correct_screen(request: Request, case: Case, record: int, screen: str) -> HttpResponse:
    return _screen(request, _begun_correction(request, case, record, "cases.correct_form"), screen, _correct)


@page("cases/<ref:case>/records/<int:record>/carry-over", does=Verb.FORM_CORRECT)
def carry_over(request: Request, case: Case, record: int) -> HttpResponse:
    """The same record in the version of its form that is offered now; what has no place there is shown."""
    return redirect(_first(_begun_correction(request, case, record, "cases.carry_over", newer=True)))


@page("cases/<ref:case>/records/<int:record>/carry-over/<str:screen>", does=Verb.FORM_CORRECT)
def carry_over_screen(request: Request, case: Case, record: int, screen: str) -> HttpResponse:
    begun = _begun_correction(request, case, record, "cases.carry_over", newer=True)
    return _screen(request, begun, screen, _correct)


def _begun_correction(request: Request, case: Case, number: int, page_name: str, *, newer: bool = False) -> Begun:
    """Raises:
    Http404: there is no such record, or its form is not offered any more.
    Closed: the actor writes none of its parts.
    """
    record = records.record_of(request.file, number)
    if record is None:
        raise Http404
    read = records.read(request.file, record)
    version = offered(record.form_version.form.name) if newer else record.form_version
    parts = [*read.rows, *kept.as_parts(version.parts)]
    if not any(read.writes(part) for part in parts):
        raise Closed(parts[0])
    return form_filling.begun(request, case, reverse(page_name, args=[case, number]), version, read)


def _correct(begun: Begun) -> Record:
    assert begun.reading is not None
    return recording.correct_record(
        begun.case,
        number=begun.reading.record.number,
        version=begun.version,
        instance=begun.filling.instance(),
        language=language_for(kept.form_of(begun.version)),
        actor=begun.request.actor,
        seen=begun.seen,
    )


# --- a screen --------------------------------------------------------------------------------------------------------


def _first(begun: Begun) -> str:
    """Raises:
    Closed: there is nothing in the form that the actor may answer.
    """
    if not begun.screens:
        raise Closed(next(iter(sorted(kept.as_parts(begun.version.parts))), Part.FACTS))
    return begun.address(begun.screens[0])


def _found(begun: Begun, slug: str) -> Screen | None:
    return next((one for one in begun.screens if screens.slug_of(one.key) == slug), None)


def _screen(request: Request, begun: Begun, slug: str, finish: Finish) -> HttpResponse:
    screen = _found(begun, slug)
    if screen is None:  # it is not asked any more
        return redirect(_first(begun))
    if request.method == "POST":
        return _sent(request, begun, screen, finish)
    saved_at = None
    if draft := getattr(request, "draft", None):
        body, saved_at = draft
        screens.take(begun.filling, screen, body, writes=begun.writes)
        screen = _found(begun, slug) or screen
    faults = begun.faults(screen) if "check" in request.GET else {}
    return _show(
        request,
        begun,
        screen,
        ScreenForm(request, screen, writes=begun.writes, sees=begun.sees, faults=faults, draft_saved_at=saved_at),
    )


def _sent(request: Request, begun: Begun, screen: Screen, finish: Finish) -> HttpResponse:
    slug, go = screens.slug_of(screen.key), request.POST.get("go", "")
    screens.take(begun.filling, screen, request.POST, writes=begun.writes)
    if go == "look":
        return _changed(request, begun, _found(begun, slug) or screen)
    wrong = _keep_files(request, begun, screen)
    again = screens.repeat_asked(begun.filling, screen, request.POST)
    begun.keep()
    screen = _found(begun, slug) or screen
    if again or go == "back":
        return redirect(begun.address(screen if again else _beside(begun, screen, -1)))
    form = _checked(request, begun, screen, wrong)
    if form is not None:
        return _show(request, begun, screen, form)
    if screen.key == begun.screens[-1].key:
        return _finished(request, begun, screen, finish)
    return redirect(begun.address(_beside(begun, screen, 1)))


def _checked(request: Request, begun: Begun, screen: Screen, wrong: dict[str, str]) -> ScreenForm | None:
    """The screen once more where something does not hold, or where the answers ask for more than it showed."""
    faults = begun.faults(screen) | wrong
    shown = {seen.split(":")[0] for seen in request.POST.getlist("shown")}
    told = {path: fault for path, fault in faults.items() if screens.name_of(path) in shown}
    form = ScreenForm(request, screen, writes=begun.writes, sees=begun.sees, faults=told)
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


def _finished(request: Request, begun: Begun, screen: Screen, finish: Finish) -> HttpResponse:
    form = ScreenForm(request, screen, writes=begun.writes, sees=begun.sees)
    theirs: list[tuple[str, str, str]] = []
    try:
        record = finish(begun)
    except recording.DoesNotHold as error:
        wrong = next(one for one in begun.screens if any(item.path in error.faults for item in one.questions))
        return redirect(f"{begun.address(wrong)}?check=1")
    except recording.CorrectedMeanwhile as error:
        theirs = begun.differences()
        begun.seen = error.record.version
        begun.keep()
        form.say(error)
    except PersonFacingError as error:
        form.say(error)
    else:
        return _done(request, begun, record)
    return _show(request, begun, screen, form, theirs=theirs)


def _done(request: Request, begun: Begun, record: Record) -> HttpResponse:
    begun.forget()
    again = begun.reading is not None
    sentence = _("Saved. What stood there before is kept.") if again else _("The form is saved.")
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
        "finish": _("Save the correction") if begun.reading else _("Save the form"),
        "carried": {"seen": begun.seen} if begun.reading else {},
        "instance_id": begun.filling.instance_id if not begun.reading else "",
        "draft": True,
    }


def _show(request: Request, begun: Begun, screen: Screen, form: ScreenForm, **more: Any) -> HttpResponse:
    title = kept.form_of(begun.version).title(language_for(kept.form_of(begun.version)))
    context = about(request, begun.case) | _context(begun, screen, form) | more
    return render(
        request,
        "cases/form_fill.html",
        context | {"begun": begun, "form_title": title, "verified": kept.is_verified(begun.version.facts)},
    )


def _changed(request: Request, begun: Begun, screen: Screen) -> HttpResponse:
    """What of the screen is otherwise than the page shows it, to be put in its place."""
    form = ScreenForm(request, screen, writes=begun.writes, sees=begun.sees)
    swaps, gone = screens.changed(form, request.POST)
    return render(request, "forms/changed.html", _context(begun, screen, form) | {"swaps": swaps, "gone": gone})
