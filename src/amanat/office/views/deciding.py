"""Where the second person confirms or declines what the first one proposed."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.files import open_office
from amanat.access.loaders import Hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.office import workers
from amanat.office.actions import proposing
from amanat.office.forms import ReasonForm
from amanat.office.models import Proposal, ProposalKind
from amanat.office.shown import code_sheet
from amanat.web.forms import Form


@page("people/proposals", does=Verb.PEOPLE_CONFIRM)
def proposals(request: Request) -> HttpResponse:
    """What waits for this person's decision, each with its reason."""
    mine = [one.proposal for one in workers.waiting(request.actor) if one.is_mine]
    rows = [(row, open_office(request.actor, row, "reason")) for row in mine]
    return render(request, "office/proposals.html", {"rows": rows})


@page("people/proposals/<uuid:proposal>/confirm", does=Verb.PEOPLE_CONFIRM)
def confirm(request: Request, proposal: uuid.UUID) -> HttpResponse:
    """Let a proposal happen. For a new way in, the answer is the sheet with the code, made once."""
    found = _mine(request, proposal)
    form = Form(request)
    if form.apply(proposing.confirm, found):
        if found.kind == ProposalKind.RESET:
            return render(request, "office/code.html", code_sheet(found.user, form.result))
        messages.success(request, _("Confirmed. The role holds from now on."))
        return redirect("office.proposals")
    context = {"form": form, "proposal": found, "reason": open_office(request.actor, found, "reason")}
    return render(request, "office/confirm.html", context)


@page("people/proposals/<uuid:proposal>/decline", does=Verb.PEOPLE_DECLINE)
def decline(request: Request, proposal: uuid.UUID) -> HttpResponse:
    """Let a proposal rest for good."""
    found = _mine(request, proposal)
    form = ReasonForm(request)
    if form.apply(proposing.decline, found):
        messages.success(request, _("Declined. Nothing was changed."))
        return redirect("office.proposals")
    context = {"form": form, "proposal": found, "reason": open_office(request.actor, found, "reason")}
    return render(request, "office/decline.html", context)


def _mine(request: Request, proposal: uuid.UUID) -> Proposal:
    """A proposal that this person decides. What was decided meanwhile is no page any more; of what is sent, the verb says so.

    Raises:
        Hidden: there is none, or others decide it.
    """
    asked = Proposal.objects.told() if request.method == "POST" else Proposal.objects.waiting()
    found = workers.find(asked, proposal)
    if not proposing.may_decide(found, request.actor, proposing.dpos(request.actor.now)):
        raise Hidden(None)
    return found
