"""A withdrawal reaches each agency that shared in the consent; somebody there confirms that nothing is used any more."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.models import Consent, WithdrawalNotice
from amanat.access.policy import BY_OWNERSHIP, Verb
from amanat.access.verbs import verb
from amanat.people import looks, messages
from amanat.people.models import Membership, User
from amanat.web.errors import PersonFacingError, Refused


def tell(consent: Consent, actor: Actor) -> None:
    """Let each recipient in the network know, by the consent's number alone; none where nothing was shared."""
    agencies = sorted(consent.recipients) if consent.parts else []
    WithdrawalNotice.objects.bulk_create(
        WithdrawalNotice(consent=consent, agency_id=agency, told_at=actor.now) for agency in agencies
    )
    told = _who_is_told(consent, agencies, actor)
    looks.look(told)
    messages.post(told, messages.GIVEN, actor.now)


def _who_is_told(consent: Consent, agencies: Sequence[UUID], actor: Actor) -> list[User]:
    """Whoever stood by it and still works there; where nobody of an agency did, who answers for it."""
    there = Membership.objects.current(actor.now).filter(agency__in=agencies).select_related("user")
    stood = list(there.filter(grants__consent=consent).distinct())
    reached = {row.agency_id for row in stood}
    answering = there.filter(role__in=list(BY_OWNERSHIP)).exclude(agency__in=reached)
    return list({row.user_id: row.user for row in (*stood, *answering)}.values())


@verb(Verb.WITHDRAWAL_CONFIRM)
def confirm_withdrawal(notice: WithdrawalNotice, *, actor: Actor) -> Consent:
    """Say for one's agency that nothing is used any more that was shared by a consent. The file of the child says who did, and when.

    Raises:
        Refused: the notice is for another agency.
        PersonFacingError: a colleague confirmed it before.
    """
    if notice.agency_id != actor.membership.agency_id:
        raise Refused()
    waiting = WithdrawalNotice.objects.filter(pk=notice.pk, confirmed_at=None)
    if not waiting.update(confirmed_by=actor.membership, confirmed_at=actor.now):
        raise PersonFacingError(_("A colleague has confirmed this already."))
    notice.refresh_from_db()
    return notice.consent
