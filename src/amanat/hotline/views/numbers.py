"""The supervisor's numbers, as a page and as a table to take along."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases.form_tables import KINDS, as_csv
from amanat.hotline import bars
from amanat.hotline.numbers import PERIODS, Numbers, as_rows, period
from amanat.hotline.numbers import numbers as counted


@page("hotline/numbers", does=Verb.LOOK_HOTLINE_NUMBERS)
def numbers(request: Request) -> HttpResponse:
    found = _asked(request)
    context = {
        "numbers": found,
        "periods": PERIODS,
        "bars": bars.bars(found.hours),
        "most": bars.most_of(found.hours),
        "agency": request.actor.membership.agency,
    }
    return render(request, "hotline/numbers.html", context)


@page("hotline/numbers.csv", does=Verb.LOOK_HOTLINE_NUMBERS)
def numbers_as_table(request: Request) -> HttpResponse:
    found = _asked(request)
    response = HttpResponse(as_csv(list(as_rows(found))), content_type=KINDS["csv"])
    response["Content-Disposition"] = content_disposition_header(True, f"hotline-{found.days}.csv") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _asked(request: Request) -> Numbers:
    mine, days = request.actor.membership, period(request.GET.get("days", ""))
    return counted(mine.agency, days, request.actor.now, mine.zone)
