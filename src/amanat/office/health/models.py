"""What is kept for the health page: restores that were tried, and by how much the clocks of devices differ. Nothing tells whose."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.people.models import Membership


class DrillOutcome(models.TextChoices):
    """What came of a restore that was tried."""

    READ = "read", _("everything could be read (--dry-run)")
    RESTORED = "restored", _("a workspace was made of it on another machine, and looked at")
    FAILED = "failed", _("it did not work")


class RestoreDrill(models.Model):
    """A restore that was tried on another machine, which this workspace can't know by itself: somebody noted it."""

    on = models.DateField()
    outcome = models.CharField(max_length=10, choices=DrillOutcome)
    noted_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-noted_at"]

    def __str__(self) -> str:
        return f"restore tried on {self.on:%Y-%m-%d}: {self.outcome}"


class DeviceClock(models.Model):
    """By how many seconds the clock of a device was ahead of ours; one a session and day, for a day.

    `mark` tells two sessions apart and leads back to none without the keys.
    """

    mark = models.CharField(primary_key=True, max_length=16)
    at = models.DateTimeField(db_index=True)
    ahead = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.ahead} s at {self.at:%H:%M}"
