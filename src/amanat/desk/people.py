"""Who answers for the data: officers and agencies, as papers name them."""

from __future__ import annotations

from datetime import datetime

from amanat.access.policy import BY_OFFICE, Relation
from amanat.people.models import Agency, Membership

OFFICERS = frozenset(role for role, relation in BY_OFFICE.items() if relation is Relation.DPO)


def officers(now: datetime) -> list[Membership]:
    """The data protection officers who work here now."""
    rows = Membership.objects.current(now).filter(role__in=OFFICERS, user__is_active=True)
    return list(rows.select_related("user", "agency").order_by("user__display_name"))


def is_officer(membership: Membership) -> bool:
    return membership.role in OFFICERS


def agencies() -> list[Agency]:
    """All that take part."""
    return list(Agency.objects.order_by("name"))


def has_number(agency: Agency) -> bool:
    """Whether its duty contact can be called: a name alone can't."""
    return any(letter.isdigit() for letter in agency.duty_contact)
