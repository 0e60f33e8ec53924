"""Phones that may fetch forms and send what was filled in, and what came from one and could not be filed by itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

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


class FormKey(SealedModel):
    """The private half of the key that phones encrypt to, PKCS#8 in base64, under the office's subject. A workspace has one."""

    number = models.PositiveSmallIntegerField(unique=True)
    made_at = models.DateTimeField()
    private = Sealed("api.form_key.private", part="office")

    def __str__(self) -> str:
        return f"form key {self.number}"


class Fault(models.TextChoices):
    """Why a packet did not open."""

    ALTERED = "altered", _("It is not what the phone signed: something was changed on the way.")
    DAMAGED = "damaged", _("It was damaged on the way, or on the phone.")
    FOREIGN = "foreign", _("It was encrypted for another workspace, or its key was damaged.")
    MISSING = "missing", _("Some of its files have not come.")


class Waiting(SealedModel):
    """A packet that its worker has to see to. It has a subject of its own, like an import: nobody knows yet whom it is about.

    `packet`: as it came, in base64. `fault`: why it did not open; without one, it lacks a child that it can be filed on.
    `about`: the case that it names, so that it goes when that child's file is erased.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)  # of the packet, keyed: sent again, it waits once
    form = models.CharField(max_length=200)
    arrived_at = models.DateTimeField()
    packet = Sealed("api.waiting.packet", part="draft")
    instance_id = models.CharField(max_length=100, blank=True, db_index=True)
    fault = models.CharField(max_length=10, choices=Fault, blank=True)
    about = models.UUIDField(null=True, db_index=True)

    class Meta:
        ordering = ["arrived_at"]

    def __str__(self) -> str:
        return self.form
