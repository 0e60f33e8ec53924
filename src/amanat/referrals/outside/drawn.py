"""What was chosen for a packet, with its words and its code, between the page that shows them and the packet itself.

It is carried by that page, signed, so that what was shown is what is sealed; nothing of it is kept here.
"""

from __future__ import annotations

from typing import Any, Final

from django.core import signing
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.referrals.models import Referral
from amanat.web.errors import PersonFacingError

SALT: Final = "amanat.referrals.packet"
GOOD_FOR: Final = 3600  # seconds; ours

Chosen = dict[str, Any]


def signed(chosen: Chosen, referral: Referral, actor: Actor) -> str:
    return signing.dumps(chosen, salt=_salt(referral, actor), compress=True)


def read(text: str, referral: Referral, actor: Actor) -> Chosen:
    """Raises:
    PersonFacingError: it is of another page, or too old.
    """
    try:
        chosen: Chosen = signing.loads(text, salt=_salt(referral, actor), max_age=GOOD_FOR)
    except signing.BadSignature:
        raise PersonFacingError(
            _("These words were shown too long ago."), _("Go back to the referral and hand it out once more.")
        ) from None
    return chosen


def _salt(referral: Referral, actor: Actor) -> str:
    return f"{SALT}:{referral.pk.hex}:{actor.membership.pk.hex}"
