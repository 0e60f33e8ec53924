"""A legal hold that is asked for; and what was asked for, on the officer's desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import files_about
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.legal import holds
from amanat.legal.actions import holding as acts
from amanat.legal.forms.others import DeclineForm, HoldReasonForm
from amanat.legal.models import HoldAsked
from amanat.office.looks import note_look
from amanat.web.paging import keyset_page


@page("cases/<ref:case>/hold/ask", does=Verb.HOLD_ASK)
def ask_hold(request: Request, case: Case) -> HttpResponse:
    form = HoldReasonForm(request)
    if form.apply(acts.ask_hold, case):
        messages.success(request, _("It stands on the desk of the data protection officer. You see the answer here."))
        return redirect("legal.ask_hold", case)
    asked = holds.asked_on(request.file)
    context = {"form": form, "asked": asked, "waits": any(one.row.answered_at is None for one in asked)}
    return render(request, "legal/ask_hold.html", about(request, case) | context)


@page("desk/holds-asked", does=Verb.LOOK_DESK)
def holds_asked(request: Request) -> HttpResponse:
    """What waits for an answer, the latest first."""
    note_look(request)
    found = keyset_page(
        holds.waiting(request.actor), order=["-at", "-id"], cursor=request.GET.get("from", ""), counted=False
    )
    files = files_about(request.actor, [row.subject_id for row in found.rows])
    rows = [(row, file, holds.reason(file, row)) for row in found.rows if (file := files.get(row.subject_id))]
    request.files += [file for _row, file, _reason in rows]
    return render(request, "legal/holds_asked.html", {"page": found, "rows": rows, "officer": True})


@page("holds-asked/<ref:hold_asked>/decline", does=Verb.HOLD_DECLINE)
def decline_hold(request: Request, hold_asked: HoldAsked) -> HttpResponse:
    form = DeclineForm(request)
    if form.apply(acts.decline_hold, hold_asked):
        messages.success(request, _("Whoever asked reads your answer on the file."))
        return redirect("legal.holds_asked")
    told = holds.reason(request.file, hold_asked) if request.file.sees(Part.AUDIT) else ""
    context = {"form": form, "case": hold_asked.case, "asked": hold_asked, "reason": told}
    return render(request, "legal/decline_hold.html", context)
