"""What needs a second person before it happens: roles that reach children, and a lost second factor."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.people.models import Agency, Membership, Role, Site, User
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class ProposalKind(models.TextChoices):
    ROLE = "role", _("a role")
    RESET = "reset", _("a new way in after a lost second factor")


class Proposal(SealedModel):
    """Proposed by one person, confirmed or declined by another. `reason` is sealed under the office's subject."""

    kind = models.CharField(max_length=10, choices=ProposalKind)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    confirmed = models.BooleanField(default=False)
    reason = Sealed("office.proposal.reason", part="office")

    class Meta:
        ordering = ["proposed_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.user}"
