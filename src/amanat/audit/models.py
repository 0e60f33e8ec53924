"""What is kept of who did or saw what: entries, the queue of those not yet sealed, and the seals.

Rows are only ever inserted here; `guards` makes the database itself refuse anything else. How entries come to be stands
in `recording`, how they are sealed in `sealer`, how one finds out that somebody changed them in `verify`.
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.people.models import Membership, User
from amanat.vault.models import SealedModel, Subject
from amanat.vault.sealing import Sealed

DIGEST: Final = 32  # bytes of a SHA-256


class Outcome(models.TextChoices):
    DONE = "done", _("done")
    READ = "read", _("read")
    REFUSED = "refused", _("refused")


class Entry(SealedModel):
    """One thing that one person did, saw or was refused. Without a child or other subject it belongs to the office's own.

    `page` is the name of a route or a command; `details` (reason, parts, what changed, from where) is a JSON object under
    the subject's key. The chain runs over its ciphertext, so that erasing the subject leaves the log verifying.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("who")
    )
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    verb = models.CharField(_("what"), max_length=60)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome)
    page = models.CharField(_("page"), max_length=100, blank=True)
    details = Sealed("audit.entry.details", part="audit")

    only_added = True

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_who_looked"),
            models.Index(fields=["user", "at"], name="audit_acts_of"),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["at"], name="audit_refusals", condition=Q(outcome="refused")),
        ]

    def __str__(self) -> str:
        return f"{self.verb} ({self.outcome}) at {self.at:%Y-%m-%d %H:%M:%S}"


class Pending(models.Model):
    """An entry that waits for its seal. A trigger writes these, so that no entry can be forgotten.

    There is no foreign key: an entry that somebody removed before it was sealed must leave this trace of itself.
    """

    entry_id = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return f"entry {self.entry_id}, not yet sealed"


class Seal(models.Model):
    """A link of the chain: the entries that it seals, bound to the seal before it (see `chain`).

    `entries` lists their ids (hex), `fingerprints` the 32-byte hashes of their rows in the same order. `digest` covers these
    and the seal before; `mac` is the digest under the audit key of generation `key`, which stands in no database.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    entries = models.JSONField()
    fingerprints = models.BinaryField()
    digest = models.BinaryField(max_length=DIGEST)
    mac = models.BinaryField(max_length=DIGEST)
    key = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"seal {self.number} over {len(self.entries)} entries"
