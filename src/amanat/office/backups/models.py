"""What is kept about backups: where they go, when, and what came of each. The sealed files themselves are no rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.people.models import Membership
from amanat.vault.ids import new_id
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KEPT_DAYS = 30  # data, unless an office says otherwise (ours)
KEYS_DAYS = 35  # DESIGN §6: no key file is older anywhere that we reach


class Trouble(models.TextChoices):
    """Why a place was not reached, or a backup not made."""

    NONE = "", ""
    FAILED = "failed", _("It failed. The log of the server says why.")
    FOREIGN = "foreign", _("The place holds the backups of another workspace.")
    FULL = "full", _("The place is full.")
    FULL_HERE = "full_here", _("The disk of this machine is full.")
    INSIDE = (
        "inside",
        _("The folder lies in the workspace, or in Amanat: whatever takes these takes the backups, too."),
    )
    LIST = (
        "list",
        _("The list of erasures there is damaged, or another workspace's. Look at it, then take it away."),
    )
    MISSING = "missing", _("The folder is not there, or its file amanat-backups is missing: is the disk plugged in?")
    NETWORK = "network", _("The storage can't be reached.")
    NO_RECOVERY = "no_recovery", _("Nobody holds shares yet, so nobody could open a backup.")
    NOWHERE = "nowhere", _("No place was reached.")
    REFUSED = "refused", _("The storage refuses the key, or the bucket is another one.")


class DestinationKind(models.TextChoices):
    FOLDER = "folder", _("a folder or a USB disk")
    S3 = "s3", _("S3-compatible storage")
    ON_DEMAND = "on_demand", _("a folder, only on demand")


class DestinationQuerySet(models.QuerySet["Destination"]):
    def regular(self) -> DestinationQuerySet:
        """Those that the plan brings backups to."""
        return self.exclude(kind=DestinationKind.ON_DEMAND)

    def on_demand(self) -> DestinationQuerySet:
        return self.filter(kind=DestinationKind.ON_DEMAND)


class Destination(SealedModel):
    """A place that backups go to, or that somebody once named for one: its keys have to go in time, too.

    `access` (of S3: endpoint, region, key, secret) is sealed under the office's subject. `name` of a place on demand: its path.
    """

    name = models.CharField(_("name"), max_length=400, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=DestinationKind)
    place = models.CharField(_("place"), max_length=400)  # a folder's path, or bucket/prefix
    access = Sealed("office.destination.access", part="office")
    added_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=12, blank=True)  # a `Trouble`, of the last try
    erasures = models.PositiveIntegerField(default=0)  # how many the list tells of that lies there

    objects = DestinationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_regular(self) -> bool:
        return self.kind != DestinationKind.ON_DEMAND

    @property
    def told_trouble(self) -> StrOrPromise:
        return Trouble(self.trouble).label


class BackupPlan(models.Model):
    """When backups are made, and how long the data is kept. One row; without it, every night."""

    hour = models.PositiveSmallIntegerField(default=2, validators=[MaxValueValidator(23)])
    time_zone = models.CharField(max_length=60, default="UTC")
    keep_days = models.PositiveSmallIntegerField(
        default=KEPT_DAYS, validators=[MinValueValidator(1), MaxValueValidator(3650)]
    )

    def __str__(self) -> str:
        return f"daily at {self.hour}:00 {self.time_zone}"


class Backup(models.Model):
    """One backup: asked for by a person or due by the plan, begun, ended. It is the queue of the process that makes them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=40, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes of the two files
    reached = models.JSONField(default=list)  # names of the places
    trouble = models.CharField(max_length=12, blank=True)  # a `Trouble`

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["-asked_at"], name="backup_newest_first")]

    def __str__(self) -> str:
        return self.name or f"backup asked for at {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def told_trouble(self) -> StrOrPromise:
        return Trouble(self.trouble).label


class KeptFile(models.Model):
    """A sealed file of the workspace, as backups know it: its hash, and since when it is gone from here."""

    name = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    gone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
