"""What the policy reads: who stands in which relation to whom, until when; consents, conflicts, emergency accesses, reveals; and drafts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.labels import PART_LABELS, RELATION_LABELS
from amanat.access.policy import BY_OFFICE, BY_OWNERSHIP, CIRCLE, Part, Relation
from amanat.people.models import Agency, Membership, Role, User
from amanat.vault.ids import new_id
from amanat.vault.models import SealedModel, Subject
from amanat.vault.sealing import Sealed

PARTS = [(part.value, PART_LABELS[part]) for part in Part]
RELATIONS = [(relation.value, RELATION_LABELS[relation]) for relation in Relation]


class FileRow(SealedModel):
    """A row that is a file of its own for the policy: it has a subject and an agency that owns it (a case, a matter of a hotline).

    `by_ownership` and `by_office` say which roles are a relation to it by themselves: in the owning agency, or everywhere.
    """

    by_ownership: ClassVar[Mapping[Role, Relation]] = BY_OWNERSHIP
    by_office: ClassVar[Mapping[Role, Relation]] = BY_OFFICE

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    if TYPE_CHECKING:  # what each of them has

        @property
        def is_closed(self) -> bool: ...

        def get_absolute_url(self) -> str: ...

    @classmethod
    def in_hands(cls) -> Q:
        """Of which rows `by_ownership` counts now; `is_in_hands` is the same rule for one row."""
        return Q()

    @property
    def is_in_hands(self) -> bool:
        return True

    @classmethod
    def by_grant(cls, held: QuerySet[Grant], membership: uuid.UUID) -> Q:
        """Which rows the places that somebody holds reach; `counts` is the same rule for one place and one row."""
        return Q(subject__in=held.values("subject"))

    def counts(self, relation: Relation, membership: uuid.UUID) -> bool:
        return True

    @property
    def file_row(self) -> FileRow:
        return self

    def beside(self) -> QuerySet[Any] | None:
        """The subjects of files that pages about this one name beside it, as a query that is not asked; None where there can be none."""
        return None


class Consent(SealedModel):
    """A consent to share parts of a file, for a purpose, with a recipient. `details`: who gave it, in which words, the evidence, what
    was read out. `number`: that of the sheet, random, by which the recipient knows later which consent was withdrawn.
    `also`: further recipients, by reference, and `OUTSIDE` for one that is no agency here, whose name is sealed.
    `end_told_at`: when it was told that places in the circle of care end with its last day.
    """

    OUTSIDE: ClassVar[str] = "outside"

    purpose = models.CharField(max_length=40)
    recipient = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    parts = models.JSONField(default=list)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    override_ground = models.CharField(max_length=40, blank=True)
    number = models.CharField(max_length=9, blank=True)
    also = models.JSONField(default=list)
    end_told_at = models.DateTimeField(null=True, blank=True)
    details = Sealed("access.consent.details", part="consent")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_consent_a_number"),
        ]
        indexes = [
            models.Index(fields=["subject", "recipient"], name="consent_of"),
            models.Index(fields=["until"], name="consent_ends", condition=Q(until__isnull=False, end_told_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} for {self.recipient}"

    def is_for(self, agency: Agency | None) -> bool:
        """Whether it names an agency; None: one that is no agency here."""
        if agency is None:
            return self.OUTSIDE in self.also
        return self.recipient_id == agency.pk or agency.pk.hex in self.also

    @property
    def others(self) -> list[uuid.UUID]:
        """The agencies of the network that it names besides its recipient, as they were written down."""
        return [uuid.UUID(ref) for ref in self.also if ref != self.OUTSIDE]

    @property
    def recipients(self) -> set[uuid.UUID]:
        """The agencies of the network that it names."""
        return {*self.others} | ({self.recipient_id} if self.recipient_id else set())

    def holds(self, now: datetime) -> bool:
        """Whether it is in force: what `Grant.objects.active` asks the database. It begins when it is recorded, not at midnight.

        `until` is its last day: it ends at midnight where the actor is, like every day that a page shows.
        """
        return self.withdrawn_at is None and (self.until is None or self.until >= timezone.localdate(now))


class WithdrawalNotice(models.Model):
    """That a consent was withdrawn, for an agency that shared in it, until somebody there confirms that nothing is used any more.

    It says nothing about the child: the consent's number stands on the sheet that the agency was given.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="notices")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consent", "agency"], name="one_notice_an_agency")]
        indexes = [models.Index(fields=["agency", "confirmed_at"], name="notice_of_agency")]

    def __str__(self) -> str:
        return f"withdrawal told to {self.agency}"


