"""Filling in a form about a child, a screen at a time. Corrections go through the same screens (`correcting`)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.access.files import Closed
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import form_filling
from amanat.cases.actions import recording
from amanat.cases.form_filling import Begun
from amanat.cases.models import Case
from amanat.cases.views.screens import first_screen, kept_as, offered, screen_form, screen_of, show, wrong_screen
from amanat.forms import kept, records
from amanat.forms.model import Screen
from amanat.forms.models import Record
from amanat.forms.records import language_for
from amanat.web.errors import PersonFacingError


@page("cases/<ref:case>/forms/<str:form>", does=Verb.FORM_RECORD)
def fill_form(request: Request, case: Case, form: str) -> HttpResponse:
    """Begin, or go on where one stopped."""
    return redirect(first_screen(_begun_form(request, case, form)))


@page("cases/<ref:case>/forms/<str:form>/<str:screen>", does=Verb.FORM_RECORD)
def form_screen(request: Request, case: Case, form: str, screen: str) -> HttpResponse:
    if (sent_before := _recorded(request)) is not None:
        return redirect(reverse("cases.record", args=[case, sent_before.number]))
    return screen_of(request, _begun_form(request, case, form), screen, _finished)


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


def _finished(request: Request, begun: Begun, screen: Screen) -> HttpResponse:
    form = screen_form(begun, screen)
    try:
        record = _record(begun)
    except recording.DoesNotHold as error:
        return redirect(wrong_screen(begun, error.faults))
    except PersonFacingError as error:
        form.say(error)
        return show(request, begun, screen, form)
    return kept_as(request, begun, record, _("The form is saved."))
