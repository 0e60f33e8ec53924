"""What stands around the form of a call: whose it is, its clock, what it demands, who called before, what can be done."""

from __future__ import annotations

from typing import Any

from amanat.access.pages import Request
from amanat.cases.forms.choices import caution
from amanat.hotline import after, alarm, clocks, keys, matters
from amanat.hotline.actions import passing_on
from amanat.hotline.actions.ending import TAKEN_BACK_WITHIN
from amanat.hotline.advice import panel
from amanat.hotline.agreed import Agreed
from amanat.hotline.desk import OnDesk
from amanat.hotline.forms.calling import UNVERIFIED_LISTS
from amanat.hotline.models import Call, CallState


def screen(request: Request, call: Call, fields: dict[str, Any]) -> dict[str, Any]:
    """Context of `hotline/call.html`, but for the form."""
    actor = request.actor
    is_mine = call.operator_id == actor.membership.pk
    ended = call.ended_at
    opened = matters.opened_cases(request.file)
    return {
        "call": call,
        "on_desk": OnDesk(call, request.file),
        "is_mine": is_mine,
        "runs": is_mine and ended is None,
        "rings": call.state == CallState.RINGING,
        "takes_back": is_mine and ended is not None and actor.now - ended <= TAKEN_BACK_WITHIN,
        "is_hard": ended is not None and is_mine and after.is_hard(fields, call.priority),
        "demand": clocks.demand(call.priority, call.answered_at or call.rang_at),
        "agreed": Agreed.of(fields) if call.outgoing else None,
        "before": matters.before(call, actor),
        "opened": opened,
        "reaches_file": bool(opened and passing_on.goes_to(call.matter)),
        "unalerted": alarm.is_missing(call),
        "ask_end": request.GET.get("end", "") if is_mine and ended is None else "",
        "advice": panel(request.file, call),
        "caution": caution(*UNVERIFIED_LISTS),
        "keys": keys.ON_CALL,
        "nav": "hotline",
    }
