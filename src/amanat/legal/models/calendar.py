"""The feed of a worker's appointments."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from amanat.people.models import Membership


class Feed(models.Model):
    """By a token that is kept as its SHA-256, a calendar program reads when its holder has appointments, and nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership"], condition=Q(revoked_at=None), name="one_feed_a_worker")
        ]

    def __str__(self) -> str:
        return "calendar feed"
