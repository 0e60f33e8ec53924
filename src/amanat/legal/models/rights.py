"""Rights of a child as they were given, asked for or refused; and legal holds that were asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.legal.models.proceedings import OfCase
from amanat.people.models import Membership
from amanat.vault.sealing import Sealed


class RightState(models.TextChoices):
    GIVEN = "given", _("given")
    ASKED = "asked", _("asked for")
    REFUSED = "refused", _("refused")
    NOT_NEEDED = "not_needed", _("not needed here")


class RightRecord(OfCase):
    """How it stands with one right of the child on a day. Only ever added: the newest of a right holds."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rights")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content = Sealed("legal.right.content", part=Part.LEGAL_STATUS)
    words = Sealed("legal.right.words", part=Part.LEGAL_FILE)

    class Meta:
        indexes = [models.Index(fields=["subject", "-at", "-id"], name="right_of_child")]

    def __str__(self) -> str:
        return "right"


class HoldAsked(OfCase):
    """That somebody asked for a legal hold: `words` for the data protection officer, `answer` (why not) for whoever asked."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds_asked")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declined = models.BooleanField(default=False)
    words = Sealed("legal.hold_asked.words", part=Part.AUDIT)
    answer = Sealed("legal.hold_asked.answer", part=Part.LEGAL_STATUS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=Q(answered_at=None), name="one_hold_asked_a_child")
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="hold_asked_waits", condition=Q(answered_at=None))]

    def __str__(self) -> str:
        return "legal hold asked for"
