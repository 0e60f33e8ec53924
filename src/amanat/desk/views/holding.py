"""Legal holds: all that stand, and those of one file."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import Hidden, files_about
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.desk import holding as register
from amanat.desk.actions import holding
from amanat.desk.forms.erasing import HoldForm, ReasonForm
from amanat.desk.models import Hold
from amanat.desk.shown import sheet
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
    rows = [(row, files.get(row.subject_id)) for row in found.rows]
    return render(request, "desk/holds.html", sheet(request, page=found, rows=rows))


@page("cases/<ref:case>/hold", does=Verb.HOLD_PLACE)
def hold(request: Request, case: Case) -> HttpResponse:
    """The holds on one file, with why, and a form for another."""
    form = HoldForm(request)
    if form.apply(holding.place, case):
        messages.success(request, _("The hold stands. Nothing of this file is erased until it is lifted."))
        return redirect("desk.hold", case)
    rows = list(register.standing(case.subject_id))
    context = {"form": form, "holds": [(row, _reason(request, row, case)) for row in rows]}
    return render(request, "desk/hold.html", about(request, case) | context)


def _reason(request: Request, row: Hold, case: Case) -> str:
    """Why it was placed; "" where a conflict keeps the log of the file closed."""
    row.subject = case.subject
    return str((request.file.open(row, "words") or {}).get("reason", "")) if request.file.sees(Part.AUDIT) else ""


@page("cases/<ref:case>/hold/<uuid:hold>/lift", does=Verb.HOLD_LIFT)
def lift_hold(request: Request, case: Case, hold: uuid.UUID) -> HttpResponse:
    row = register.standing(case.subject_id).filter(pk=hold).first()
    if row is None:
        raise Hidden(case.subject)
    form = ReasonForm(request)
    if form.apply(holding.lift, case, hold=row):
        messages.success(request, _("The hold is lifted."))
        return redirect("desk.hold", case)
    return render(request, "desk/lift_hold.html", about(request, case) | {"form": form, "hold": row})
