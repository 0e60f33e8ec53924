"""Which telephone systems there are, and which hotlines can be asked to call back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from amanat.hotline.models import Line
from amanat.people.models import Agency, Role


def in_use() -> QuerySet[Line]:
    return (
        Line.objects.filter(revoked_at=None)
        .select_related("agency", "made_by__user")
        .order_by("agency__name", "name", "pk")
    )


def hotlines(now: datetime) -> QuerySet[Agency]:
    """Agencies with operators, that with the most first: who asks nobody in particular to call back is called by that one."""
    current = Q(memberships__role=Role.HOTLINE_OPERATOR, memberships__since__lte=now, memberships__user__is_active=True)
    current &= Q(memberships__until=None) | Q(memberships__until__gt=now)
    return (
        Agency.objects.annotate(operators=Count("memberships", filter=current))
        .filter(operators__gt=0)
        .order_by("-operators", "name")
    )
