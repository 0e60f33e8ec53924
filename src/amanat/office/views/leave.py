"""Leave: when a worker is away and who stands in. A supervisor says it for the colleagues too."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import Hidden
from amanat.access.pages import Request, page
from amanat.access.policy import BY_OWNERSHIP, REACHES_CHILDREN, Verb
from amanat.office import workers
from amanat.office.actions import leaving
from amanat.office.forms import LeaveForm
from amanat.office.tables import passed_to_deputy
from amanat.people.models import Membership
from amanat.web.forms import Form


@page("leave", does=Verb.PEOPLE_SET_LEAVE)
def leave(request: Request) -> HttpResponse:
    """The worker's own leave; below it, for a supervisor, who else of the agency is away."""
    actor = request.actor
    team = _team(actor.membership, request)
    own = next(row for row in team if row.pk == actor.membership.pk)
    colleagues = [row for row in team if row.user_id != actor.user.pk] if actor.role in BY_OWNERSHIP else []
    colleagues.sort(key=lambda row: workers.alphabetical(row.user.display_name))
    return _page(request, own, team, colleagues)


@page("leave/<uuid:membership>", does=Verb.PEOPLE_SET_LEAVE)
def leave_of(request: Request, membership: uuid.UUID) -> HttpResponse:
    """The leave of a colleague, for whoever supervises them."""
    held = _settable(request, membership)
    return _page(request, held, _team(held, request), [])


@page("leave/<uuid:membership>/end", does=Verb.PEOPLE_SET_LEAVE)
def end_leave(request: Request, membership: uuid.UUID) -> HttpResponse:
    """Back now: the deputy stands in no more."""
    held = _settable(request, membership)
    form = Form(request)
    if form.apply(leaving.end_leave, held):
        messages.success(request, _("The leave has ended. The deputy stands in no more."))
        return _back(request, held)
    return render(request, "office/end_leave.html", {"form": form, "membership": held})


def _page(
    request: Request, held: Membership, team: Sequence[Membership], colleagues: Sequence[Membership]
) -> HttpResponse:
    form = LeaveForm(request, held, [row for row in team if row.role == held.role and row.user_id != held.user_id])
    if form.apply(leaving.set_leave, held):
        messages.success(request, _("Saved."))
        return _back(request, held)
    context = {
        "form": form,
        "membership": held,
        "is_own": held.user_id == request.actor.user.pk,
        "is_set": held.away_until is not None and held.away_until > request.actor.now,
        "is_away": held.is_away(request.actor.now),
        "reaches_files": held.role in REACHES_CHILDREN,
        "seen": passed_to_deputy(held.role),
        "colleagues": colleagues,
    }
    return render(request, "office/leave.html", context)


def _team(held: Membership, request: Request) -> list[Membership]:
    """Everybody who works in the same agency now."""
    rows = Membership.objects.current(request.actor.now).filter(agency=held.agency_id)
    return list(rows.select_related("user", "agency", "deputy__user").order_by("since", "id"))


def _settable(request: Request, membership: uuid.UUID) -> Membership:
    """Raises:
    Hidden: there is none, or it is not this person's to decide.
    """
    held = Membership.objects.current(request.actor.now).select_related("user", "agency", "deputy__user")
    found = workers.find(held, membership)
    if not leaving.may_set_leave(found, request.actor):
        raise Hidden(None)
    return found


def _back(request: Request, held: Membership) -> HttpResponse:
    own = held.pk == request.actor.membership.pk
    return redirect("office.leave") if own else redirect("office.leave_of", held.pk)
