"""Whether a call waits for somebody, for the screens that say so: one rings at a hotline whose operator they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from amanat.access.policy import Verb, may_do
from amanat.hotline.models import Call, CallState
from amanat.people.models import Membership, Role


def rings(memberships: Sequence[Membership], now: datetime) -> bool:
    """Asked with the memberships by which a worker acts."""
    agencies = {
        one.agency_id for one in memberships if may_do(Verb.CALL_START, role=Role(one.role), relations=frozenset())
    }
    if not agencies:
        return False
    return Call.objects.filter(state=CallState.RINGING, ended_at=None, matter__agency__in=agencies).exists()
