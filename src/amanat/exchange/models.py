"""An import with all that was read and found, sealed under a subject of its own: the clear columns say how far the work is, no more.

Also kept: which field a column of such a file went into the last time, and which rows made which files.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.exchange.models_bundles import Bundle as Bundle
from amanat.exchange.models_bundles import BundleSheet as BundleSheet
from amanat.exchange.models_bundles import BundleState as BundleState
from amanat.exchange.models_bundles import SheetState as SheetState
from amanat.people.models import Agency, Membership
from amanat.vault.models import SealedModel, Subject
from amanat.vault.sealing import Sealed

PART = "import"  # no part of a child's file: an import is its author's alone


class State(models.TextChoices):
    """How far an import is. Two of them are work that goes on by itself."""

    RECEIVED = "received", _("waits for its columns")
    MAPPED = "mapped", _("its columns are known")
    LOOKING = "looking", _("is being read")
    LOOKED = "looked", _("waits for your choice")
    TAKING = "taking", _("is being taken in")
    DONE = "done", _("taken in")
    STOPPED = "stopped", _("stopped")


WORKING = (State.LOOKING, State.TAKING)


class Import(SealedModel):
    """A file that a worker brought. It goes with its subject when it is discarded, and after 30 days.

    `about`: name, size and key of the sealed file, and its columns. `mapping`: what each of them becomes. `wanted`: which rows are
    to be taken; or, where the work stopped by itself, why. `cursor` counts the rows that the work of this state has gone through;
    `version` rises with each verb and tells a batch that it was overtaken. `whole`: the dry run came to the end. `tries`: how often the
    batch at the cursor was begun.
    """

    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    version = models.PositiveIntegerField(default=1)
    file = models.UUIDField()
    digest = models.BinaryField(max_length=16)  # keyed, so that the same file is known again and no other
    rows = models.PositiveIntegerField(default=0)
    cursor = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    whole = models.BooleanField(default=False)
    about = Sealed("exchange.import.about", part=PART)
    mapping = Sealed("exchange.import.mapping", part=PART)
    wanted = Sealed("exchange.import.wanted", part=PART)

    class Meta:
        indexes = [
            models.Index(fields=["by", "received_at", "id"], name="import_of"),
            models.Index(fields=["state"], name="import_working", condition=Q(state__in=WORKING)),
        ]

    def __str__(self) -> str:
        return f"import, {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        """Where its author goes on."""
        pages = {State.RECEIVED: "columns", State.MAPPED: "columns", State.TAKING: "taken", State.DONE: "taken"}
        return reverse(f"exchange.{pages.get(State(self.state), 'look')}", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.state in WORKING


class Batch(SealedModel):
    """Some rows of an import (see `work.BATCH`) as the dry run read them, with what it found; and what became of them since.

    The counts are those of rows, but for `wrong`, which counts cells; a row that was taken, put into a file that was there, or set
    aside counts as that only. `first` is the place of the first row in the file.
    """

    held = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="batches")
    first = models.PositiveIntegerField()
    rows = models.PositiveSmallIntegerField()
    fresh = models.PositiveSmallIntegerField(default=0)  # makes a new file
    right = models.PositiveSmallIntegerField(default=0)  # does, and no cell of it is wrong
    known = models.PositiveSmallIntegerField(default=0)  # may be known in the worker's own circle
    again = models.PositiveSmallIntegerField(default=0)  # made a file before, as it stands here
    empty = models.PositiveSmallIntegerField(default=0)  # names nobody
    wrong = models.PositiveIntegerField(default=0)
    denied = models.PositiveSmallIntegerField(default=0)  # can be taken, and says that no consent was given
    taken = models.PositiveSmallIntegerField(default=0)
    into = models.PositiveSmallIntegerField(default=0)  # put into a file that was there
    aside = models.PositiveSmallIntegerField(default=0)
    content = Sealed("exchange.batch.content", part=PART)
    outcome = Sealed("exchange.batch.outcome", part=PART)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["held", "first"], name="one_batch_a_place")]

    def __str__(self) -> str:
        return f"rows from {self.first}"


class ImportedRow(models.Model):
    """A row that made a child's file or was put into one, by digests that nobody without the keys can make: of all that stood in it,
    and of whom it named.

    So the same file makes nothing twice, and a row that was changed meanwhile is told instead of being taken as another child.
    `by`: who brought it. They know that they did, also when they see the file no longer.
    """

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    row = models.BinaryField(max_length=16)
    who = models.BinaryField(max_length=16)

    class Meta:
        indexes = [
            models.Index(fields=["row", "subject"], name="imported_row"),
            models.Index(fields=["who", "subject"], name="imported_who"),
        ]

    def __str__(self) -> str:
        return f"row of {self.subject_id}"


class Remembered(SealedModel):
    """What an agency made of the columns of a file of this shape the last time; sealed under the office's subject."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.BinaryField(max_length=16)
    used_at = models.DateTimeField()
    mapping = Sealed("exchange.remembered.mapping", part=PART)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "fingerprint"], name="one_mapping_a_shape")]

    def __str__(self) -> str:
        return f"columns, last used {self.used_at:%Y-%m}"
