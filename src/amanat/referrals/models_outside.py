"""Referrals to organisations that have no Amanat: what was handed to them, and by which code they say that it arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.directory.models import Organization
from amanat.people.models import Membership

if TYPE_CHECKING:
    from amanat.referrals.models import Referral


class How(models.TextChoices):
    """How a letter leaves."""

    LETTER = "letter", _("A letter, to print or to hand over")
    WORDS = "words", _("A sealed packet that six words open")
    KEY = "key", _("A sealed packet that only the recipient's own key opens")


class Outgoing(models.Model):
    """What was handed out for a referral. `digest`: of the code on it (`outside.codes`), under a key; the code itself is kept nowhere.

    `recipient`: the age key that it was sealed to. `acknowledged_at`: when the code was entered first.
    """

    referral: models.ForeignKey[Referral, Referral] = models.ForeignKey(
        "referrals.Referral", on_delete=models.CASCADE, related_name="outgoing"
    )
    digest = models.BinaryField(max_length=32, unique=True)
    how = models.CharField(max_length=10, choices=How)
    recipient = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10)
    parts = models.JSONField(default=list)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    good_until = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["referral", "made_at"], name="outgoing_of_referral")]

    def __str__(self) -> str:
        return f"{self.how} of {self.referral_id}"


class OutsideKey(models.Model):
    """The age key of an organisation, after somebody compared it with them by phone."""

    organisation = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="+")
    public = models.CharField(max_length=200)
    checked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"key of {self.organisation}"
