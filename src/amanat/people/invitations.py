"""One-time codes with which a worker sets a password, at first or after a reset. Handed over in person, never sent."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amanat.people import programs
from amanat.people.models import Invitation, User
from amanat.people.sessions import end_sessions
from amanat.web.errors import PersonFacingError

GROUPS, DIGITS = 8, 5  # 40 digits are more than 128 bits; digits stand on the same keys in every layout
VALID = timedelta(hours=72)


class NotInvited(PersonFacingError):
    """No such code, or it was used, or is too old; which of them is not said."""

    def __init__(self) -> None:
        super().__init__(
            _("This code does not open anything."),
            _("Check each digit. A code works once and for three days; ask the administrator for a new one."),
            "code",
        )


@transaction.atomic
def invite(user: User, now: datetime) -> str:
    """A new code for a worker, in groups of five digits; earlier ones stop working. It is shown once: only its hash is kept."""
    user.invitations.filter(used_at=None).delete()
    digits = f"{secrets.randbelow(10 ** (GROUPS * DIGITS)):0{GROUPS * DIGITS}d}"
    Invitation.objects.create(user=user, digest=_digest(digits), until=now + VALID)
    return "-".join(digits[at : at + DIGITS] for at in range(0, len(digits), DIGITS))


def open_invitation(code: str, now: datetime) -> Invitation:
    """The invitation of a typed code; spaces and dashes don't matter.

    Raises:
        NotInvited: it opens nothing.
    """
    return _only(_valid(now).filter(digest=_digest(re.sub(r"\D", "", code))))


@transaction.atomic
def accept(invitation_pk: int, password: str, now: datetime) -> User:
    """Spend an invitation: the worker has this password, and no session or program of the time before it.

    Raises:
        NotInvited: it was spent or ran out meanwhile.
    """
    invitation = _only(_valid(now).select_for_update(of=("self",)).filter(pk=invitation_pk))
    invitation.used_at = now
    invitation.save(update_fields=["used_at"])
    user = invitation.user
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user)
    programs.end_of(user, now)
    return user


def _valid(now: datetime) -> QuerySet[Invitation]:
    held = Invitation.objects.select_related("user")
    return held.filter(used_at=None, until__gt=now, user__is_active=True)


def _only(found: QuerySet[Invitation]) -> Invitation:
    invitation = found.first()
    if invitation is None:
        raise NotInvited
    return invitation


def _digest(digits: str) -> str:
    return hashlib.sha256(digits.encode()).hexdigest()
