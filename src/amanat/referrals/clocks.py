"""By when a referral has to go on, and when the clock looks at it next. Pure: times and spans go in, times come out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from amanat.referrals.models import WAITS, Referral, State
from amanat.referrals.terms import Urgency


@dataclass(frozen=True, slots=True)
class Clock:
    """`due`: the deadline of the state; `expires`: when nobody is waited for any longer; None where there is none."""

    due: datetime | None
    expires: datetime | None = None


def clock_of(referral: Referral, terms: Urgency) -> Clock:
    """Of the state it is in."""
    if referral.state == State.DRAFT:
        return Clock(referral.since + terms.send)
    if referral.state == State.ACCEPTED:
        return Clock(max(referral.comes_at or referral.since, referral.since) + terms.start)
    if referral.state == State.STARTED:
        return Clock(referral.since + terms.outcome)
    if referral.state not in WAITS or referral.sent_at is None:
        return Clock(None)
    span = terms.see if referral.state == State.SENT else terms.accept
    return Clock(referral.sent_at + span, referral.sent_at + terms.expire)


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def rings(referral: Referral, terms: Urgency, now: datetime) -> datetime | None:
    """When the clock acts next: the reminder, the deadline, the end; None where nothing is left to do."""
    clock = clock_of(referral, terms)
    if clock.due is None:
        return None
    if referral.escalated_at is not None:
        return clock.expires
    before = clock.due - terms.remind
    return before if referral.reminded_at is None and before > now else clock.due
