"""Visits to a child in the centre: who may come, and how it went."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class VisitState(models.TextChoices):
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    HELD = "held", _("took place")
    NOT_HELD = "not_held", _("did not take place")
    CALLED_OFF = "called_off", _("called off: the child left")


class Visit(SealedModel):
    """`content`: {who: [ids of people around the child], wish, wish_words, supervised, supervisor, reason}.
    `outcome`: {came: [ids], checked, words, child_after}, once it was recorded.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="visits")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=VisitState)
    decided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    content = Sealed("centre.visit.content", part=Part.CENTRE)
    outcome = Sealed("centre.visit.outcome", part=Part.CENTRE)

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="visit_of_case")]

    def __str__(self) -> str:
        return self.state

    @property
    def file_row(self) -> FileRow:
        return self.case
