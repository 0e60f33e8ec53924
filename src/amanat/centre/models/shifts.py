"""Who is on in a house, from when until when, and that whoever comes next has read what they were told. Nothing here is about a child."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from amanat.people.models import Membership
from amanat.vault.ids import new_id


class ShiftRule(models.Model):
    """How many have to be on in a house by day and at night, as its supervisor set it. Without one the pack's numbers hold."""

    house = models.OneToOneField("centre.House", on_delete=models.CASCADE, related_name="shift_rule")
    by_day = models.PositiveSmallIntegerField()
    by_night = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.by_day} by day, {self.by_night} at night"


class Shift(models.Model):
    """`begun_at`: when its worker opened the hand-over notes; `taken_over_at`: when every one of them was read."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    house = models.ForeignKey("centre.House", on_delete=models.PROTECT, related_name="shifts")
    worker = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="shifts")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    arranged_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    arranged_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    taken_over_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="shift_ends_after_it_starts")]
        indexes = [
            models.Index(fields=["house", "ends", "starts"], name="shift_of_house", condition=Q(cancelled_at=None)),
            models.Index(fields=["worker", "ends", "starts"], name="shift_of_worker", condition=Q(cancelled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.worker}: {self.starts:%Y-%m-%d %H:%M}"


class NoteRead(models.Model):
    """That a worker said to have read a hand-over note, when they took over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    note = models.ForeignKey("centre.LogEntry", on_delete=models.CASCADE, related_name="read_by")
    worker = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "worker"], name="note_read_once")]

    def __str__(self) -> str:
        return f"read by {self.worker}"
