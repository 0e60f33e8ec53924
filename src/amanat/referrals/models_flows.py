"""How many referrals went from whom to whom, and what became of them: rows of numbers behind which no child stands."""

from __future__ import annotations

from django.db import models

from amanat.people.models import Agency

WITHIN = (1, 4, 12, 24, 72, 168)
"""Hours. An acceptance is counted under the first of them within which it came, or under `longer`; the steps are ours."""


class Flow(models.Model):
    """A month's referrals of one need from one agency to another, or to an organisation of the directory (`outside`).

    The month is that in which they were sent, by the country's clock, also of what became of them later.
    """

    month = models.DateField()  # its first day
    sender = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    to = models.UUIDField()
    outside = models.BooleanField()
    need = models.CharField(max_length=40)
    sent = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)  # of the accepted: by the deadline of the procedure
    declined = models.PositiveIntegerField(default=0)
    expired = models.PositiveIntegerField(default=0)
    revoked = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    within_1 = models.PositiveIntegerField(default=0)
    within_4 = models.PositiveIntegerField(default=0)
    within_12 = models.PositiveIntegerField(default=0)
    within_24 = models.PositiveIntegerField(default=0)
    within_72 = models.PositiveIntegerField(default=0)
    within_168 = models.PositiveIntegerField(default=0)
    longer = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "sender", "to", "outside", "need"], name="one_flow"),
        ]

    def __str__(self) -> str:
        return f"{self.month}: {self.sent}"
