"""Papers of many children, gathered into one file: the row is the queue, each child's paper a row of it.

All is sealed under a subject of the bundle's own and goes with it, a day after the last paper was made.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.cases.models import Case
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed

BUNDLE_PART = "bundle"  # no part of a child's file: a bundle is its owner's alone


class BundleState(models.TextChoices):
    GATHERING = "gathering", _("is being gathered")
    DONE = "done", _("ready")
    STOPPED = "stopped", _("stopped")


class Bundle(SealedModel):
    """`wanted`: {paper, language, reason, problem}. `asked`: of how many children; who was erased since has no row any more.

    `cursor` counts the children who were gone through; `tries`: how often the next one was begun.
    """

    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=BundleState, default=BundleState.GATHERING)
    asked = models.PositiveSmallIntegerField()
    cursor = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    ends_at = models.DateTimeField()
    wanted = Sealed("exchange.bundle.wanted", part=BUNDLE_PART)

    class Meta:
        indexes = [
            models.Index(fields=["by", "asked_at", "id"], name="bundle_of"),
            models.Index(fields=["state"], name="bundle_working", condition=Q(state=BundleState.GATHERING)),
        ]

    def __str__(self) -> str:
        return f"bundle, {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("exchange.bundle", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.state == BundleState.GATHERING


class SheetState(models.TextChoices):
    WAITS = "waits", _("waits")
    MADE = "made", _("made")
    LEFT_OUT = "left_out", _("left out")


class BundleSheet(SealedModel):
    """The paper of one child. `made`: {pdf, in base 64} or {why} it was left out."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="sheets")
    place = models.PositiveSmallIntegerField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=SheetState, default=SheetState.WAITS)
    made = Sealed("exchange.bundle_sheet.made", part=BUNDLE_PART)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bundle", "place"], name="one_sheet_a_place")]

    def __str__(self) -> str:
        return f"paper {self.place}, {self.get_state_display()}"
