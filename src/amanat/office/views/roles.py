"""What is done about one worker: a role, a new way in, suspension, the end of a role. Each asks for the reason."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.office import workers
from amanat.office.actions import leaving, proposing
from amanat.office.forms import ReasonForm, RoleForm
from amanat.office.models import Proposal
from amanat.people.models import User


@page("people/<uuid:worker>/role", does=Verb.PEOPLE_PROPOSE)
def propose_role(request: Request, worker: uuid.UUID) -> HttpResponse:
    """Give a worker another role."""
    user = workers.find(workers.workers(request.actor), worker)
    form = RoleForm(request, {"agency": request.actor.membership.agency_id})
    if form.apply(proposing.propose_role, user):
        waits = isinstance(form.result, Proposal)
        messages.success(
            request, _("Proposed. It waits for the second person.") if waits else _("The role holds from now on.")
        )
        return _to(user)
    return render(request, "office/propose_role.html", {"form": form, "user": user})


@page("people/<uuid:worker>/new-way-in", does=Verb.PEOPLE_RESET)
def propose_reset(request: Request, worker: uuid.UUID) -> HttpResponse:
    """Ask for a new way in for somebody who lost the second factor."""
    done = _("Asked for. It waits for the second person.")
    return _with_reason(request, worker, proposing.propose_reset, "office/propose_reset.html", done)


@page("people/<uuid:worker>/suspend", does=Verb.PEOPLE_SUSPEND)
def suspend(request: Request, worker: uuid.UUID) -> HttpResponse:
    """Sign a worker out everywhere and keep them out."""
    done = _("Suspended. All of their sessions have ended.")
    return _with_reason(request, worker, leaving.suspend, "office/suspend.html", done)


@page("people/<uuid:worker>/readmit", does=Verb.PEOPLE_READMIT)
def readmit(request: Request, worker: uuid.UUID) -> HttpResponse:
    """Let a suspended worker in again."""
    return _with_reason(request, worker, leaving.readmit, "office/readmit.html", _("They can sign in again."))


def _with_reason(
    request: Request, worker: uuid.UUID, act: Callable[..., object], template: str, done: str
) -> HttpResponse:
    """The page of a verb on a worker that asks for nothing but the reason; `done` is said once it is done."""
    user = workers.find(workers.workers(request.actor), worker)
    form = ReasonForm(request)
    if form.apply(act, user):
        messages.success(request, done)
        return _to(user)
    return render(request, template, {"form": form, "user": user})


@page("people/roles/<uuid:membership>/end", does=Verb.PEOPLE_END_ROLE)
def end_role(request: Request, membership: uuid.UUID) -> HttpResponse:
    """End a role, once no circle of care names the worker by it."""
    held = workers.find(workers.memberships(request.actor), membership)
    form = ReasonForm(request)
    if form.apply(leaving.end_membership, held):
        messages.success(request, _("The role has ended."))
        return redirect("office.people")
    context = {
        "form": form,
        "membership": held,
        "user": held.user,
        "stands_in_circles": leaving.stands_in_circles(held, request.actor.now),
        "may_hand_over": request.actor.may(Verb.CASE_BULK_HAND_OVER),
    }
    return render(request, "office/end_role.html", context)


def _to(user: User) -> HttpResponse:
    return redirect("office.worker", user.pk)
