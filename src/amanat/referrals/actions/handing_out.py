"""A referral handed to an organisation without Amanat: as a letter, or as a sealed packet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.models import Case
from amanat.referrals.actions.following_up import take_up
from amanat.referrals.models import Referral
from amanat.referrals.models_outside import How, Outgoing, OutsideKey
from amanat.referrals.outside import codes
from amanat.referrals.outside.acknowledging import digest_of
from amanat.referrals.outside.parts import TO_SHARE
from amanat.web.errors import PersonFacingError


@verb(Verb.REFERRAL_SEND, to=lambda made: made.referral.organisation)
def hand_out(
    case: Case,
    *,
    referral: Referral,
    how: How,
    language: str,
    code: str,
    parts: Sequence[Part] = (),
    names_child: bool = False,
    key: str = "",
    actor: Actor,
) -> Outgoing:
    """Note that a letter or a packet goes out, and remember its code.

    Args:
        parts: of the file, that go along in a packet; no more than the consent of the referral names.
        key: the recipient's, compared with them by phone; kept with the organisation.

    Raises:
        ValueError: the referral is of another case.
        PersonFacingError: it was not sent, it is at its end, the consent does not hold any more or does not name what should go.
    """
    take_up(case, referral)
    check(referral, parts, names_child, actor)
    if key:
        compared = {"public": key, "checked_by": actor.membership, "checked_at": actor.now}
        OutsideKey.objects.update_or_create(organisation=referral.organisation, defaults=compared)
    told: dict[str, Any] = {
        "referral": referral,
        "how": how,
        "recipient": key,
        "language": language,
        "parts": sorted({*map(str, parts), *([str(Part.IDENTITY)] if names_child else [])}),
        "made_by": actor.membership,
        "made_at": actor.now,
        "good_until": actor.now + codes.GOOD_FOR,
    }
    return Outgoing.objects.create(digest=digest_of(code), **told)


def check(referral: Referral, parts: Sequence[Part], names_child: bool, actor: Actor) -> None:
    """Raises:
    PersonFacingError: this may not go out.
    """
    if not referral.is_in_hands:
        raise PersonFacingError(
            _("This referral is not on its way: it was not sent, or it is at its end."),
            _("Send it first, or prepare another one."),
        )
    consent = referral.consent
    if consent is None or not consent.holds(actor.now):
        raise PersonFacingError(
            _("There is no consent any more by which this may go out."), _("Revoke the referral, or record a consent.")
        )
    named = goes_along(referral)
    if not set(parts) <= set(named):
        raise PersonFacingError(_("The consent does not name this part."), field="parts")
    if names_child and Part.IDENTITY not in named:
        raise PersonFacingError(_("The consent does not name the identity."), field="names_child")


def goes_along(referral: Referral) -> list[Part]:
    """The parts of the file that may go along: what the referral asked for and its consent names."""
    named = set(referral.consent.parts) if referral.consent else set()
    return [part for part in TO_SHARE if part in named.intersection(referral.parts)]