class GrantQuerySet(models.QuerySet["Grant"]):
    def active(self, now: datetime) -> GrantQuerySet:
        """Begun, not ended, and if they rest on a consent: that consent is in force."""
        lasting = Q(until=None) | Q(until__gt=now)
        resting = Q(consent=None) | Q(consent__withdrawn_at=None) & (
            Q(consent__until=None) | Q(consent__until__gte=timezone.localdate(now))
        )
        return self.filter(lasting, resting, since__lte=now)

    def of(self, membership: uuid.UUID, stands_for: Sequence[uuid.UUID]) -> GrantQuerySet:
        """A worker's own, and the places in circles of care of those whom they stand in for; no emergency passes to a deputy."""
        return self.filter(Q(membership=membership) | Q(membership__in=stands_for, relation__in=CIRCLE))


class Grant(models.Model):
    """A relation of one membership to one subject's file. Written only by verbs; what `visible_to` reads.

    `parts`: of those that its consent names, the ones that it reaches; None: all of them.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="grants")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="grants")
    relation = models.CharField(max_length=20, choices=RELATIONS)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    parts = models.JSONField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "membership", "relation"], condition=Q(until=None), name="one_open_grant"
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(until=None, relation=Relation.CASE_MANAGER.value),
                name="one_case_manager",
            ),
        ]
        indexes = [models.Index(fields=["membership", "until", "subject"], name="grant_of_membership")]

    def __str__(self) -> str:
        return f"{self.membership}: {self.relation}"


class Conflict(SealedModel):
    """A person who is kept out of a file (or of one part of it), whatever their relations. `details`: why."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=20, blank=True, choices=PARTS)  # blank: the whole file
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    details = Sealed("access.conflict.details", part="audit")

    class Meta:
        indexes = [models.Index(fields=["user", "subject"], name="conflict_of_user")]

    def __str__(self) -> str:
        return f"{self.user} is kept out"


class EmergencyAccess(SealedModel):
    """A file opened in an emergency, for four hours; judged afterwards by the supervisor. `details`: reason and judgement."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    second = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)
    judgement = models.CharField(max_length=20, blank=True)
    details = Sealed("access.emergency.details", part="existence")

    def __str__(self) -> str:
        return f"emergency access of {self.membership}"


class EmergencyTry(models.Model):
    """A try to open a file in an emergency, counted before it looks; one that opens something is taken out again."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["membership", "at"], name="emergency_tries")]

    def __str__(self) -> str:
        return f"try of {self.membership}"


class Reveal(models.Model):
    """A part shown to a supervisor for some minutes, after re-authentication and with a reason (which stands in the audit log)."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=20, choices=PARTS)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["membership", "subject", "until"], name="reveal_of")]

    def __str__(self) -> str:
        return f"{self.part} for {self.membership}"


class Draft(SealedModel):
    """What somebody has typed on a page and not yet sent. Only its author ever sees it; it goes after 30 days."""

    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(_("page"), max_length=200)
    saved_at = models.DateTimeField()
    body = Sealed("access.draft.body", part="draft")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "page"], name="one_draft_a_page")]

    def __str__(self) -> str:
        return f"draft of {self.author}"


# How many answers about children elsewhere a worker gets, in any so many hours.
ANSWERS_A_DAY, DAY_OF_ANSWERS = 20, timedelta(days=1)


class ExistenceAnswer(models.Model):
    """One answer to *is this child known?* outside the asker's circle; counted against the daily limit. The reason is in the log."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["membership", "at"], name="existence_answers")]

    def __str__(self) -> str:
        return f"existence answer for {self.membership}"
