"""What needs a second person before it happens: roles that reach children, and a lost second factor."""

from __future__ import annotations

import uuid
from collections.abc import Container

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.access.policy import SECOND_PERSON, SECOND_PERSON_FOR_DPO
from amanat.office.backups.models import Backup, BackupPlan, Destination, KeptFile
from amanat.office.health.models import DeviceClock, RestoreDrill
from amanat.office.packs import PackVersion
from amanat.office.uploads import Upload
from amanat.people.models import Agency, Membership, Role, Site, User
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed

__all__ = [
    "Backup",
    "BackupPlan",
    "Destination",
    "DeviceClock",
    "KeptFile",
    "PackVersion",
    "Proposal",
    "ProposalKind",
    "RestoreDrill",
    "Upload",
]

STILL_OPEN = Q(decided_at=None)


class ProposalKind(models.TextChoices):
    ROLE = "role", _("a role")
    RESET = "reset", _("a new way in after a lost second factor")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def told(self) -> ProposalQuerySet:
        """With all that a page says of them."""
        return self.select_related("subject", "user", "agency", "site", "proposed_by__user", "proposed_by__agency")

    def waiting(self) -> ProposalQuerySet:
        """Those that nobody has decided yet, the oldest first."""
        return self.told().filter(STILL_OPEN).order_by("proposed_at", "id")


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

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "role"],
                condition=STILL_OPEN & Q(kind=ProposalKind.ROLE),
                name="one_waiting_role",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=STILL_OPEN & Q(kind=ProposalKind.RESET), name="one_waiting_reset"
            ),
        ]

    def __str__(self) -> str:
        if self.kind == ProposalKind.RESET:
            return f"{self.user}: {self.get_kind_display()}"
        return f"{self.user}: {self.get_role_display()}, {self.agency}"

    def second_person(self, dpos: Container[uuid.UUID]) -> Role:
        """The role that decides: on what concerns one of the data protection officers a supervisor, on everything else the DPO."""
        about_dpo = self.role == SECOND_PERSON if self.kind == ProposalKind.ROLE else self.user_id in dpos
        return SECOND_PERSON_FOR_DPO if about_dpo else SECOND_PERSON
