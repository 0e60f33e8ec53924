"""A worker's appointments, and the feed of them for a calendar program."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.access.files import open_files
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import appointments
from amanat.cases.queries import lines
from amanat.legal.actions import calendar as acts
from amanat.legal.appointments import due, feed_of, may_record, undated, unrecorded, with_their_children
from amanat.legal.following import last_day
from amanat.web.forms import Form

AHEAD, MOST, PAST = timedelta(days=60), 100, 20


@page("calendar", does=Verb.LOOK_CALENDAR)
def calendar(request: Request) -> HttpResponse:
    """The next 60 days by day, what passed without a word, and whether a feed is open."""
    actor = request.actor
    told = appointments.of(actor, actor.now, actor.now + AHEAD, MOST)
    known = {line.case.pk: line for line in lines(actor, {case.pk: case for _one, case in told}.values())}
    request.files += [line.file for line in known.values()]
    past = list(unrecorded(actor).select_related("case__child").order_by("at", "id")[:PAST])
    dues = [row for rows in (due(actor), undated(actor)) for row in with_their_children(rows)[:PAST]]
    cases = [row.case for row in past] + [row.proceeding.case for row in dues]
    files = {file.row.pk: file for file in open_files(actor, {case.pk: case for case in cases}.values())}
    request.files += [file for pk, file in files.items() if pk not in known]
    context = {
        "shown": [(one, known[case.pk], one.link(known[case.pk].file)) for one, case in told],
        "past": [row for row in past if may_record(files[row.case_id])],
        "dues": [
            (row, row.due and last_day(row.due)) for row in dues if files[row.proceeding.case_id].sees(Part.LEGAL_FILE)
        ],
        "feed": feed_of(request.actor),
        "may_open": actor.may(Verb.CALENDAR_OPEN),
    }
    return render(request, "legal/calendar.html", context)


@page("calendar/open", does=Verb.CALENDAR_OPEN)
def open_calendar(request: Request) -> HttpResponse:
    form = Form(request)
    if form.apply(acts.open_feed):
        address = request.build_absolute_uri(reverse("legal.feed", args=[form.result.token]))
        return render(request, "legal/calendar_opened.html", {"address": address})
    return render(request, "legal/calendar_open.html", {"form": form, "feed": feed_of(request.actor)})


@page("calendar/close", does=Verb.CALENDAR_CLOSE)
def close_calendar(request: Request) -> HttpResponse:
    feed = feed_of(request.actor)
    if feed is None:
        messages.info(request, _("No feed is open."))
        return redirect("legal.calendar")
    form = Form(request)
    if form.apply(acts.close_feed, feed):
        messages.success(request, _("The feed is closed. Programs that read it get nothing any more."))
        return redirect("legal.calendar")
    return render(request, "legal/calendar_close.html", {"form": form})
