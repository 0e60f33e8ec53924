"""Alerts: what somebody has to take now. An alert is about a case, and says nothing of the child before it is taken."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.access.models import FileRow
from amanat.cases.models.case import Case
from amanat.people.models import Agency, Membership
from amanat.vault.models import SealedModel


class AlertKind(models.TextChoices):
    P1 = "p1", _("a child in danger now (P1)")
    SELF_HARM = "self_harm", _("danger of self-harm")
    MISSING = "missing", _("a child is missing")
    ANSWER = "answer", _("answer that needs somebody at once")
    DETENTION = "detention", _("the detention of an accused has changed")
    NEW_CASE = "new_case", _("a case from a call needs a case manager")


class Alert(SealedModel):
    """Goes to the duty list of `agency`, one more person every few minutes, until somebody takes it.

    `tell_next_at`: when the next one is told; None once it is taken. `is_over`: what it asked for is there, as whoever has it now said:
    nobody has to do anything any more. What whoever raised it wrote stands in the timeline, for who took it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=20, choices=AlertKind)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    raised_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    tell_next_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    is_over = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["tell_next_at"], name="alert_tell_next", condition=Q(tell_next_at__isnull=False)),
            models.Index(fields=["agency", "raised_at", "id"], name="alert_waits", condition=Q(taken_at=None)),
            models.Index(fields=["taken_at", "id"], name="alert_taken", condition=Q(taken_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def file_row(self) -> FileRow:
        return self.case


class AlertTold(models.Model):
    """Who was told of an alert, when. `instead_of`: whose deputy they are; `as_supervisor`: after the list was at its end."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="told")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    instead_of = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    as_supervisor = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "membership"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.alert}: {self.membership}"
