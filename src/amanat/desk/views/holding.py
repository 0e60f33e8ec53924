"""Legal holds: all that stand, and those of one file."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import Hidden, files_about
from amanat.access.models import FileRow
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.desk import holding as register
from amanat.desk.actions import holding
from amanat.desk.forms.erasing import HoldForm, ReasonForm
from amanat.desk.models import Hold
from amanat.desk.place import around, urls_of
from amanat.desk.shown import sheet
from amanat.hotline.models import Matter
from amanat.office.looks import note_look
from amanat.web.paging import keyset_page


@page("desk/holds", does=Verb.LOOK_DESK)
def holds(request: Request) -> HttpResponse:
    """Every hold that stands, the latest first."""
    note_look(request)
    found = keyset_page(
        register.holds(request.actor), order=["-placed_at", "-id"], cursor=request.GET.get("from", ""), counted=False
    )
    files = files_about(request.actor, [row.subject_id for row in found.rows])
    known = [(row, files.get(row.subject_id)) for row in found.rows]
    rows = [(row, file, urls_of(file.row) if file else {}) for row, file in known]
    return render(request, "desk/holds.html", sheet(request, page=found, rows=rows))


@page("cases/<ref:case>/hold", does=Verb.HOLD_PLACE)
def hold(request: Request, case: Case) -> HttpResponse:
    return _hold(request, case)


@page("matters/<ref:matter>/hold", does=Verb.HOLD_PLACE)
def matter_hold(request: Request, matter: Matter) -> HttpResponse:
    return _hold(request, matter)


@page("cases/<ref:case>/hold/<uuid:hold>/lift", does=Verb.HOLD_LIFT)
def lift_hold(request: Request, case: Case, hold: uuid.UUID) -> HttpResponse:
    return _lift(request, case, hold)


@page("matters/<ref:matter>/hold/<uuid:hold>/lift", does=Verb.HOLD_LIFT)
def matter_lift_hold(request: Request, matter: Matter, hold: uuid.UUID) -> HttpResponse:
    return _lift(request, matter, hold)


def _hold(request: Request, row: FileRow) -> HttpResponse:
    """The holds on one file, with why, and a form for another."""
    form = HoldForm(request, kind=row.subject.kind)
    if form.apply(holding.place, row):
        stands = _("The hold stands. Nothing of this matter is erased until it is lifted.")
        of_file = _("The hold stands. Nothing of this file is erased until it is lifted.")
        messages.success(request, stands if isinstance(row, Matter) else of_file)
        return redirect(urls_of(row)["hold"], row)
    rows = list(register.standing(row.subject_id))
    holds = [(one, _reason(request, one, row)) for one in rows]
    return render(request, "desk/hold.html", around(request, row, form=form, holds=holds))


def _reason(request: Request, hold: Hold, row: FileRow) -> str:
    """Why it was placed; "" where a conflict keeps the log of the file closed."""
    hold.subject = row.subject
    return str((request.file.open(hold, "words") or {}).get("reason", "")) if request.file.sees(Part.AUDIT) else ""


def _lift(request: Request, row: FileRow, hold: uuid.UUID) -> HttpResponse:
    found = register.standing(row.subject_id).filter(pk=hold).first()
    if found is None:
        raise Hidden(row.subject)
    form = ReasonForm(request, kind=row.subject.kind)
    if form.apply(holding.lift, row, hold=found):
        messages.success(request, _("The hold is lifted."))
        return redirect(urls_of(row)["hold"], row)
    return render(request, "desk/lift_hold.html", around(request, row, form=form, hold=found))
