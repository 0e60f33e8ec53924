"""One change after another: rows of workers are locked before what they hold is looked at. Nothing here decides.

On PostgreSQL two transactions may look at once, and each find what the other is about to change; on SQLCipher, where a
transaction waits for the one before it, these locks are silent. A lock leaves the key alone, so that the log can still name
whoever is held.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from amanat.access.policy import EVERY_AGENCY
from amanat.people.models import Membership, User


def hold(user: User) -> None:
    """Wait for whoever is changing this worker, and read the row anew. Comes before every check, and before other locks."""
    user.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))


def hold_offices(user: User, now: datetime) -> None:
    """`hold`, together with everybody who looks after all agencies, so that they can be counted. In one order, always."""
    holders = Membership.objects.unended(now).filter(role__in=EVERY_AGENCY).values("user")
    held = User.objects.select_for_update(no_key=True).filter(Q(pk=user.pk) | Q(pk__in=holders)).order_by("pk")
    list(held.values_list("pk"))
    user.refresh_from_db()
