"""What templates of the office ask about a membership."""

from __future__ import annotations

from datetime import datetime

from django import template

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.office.actions.leaving import may_end, may_set_leave
from amanat.people.models import Membership

register = template.Library()


@register.filter
def leave(membership: Membership, now: datetime) -> str:
    """ "away" on leave, "coming" before one, "" otherwise."""
    if membership.is_away(now):
        return "away"
    return "coming" if membership.away_from and membership.away_from > now else ""


@register.filter
def leave_settable(membership: Membership, actor: Actor) -> bool:
    return may_set_leave(membership, actor)


@register.filter
def endable(membership: Membership, actor: Actor) -> bool:
    """Whether the actor may be offered to end this role; the verb decides."""
    return actor.may(Verb.PEOPLE_END_ROLE) and may_end(membership, actor)
