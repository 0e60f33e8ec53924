"""Pages of the age: what is known of it and how somebody stands, and each kind of finding that can be written down."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.models import FileRow
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.identification import ages
from amanat.identification.actions.age import record_age
from amanat.identification.age import Kind
from amanat.identification.forms.age import FORMS
from amanat.identification.views.place import Place


@page("cases/<ref:case>/age", shows=Part.FACTS)
def case_age(request: Request, case: Case) -> HttpResponse:
    return _age(Place(request, case))


@page("cases/<ref:case>/age-found", does=Verb.AGE_RECORD)
def case_found_age(request: Request, case: Case) -> HttpResponse:
    """The same for whoever may write it, also where the rest of it is not open to them."""
    return _age(Place(request, case))


@page("matters/<ref:matter>/age", shows=Part.SCREENING)
def matter_age(request: Request, matter: FileRow) -> HttpResponse:
    return _age(Place(request, matter))


@page("cases/<ref:case>/age/<str:known_by>", does=Verb.AGE_RECORD)
def case_write_age(request: Request, case: Case, known_by: str) -> HttpResponse:
    return _write(Place(request, case), known_by)


@page("matters/<ref:matter>/age/<str:known_by>", does=Verb.AGE_RECORD)
def matter_write_age(request: Request, matter: FileRow, known_by: str) -> HttpResponse:
    return _write(Place(request, matter), known_by)


def _age(place: Place) -> HttpResponse:
    context = place.context(
        age=ages.of(place.file) if place.file.sees(place.part) else None,
        kinds=[(kind.value, ages.KINDS[kind]) for kind in Kind],
        may_write=place.file.may(Verb.AGE_RECORD),
    )
    return render(place.request, "identification/age.html", context)


def _write(place: Place, known_by: str) -> HttpResponse:
    """A health worker writes what they found, also where the rest of it is not open to them."""
    if known_by not in set(Kind):
        raise Http404
    kind = Kind(known_by)
    known = ages.of(place.file) if place.file.sees(place.part) else None
    form = FORMS[kind](place.request, known.in_doubt if known else None)
    if form.apply(record_age, place.row, kind=kind):
        messages.success(place.request, _("It is written down."))
        return redirect(place.address("age") if known else place.whole)
    back = place.address("age") if known else place.whole
    context = place.context(form=form, kind=kind, title=ages.KINDS[kind], back=back, known=known)
    return render(place.request, "identification/write_age.html", context)
