"""The data protection officer's desk: the head of the log, what to judge, what was done lately."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.actor import Actor
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.audit.chain import Head
from amanat.audit.models import Entry
from amanat.audit.verify import Report, verify
from amanat.office import askings, registers
from amanat.office import desk as desks
from amanat.office.forms import VerifyForm
from amanat.office.looks import note_look
from amanat.office.shares import shares
from amanat.office.shown import new_grants
from amanat.web.paging import keyset_page

VERIFIED_HERE = 20_000  # entries, about two seconds; a longer log is verified by the command, which may take its time


@page("desk", does=Verb.LOOK_DESK)
def desk(request: Request) -> HttpResponse:
    """All that wants the officer's eye, on one page; longer lists have pages of their own."""
    found = desks.Desk(request.actor)
    note_look(request)
    counts = found.counts()
    context = {
        "desk": found,
        "sealing": found.sealing,
        "counts": counts,
        "askings": askings.askings(request.actor.now),
        "days": desks.LATELY.days,
        "rule": askings.RULE,
        "registers": registers.registers,
        "shares": shares(),
    }
    return render(request, "office/desk.html", context)


@page("desk/grants", does=Verb.LOOK_DESK)
def grants(request: Request) -> HttpResponse:
    """Every place in a circle of care that began lately."""
    note_look(request)
    since = request.actor.now - desks.LATELY
    found = new_grants(request.actor, since, request.GET.get("from", ""))
    return render(request, "office/grants.html", {"grants": found, "days": desks.LATELY.days})


@page("desk/roles", does=Verb.LOOK_DESK)
def role_changes(request: Request) -> HttpResponse:
    """Every role that began or ended lately."""
    note_look(request)
    rows = desks.role_changes(request.actor)
    found = keyset_page(rows, order=["-changed", "-id"], cursor=request.GET.get("from", ""))
    return render(request, "office/role_changes.html", {"page": found, "days": desks.LATELY.days})


@page("desk/verify", does=Verb.LOOK_DESK)
def verify_log(request: Request) -> HttpResponse:
    """Go through the log and say whether it holds; a long one only by the command, so that no page keeps the others waiting."""
    is_long = Entry.objects.all()[: VERIFIED_HERE + 1].count() > VERIFIED_HERE
    form = VerifyForm(request)
    report: Report | None = None
    if not is_long and form.apply(_verify):
        note_look(request, against=str(form.cleaned_data["against"] or ""))
        report = form.result
    context = {"form": form, "is_long": is_long, "most": VERIFIED_HERE, "report": report}
    return render(request, "office/verify.html", context)


def _verify(*, against: Head | None, actor: Actor) -> Report:
    return verify(now=actor.now, against=against)
