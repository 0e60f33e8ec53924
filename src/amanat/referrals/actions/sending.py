"""Sending a response: all its drafts leave at once, or none does."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import hold, mark
from amanat.cases.models import EventKind
from amanat.referrals import moving, recipients, telling, unmet
from amanat.referrals.models import Referral, Response, State
from amanat.referrals.states import Move, Who
from amanat.web.errors import PersonFacingError


@verb(Verb.REFERRAL_SEND)
def send(response: Response, *, actor: Actor) -> Response:
    """Let the drafts of a response leave.

    Raises:
        PersonFacingError: the case is closed, or there is nothing to send.
        NotSent: one of them can't leave; its sentence says why.
        ConsentMissing: the child has not agreed to what one of them shares.
    """
    case = response.case
    hold(case)
    if case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Reopen it first."))
    drafts = list(
        response.referrals.filter(state=State.DRAFT)
        .select_related("subject", "agency", "organisation", "service__organization__agency")
        .order_by("made_at", "id")
    )
    if not drafts:
        raise PersonFacingError(_("There is nothing to send: it was sent already, or taken back."))
    file = open_file(actor, case)
    for draft in drafts:
        draft.case, draft.response = case, response
        recipients.check(draft, file)
        _send(draft, actor)
    response.sent_at = response.sent_at or actor.now
    response.save(update_fields=["sent_at"])
    return response


def _send(draft: Referral, actor: Actor) -> None:
    moving.move(
        draft,
        Move.SEND,
        Who.SENDER,
        now=actor.now,
        actor=actor,
        sent_by=actor.membership,
        sent_at=actor.now,
        consent=draft.consent,
    )
    unmet.asked_again(draft.response, draft.need, actor)
    mark(
        draft.case,
        EventKind.REFERRED,
        actor,
        part=Part.REFERRAL_SUMMARY,
        referral=draft.number,
        need=draft.need,
        to=str(draft.to),
    )
    telling.tell_addressee(draft, actor.now)
