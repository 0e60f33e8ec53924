"""Counting several things in one query."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


def count(rows: QuerySet[Any]) -> Coalesce:
    """How many there are, to be asked beside something else."""
    counted = rows.order_by().annotate(_all=Value(1)).values("_all").annotate(_count=Count("pk")).values("_count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
