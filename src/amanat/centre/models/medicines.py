"""Medicines of a child: what a health worker ordered, and each dose with who gave it and who stood by."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class MedicineOrder(SealedModel):
    """`content`: {medicine, dose, how, hours, at_most, if_needed}: `hours` is the least time between two doses, `at_most` how many in
    24 hours (0: no limit). `why` stands in the health file. Changed it is never: it ends, and another one begins.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="medicine_orders")
    begins = models.DateField()
    until = models.DateField(null=True, blank=True)
    ordered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    ended_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    content = Sealed("centre.medicine_order.content", part=Part.HEALTH_ALERTS)
    why = Sealed("centre.medicine_order.why", part=Part.HEALTH_FILE)

    class Meta:
        indexes = [models.Index(fields=["case", "ordered_at", "id"], name="order_of_case")]

    def __str__(self) -> str:
        return "medicine order"

    @property
    def file_row(self) -> FileRow:
        return self.case


class Dose(SealedModel):
    """`content`: {result: taken, refused or later, words, why_sooner}. The second pair of initials is `witness`, never the giver."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="doses")
    order = models.ForeignKey(MedicineOrder, on_delete=models.PROTECT, related_name="doses")
    given_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    written_at = models.DateTimeField()
    witness = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    witnessed_at = models.DateTimeField(null=True, blank=True)
    content = Sealed("centre.dose.content", part=Part.HEALTH_ALERTS)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(witness=None) | ~Q(witness=models.F("given_by")), name="two_initials_of_two_people"
            )
        ]
        indexes = [models.Index(fields=["order", "given_at", "id"], name="dose_of_order")]

    def __str__(self) -> str:
        return "dose"

    @property
    def file_row(self) -> FileRow:
        return self.case
