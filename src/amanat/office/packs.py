"""Country packs that were brought in, as they came. They stand in clear: a pack says nothing of a child.

Which one the workspace uses its header says; here stands what one can go back to, and in which order they were used.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from amanat.packs import Fault, Label
from amanat.packs.bundles import Bundle, of_zip
from amanat.packs.faults import MOST
from amanat.people.models import Membership
from amanat.vault.ids import new_id


class PackVersion(models.Model):
    """One version of a pack. `archive`: its files as a .zip, empty where it comes with Amanat. `turn`: the number of its last
    taking into use, None before that. `by` is None for what was brought in on the machine itself.

    One with faults is kept until it is mended or thrown away; the next of its name takes its place.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    version = models.CharField(max_length=40, blank=True)
    title = models.JSONField(default=dict)  # by language
    digest = models.CharField(max_length=64, blank=True)
    archive = models.BinaryField(blank=True, default=b"")
    faults = models.JSONField(default=list)  # of each the four texts of a `Fault`
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    turn = models.PositiveIntegerField(null=True, unique=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["name", "version", "digest"], name="one_pack_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()

    @property
    def told_faults(self) -> list[Fault]:
        """What is wrong in it, in the language of whoever uploaded it."""
        return [Fault(*texts) for texts in self.faults]

    @property
    def label(self) -> Label:
        return Label(self.title)

    @property
    def is_shipped(self) -> bool:
        """It comes with Amanat."""
        return not (self.faults or self.digest)

    @property
    def bundle(self) -> Bundle:
        return of_zip(f"{self.name}.zip", bytes(self.archive))


def as_kept(faults: Sequence[Fault]) -> list[list[str]]:
    """As `faults` keeps them."""
    return [fault.texts for fault in faults[:MOST]]
