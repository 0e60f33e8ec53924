"""The workers, one worker, and how somebody new comes in."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.office import workers
from amanat.office.actions import inviting
from amanat.office.forms import InviteForm
from amanat.office.shown import acts_on, code_sheet, grants_of
from amanat.people.models import Agency
from amanat.web.forms import Form


@page("people", does=Verb.LOOK_PEOPLE)
def people(request: Request) -> HttpResponse:
    """Who works here, by agency; one agency at a time where there are many."""
    actor = request.actor
    sizes = workers.sizes(actor)
    chosen = _chosen(request, [agency for agency, _size in sizes])
    if chosen is None and sum(size for _agency, size in sizes) > workers.AT_ONCE:
        chosen = actor.membership.agency
    waiting = workers.waiting(actor)
    context = {
        "teams": workers.teams(actor, [one.proposal for one in waiting], chosen),
        "sizes": sizes,
        "chosen": chosen,
        "waiting": waiting,
        "may_invite": actor.may(Verb.PEOPLE_INVITE),
        "may_decide": any(one.is_mine for one in waiting),
    }
    return render(request, "office/people.html", context)


def _chosen(request: Request, agencies: list[Agency]) -> Agency | None:
    return next((agency for agency in agencies if agency.pk.hex == request.GET.get("agency")), None)


@page("people/<uuid:worker>", does=Verb.LOOK_PEOPLE)
def worker(request: Request, worker: uuid.UUID) -> HttpResponse:
    """One worker: what they hold, and what the actor may do about it. The DPO sees their places in circles by code name."""
    actor = request.actor
    user = workers.find(workers.described(workers.workers(actor), actor), worker)
    waiting = [one for one in workers.waiting(actor) if one.proposal.user_id == user.pk]
    context: dict[str, Any] = {
        "one": workers.Worker(user, user.holds, [one.proposal for one in waiting]),  # type: ignore[attr-defined]
        "waiting": waiting,
        "acts": acts_on(user, actor),
    }
    if actor.may(Verb.LOOK_DESK):
        context["grants"] = grants_of(user, actor, request.GET.get("from", ""))
    return render(request, "office/worker.html", context)


@page("people/invite", does=Verb.PEOPLE_INVITE)
def invite(request: Request) -> HttpResponse:
    """A new worker. The answer is the sheet with the code; it is made once, so a reload can't show it again."""
    actor = request.actor
    form = InviteForm(request, {"language": actor.user.language, "agency": actor.membership.agency_id})
    if form.apply(inviting.invite):
        return _sheet(request, form.result)
    return render(request, "office/invite.html", {"form": form})


@page("people/<uuid:worker>/new-code", does=Verb.PEOPLE_INVITE)
def invite_again(request: Request, worker: uuid.UUID) -> HttpResponse:
    """Another code for somebody who never used the first one."""
    user = workers.find(workers.workers(request.actor), worker)
    form = Form(request)
    if form.apply(inviting.invite_again, user):
        return _sheet(request, form.result)
    return render(request, "office/invite_again.html", {"form": form, "user": user})


def _sheet(request: Request, invited: inviting.Invited) -> HttpResponse:
    return render(request, "office/code.html", code_sheet(invited.user, invited.code))
