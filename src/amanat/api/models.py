"""Phones that may fetch forms and send what was filled in, and what came from one and could not be filed by itself."""

from __future__ import annotations

from django.db import models

from amanat.people.models import Membership
from amanat.vault.ids import new_id
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class Device(models.Model):
    """A phone of a worker. `name` is what it signs in by; `digest`: SHA-256 of name and password, which was shown once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=20, unique=True)
    label = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    added_at = models.DateTimeField()
    used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering = ["added_at"]

    def __str__(self) -> str:
        return self.label


class Waiting(SealedModel):
    """A packet that its worker has to file or throw away. It has a subject of its own, like a draft: nobody knows yet whom it is about.

    `packet`: as it came, in base64.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)  # of the packet: sent again, it waits once
    form = models.CharField(max_length=200)
    arrived_at = models.DateTimeField()
    packet = Sealed("api.waiting.packet", part="draft")

    class Meta:
        ordering = ["arrived_at"]

    def __str__(self) -> str:
        return self.form
