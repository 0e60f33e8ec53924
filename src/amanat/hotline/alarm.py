"""A call that is urgent, and whether anybody was alerted: to choose P1 alerts nobody."""

from __future__ import annotations

from amanat.hotline import clocks
from amanat.hotline.models import Call, MatterCase


def is_missing(call: Call) -> bool:
    """Whether the call is P1, and nobody was alerted in its matter since it began."""
    if call.priority != clocks.URGENT:
        return False
    since = call.answered_at or call.rang_at
    return not MatterCase.objects.filter(matter=call.matter_id, case__alerts__raised_at__gte=since).exists()
