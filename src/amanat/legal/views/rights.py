"""The rights check: each right of the child, given, asked for or refused."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.forms.choices import caution
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.legal import rights as check
from amanat.legal.actions import rights as acts
from amanat.legal.forms.others import RightForm


@page("cases/<ref:case>/rights", shows=Part.LEGAL_STATUS)
def rights(request: Request, case: Case) -> HttpResponse:
    shown = check.rights_of(request.file)
    may = request.file.may(Verb.RIGHT_RECORD) and request.file.sees(Part.LEGAL_FILE)
    context = {"rights": shown, "count": check.count(shown), "may_record": may, "caution": caution(check.RIGHTS)}
    return render(request, "legal/rights.html", about(request, case) | context)


@page("cases/<ref:case>/rights/<slug:right>", does=Verb.RIGHT_RECORD)
def record_right(request: Request, case: Case, right: str) -> HttpResponse:
    demand(request.file, Part.LEGAL_FILE)
    found = next((one for one in check.rights_of(request.file) if one.code == right), None)
    if found is None:
        raise Http404
    form = RightForm(request)
    if form.apply(acts.record_right, case, right=right):
        messages.success(request, _("It is recorded. What was recorded before stays."))
        return redirect("legal.rights", case)
    return render(request, "legal/record_right.html", about(request, case) | {"form": form, "right": found})
