"""Correcting a record: the screens of its form, then why. The same for carrying it over into a newer form, and for one that stands."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases import form_filling
from amanat.cases.actions import recording
from amanat.cases.form_filling import Begun
from amanat.cases.forms.records import LookThroughForm, WhyCorrectedForm
from amanat.cases.models import Case
from amanat.cases.views.screens import first_screen, held, kept_as, offered, screen_of, wrong_screen
from amanat.cases.views.telling import about, tell_with_link
from amanat.forms import kept
from amanat.forms.model import Screen
from amanat.forms.models import Record
from amanat.forms.records import language_for

WHY = "-why"  # no element is named so, and therefore no screen


@page("cases/<ref:case>/records/<int:record>/correct", does=Verb.FORM_CORRECT)
def correct_form(request: Request, case: Case, record: int) -> HttpResponse:
    return redirect(first_screen(_begun(request, case, record, "cases.correct_form")))


@page("cases/<ref:case>/records/<int:record>/correct/<str:screen>", does=Verb.FORM_CORRECT)
def correct_screen(request: Request, case: Case, record: int, screen: str) -> HttpResponse:
    return _screen(request, _begun(request, case, record, "cases.correct_form"), screen)


@page("cases/<ref:case>/records/<int:record>/carry-over", does=Verb.FORM_CORRECT)
def carry_over(request: Request, case: Case, record: int) -> HttpResponse:
    """The same record in the version of its form that is offered now; what has no place there is shown."""
    return redirect(first_screen(_begun(request, case, record, "cases.carry_over", newer=True)))


@page("cases/<ref:case>/records/<int:record>/carry-over/<str:screen>", does=Verb.FORM_CORRECT)
def carry_over_screen(request: Request, case: Case, record: int, screen: str) -> HttpResponse:
    return _screen(request, _begun(request, case, record, "cases.carry_over", newer=True), screen)


@page("cases/<ref:case>/records/<int:record>/look-through", does=Verb.FORM_CORRECT)
def look_through(request: Request, case: Case, record: int) -> HttpResponse:
    """Say of what a phone sent that it stands as it came, and why."""
    read = held(request, record)
    if not any(read.writes(part) for part in read.rows):
        raise Closed(next(iter(read.rows)))
    form = LookThroughForm(request, {"seen": read.record.version})
    if form.apply(recording.look_through, case, number=record):
        to_forms = f"{case.get_absolute_url()}?section=forms"
        tell_with_link(request, _("It stands as it came."), to_forms, _("All forms of this file"))
        return redirect(reverse("cases.record", args=[case, record]))
    return render(
        request, "cases/record_look_through.html", about(request, case) | {"form": form, "record": read.record}
    )


def _begun(request: Request, case: Case, number: int, page_name: str, *, newer: bool = False) -> Begun:
    """Raises:
    Http404: there is no such record, or its form is not offered any more.
    Closed: the actor writes none of its parts.
    """
    read = held(request, number)
    version = offered(read.record.form_version.form.name) if newer else read.record.form_version
    parts = [*read.rows, *kept.as_parts(version.parts)]
    if not any(read.writes(part) for part in parts):
        raise Closed(parts[0])
    return form_filling.begun(request, case, reverse(page_name, args=[case, number]), version, read)


def _screen(request: Request, begun: Begun, screen: str) -> HttpResponse:
    return _why(request, begun) if screen == WHY else screen_of(request, begun, screen, _on_to_why)


def _on_to_why(_request: Request, begun: Begun, _screen: Screen) -> HttpResponse:
    return redirect(f"{begun.page}/{WHY}")


def _why(request: Request, begun: Begun) -> HttpResponse:
    """The end of a correction: what it changes, and why."""
    if faults := begun.faults():
        return redirect(wrong_screen(begun, faults))
    form = WhyCorrectedForm(request)
    if form.apply(_correct, begun):
        return kept_as(request, begun, form.result, _("Saved. What stood there before is kept."))
    context = {"form": form, "begun": begun, "differences": begun.differences()}
    return render(request, "cases/form_why.html", about(request, begun.case) | context)


def _correct(begun: Begun, *, reason: str, actor: Actor) -> Record:
    assert begun.reading is not None
    try:
        return recording.correct_record(
            begun.case,
            number=begun.reading.record.number,
            version=begun.version,
            instance=begun.filling.instance(),
            language=language_for(kept.form_of(begun.version)),
            actor=actor,
            seen=begun.seen,
            reason=reason,
        )
    except recording.CorrectedMeanwhile as error:
        begun.seen = error.record.version
        begun.keep()
        raise
