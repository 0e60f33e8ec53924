"""Pages of screenings: the list, a new one by one of the pack's lists, one with its finding explained, its correction."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.models import FileRow
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.identification import ages, lists, rule, screenings
from amanat.identification.actions.screening import NO_ACT, record_screening
from amanat.identification.actions.with_age import screen
from amanat.identification.forms.screening import CorrectionForm, WithAgeForm
from amanat.identification.models import Screening
from amanat.identification.views.place import Place
from amanat.web.paging import keyset_page


@page("cases/<ref:case>/screenings", shows=Part.FACTS)
def case_screenings(request: Request, case: Case) -> HttpResponse:
    return _screenings(Place(request, case))


@page("matters/<ref:matter>/screenings", shows=Part.SCREENING)
def matter_screenings(request: Request, matter: FileRow) -> HttpResponse:
    return _screenings(Place(request, matter))


@page("cases/<ref:case>/screenings/new", does=Verb.SCREENING_RECORD)
def case_screen(request: Request, case: Case) -> HttpResponse:
    return _screen(Place(request, case), "")


@page("matters/<ref:matter>/screenings/new", does=Verb.SCREENING_RECORD)
def matter_screen(request: Request, matter: FileRow) -> HttpResponse:
    return _screen(Place(request, matter), "")


@page("cases/<ref:case>/screenings/new/<str:indicators>", does=Verb.SCREENING_RECORD)
def case_screen_by(request: Request, case: Case, indicators: str) -> HttpResponse:
    return _screen(Place(request, case), indicators)


@page("matters/<ref:matter>/screenings/new/<str:indicators>", does=Verb.SCREENING_RECORD)
def matter_screen_by(request: Request, matter: FileRow, indicators: str) -> HttpResponse:
    return _screen(Place(request, matter), indicators)


@page("cases/<ref:case>/screenings/<uuid:screening>", shows=Part.FACTS)
def case_screening(request: Request, case: Case, screening: uuid.UUID) -> HttpResponse:
    return _screening(Place(request, case), screening)


@page("matters/<ref:matter>/screenings/<uuid:screening>", shows=Part.SCREENING)
def matter_screening(request: Request, matter: FileRow, screening: uuid.UUID) -> HttpResponse:
    return _screening(Place(request, matter), screening)


@page("cases/<ref:case>/screenings/<uuid:screening>/correct", does=Verb.SCREENING_RECORD)
def case_correct_screening(request: Request, case: Case, screening: uuid.UUID) -> HttpResponse:
    return _correct(Place(request, case), screening)


@page("matters/<ref:matter>/screenings/<uuid:screening>/correct", does=Verb.SCREENING_RECORD)
def matter_correct_screening(request: Request, matter: FileRow, screening: uuid.UUID) -> HttpResponse:
    return _correct(Place(request, matter), screening)


def _screenings(place: Place) -> HttpResponse:
    cursor = place.request.GET.get("from", "")
    rows = keyset_page(screenings.rows_of(place.file), order=["-happened_at", "-id"], cursor=cursor)
    opened = screenings.opened(place.file, rows.rows)
    compared = screenings.comparable(opened) if opened and not cursor else []
    context = place.context(
        page=rows,
        screenings=opened,
        compared=compared,
        side_by_side=screenings.side_by_side(compared),
        may_screen=place.file.may(Verb.SCREENING_RECORD),
    )
    return render(place.request, "identification/screenings.html", context)


def _screen(place: Place, name: str) -> HttpResponse:
    """By the list of this name; without one, by the first that the pack has."""
    place.check()
    offered = lists.all_lists()
    told = packs.current().indicators.get(name) if name else next(iter(offered), None)
    if told is None:
        raise Http404
    kept = lists.as_kept(told)
    initial = {"happened_at": place.request.actor.now}
    form = WithAgeForm(place.request, lists.asked_groups(kept, rule.EXPLOITATION), initial)
    if form.apply(screen, place.row, indicators=told.name):
        return _kept(place, form.result)
    context = place.context(form=form, told=told, offered=offered, unverified=not kept["verified"])
    return render(place.request, "identification/screen.html", context)


def _screening(place: Place, ref: uuid.UUID) -> HttpResponse:
    row = _row(place, ref)
    versions = screenings.opened(place.file, screenings.versions_of(place.file, row))
    one = next(each for each in versions if each.row.pk == row.pk)
    context = place.context(
        one=one,
        age=ages.of(place.file),
        others=[each for each in versions if each is not one],
        may_screen=place.file.may(Verb.SCREENING_RECORD),
    )
    return render(place.request, "identification/screening.html", context)


def _correct(place: Place, ref: uuid.UUID) -> HttpResponse:
    """By the list as it was then, so that an answer is mended and nothing else changes."""
    row = _row(place, ref)
    if not row.newest:
        messages.info(place.request, _("This version has been corrected already. Look at the newest one."))
        return redirect(place.address("screening", row.pk))
    one = screenings.opened(place.file, [row])[0]
    form = CorrectionForm(place.request, lists.asked_groups(one.content, rule.EXPLOITATION), _as_initial(one))
    if form.apply(record_screening, place.row, corrects=row):
        return _kept(place, form.result)
    return render(place.request, "identification/screen.html", place.context(form=form, one=one))


def _as_initial(one: screenings.Screened) -> dict[str, object]:
    return {
        "acts": one.content["acts"] or ([NO_ACT] if one.content["no_act"] else []),
        "who": one.content["who"],
        "signs": one.content["answers"],
        "note": one.content["note"],
        "happened_at": one.row.happened_at,
        "seen": one.row.version,
    }


def _row(place: Place, ref: uuid.UUID) -> Screening:
    row = screenings.on_this(place.file, ref)
    if row is None:
        raise Http404
    return row


def _kept(place: Place, done: Screening) -> HttpResponse:
    messages.success(place.request, _("The screening is kept. Here is what it finds, and why."))
    return redirect(place.address("screening", done.pk))
