"""Counting referrals by who sent them to whom: called where a referral moves, in the same transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db.models import F

from amanat import packs
from amanat.people.models import Membership
from amanat.referrals.models import Flow, Referral, State
from amanat.referrals.models_flows import WITHIN
from amanat.referrals.states import Move, Way
from amanat.referrals.terms import urgency

_ENDS: Final = {
    State.DECLINED: "declined",
    State.EXPIRED: "expired",
    State.REVOKED: "revoked",
    State.DONE: "done",
}
_ACCEPTING: Final = frozenset({Move.ACCEPT, Move.TAKE_CASE})


def count(referral: Referral, way: Way, now: datetime) -> None:
    """A referral went this way. One that was not sent counts nowhere."""
    changed = [*_counted(way), *(_accepted(referral, now) if way.move in _ACCEPTING else [])]
    if referral.sent_at is None or not changed:
        return
    sender = Membership.objects.filter(pk=referral.sent_by_id or referral.made_by_id).values_list("agency", flat=True)
    row, _is_new = Flow.objects.get_or_create(
        month=month_of(referral.sent_at),
        sender_id=sender.get(),
        to=referral.to.pk,
        outside=referral.agency_id is None,
        need=referral.need,
    )
    Flow.objects.filter(pk=row.pk).update(**{name: F(name) + 1 for name in changed})


def month_of(moment: datetime) -> date:
    """The first day of its month, by the country's clock."""
    return moment.astimezone(packs.current().manifest.time_zone).date().replace(day=1)


def _counted(way: Way) -> list[str]:
    if way.move is Move.SEND:
        return ["sent"]
    return [_ENDS[way.after]] if way.after in _ENDS else []


def _accepted(referral: Referral, now: datetime) -> list[str]:
    assert referral.sent_at
    hours = (now - referral.sent_at).total_seconds() / 3600
    within = next((f"within_{limit}" for limit in WITHIN if hours <= limit), "longer")
    on_time = now <= referral.sent_at + urgency(referral.urgency).accept
    return ["accepted", within, *(["on_time"] if on_time else [])]
