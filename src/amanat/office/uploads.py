"""Workbooks that an administrator uploaded and that have faults. They stand in clear: a form says nothing of a child.

What has none becomes a version of its form at once (`forms.kept`) and waits there to be published.
"""

from __future__ import annotations

from django.db import models

from amanat.packs import Fault
from amanat.people.models import Membership
from amanat.vault.ids import new_id


class Upload(models.Model):
    """One workbook with its faults, kept until it is mended or thrown away. `form`: its form_id, or the file's name where
    not even that could be read; the next one of the same takes its place."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.CharField(max_length=200, unique=True)
    source_name = models.CharField(max_length=200)
    source = models.BinaryField()
    faults = models.JSONField(default=list)  # of each the four texts of a `Fault`
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.source_name

    @property
    def told_faults(self) -> list[Fault]:
        """What is wrong in it, in the language of whoever uploaded it."""
        return [Fault(*texts) for texts in self.faults]
