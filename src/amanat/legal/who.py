"""Who can be chosen on the pages of this room: workers of the circle of care, people around the child."""

from __future__ import annotations

from django.db.models import QuerySet

from amanat.access.files import File
from amanat.access.models import Grant
from amanat.access.policy import CIRCLE, Part, Relation
from amanat.people.models import Membership


def knows_people(file: File) -> bool:
    """Whether the actor knows who is around the child, and so can choose its guardian."""
    return file.sees(Part.CONTACTS) or file.sees(Part.SAFETY)


def in_circle(file: File, *relations: Relation) -> QuerySet[Membership]:
    """Who stands in the circle now (as one of these, where some are named)."""
    places = Grant.objects.active(file.actor.now).filter(subject=file.row.subject_id, relation__in=relations or CIRCLE)
    rows = Membership.objects.filter(pk__in=places.values("membership")).select_related("user", "agency")
    return rows.order_by("user__display_name", "pk")
