"""Referrals: what is asked of another agency for a child, how far it is, and each step of it. What was said is sealed under the child."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.access.models import PARTS, Consent, FileRow, Grant
from amanat.access.policy import REFERRALS_BY_OWNERSHIP, Part, Relation
from amanat.cases.models import Case, Task
from amanat.directory.models import Organization, Service
from amanat.people.models import Agency, Membership
from amanat.referrals.models_conferences import Conference as Conference
from amanat.referrals.models_conferences import Decision as Decision
from amanat.referrals.models_conferences import Invited as Invited
from amanat.referrals.models_conferences import Point as Point
from amanat.referrals.models_flows import Flow as Flow
from amanat.referrals.models_outside import Outgoing as Outgoing
from amanat.referrals.models_outside import OutsideKey as OutsideKey
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class Kind(models.TextChoices):
    SERVICE = "service", _("a service")
    TRANSFER = "transfer", _("the whole case")


class State(models.TextChoices):
    """Where a referral stands; what leads from one to another is the table in `states`."""

    DRAFT = "draft", _("being prepared")
    SENT = "sent", _("sent")
    SEEN = "seen", _("seen")
    ACCEPTED = "accepted", _("accepted")
    STARTED = "started", _("service begun")
    DONE = "done", _("done")
    DECLINED = "declined", _("declined")
    REVOKED = "revoked", _("revoked")
    EXPIRED = "expired", _("expired")
    DISCARDED = "discarded", _("not sent")


WAITS = (State.SENT, State.SEEN)  # for an answer: these expire
RUNNING = (State.ACCEPTED, State.STARTED)  # a receiver has the child
IN_HANDS = (*WAITS, *RUNNING)
# What is open has one. Said so that the database sees which index has just these rows.
WITH_DEADLINE = Q(due_at__isnull=False)
FAILED = (State.DECLINED, State.REVOKED, State.EXPIRED)


class Response(SealedModel):
    """What is asked for one child at once: medical today, shelter tonight, a lawyer tomorrow. Its referrals leave together."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="responses")
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "made_at"], name="response_of_case")]

    def __str__(self) -> str:
        return "response"

    @property
    def file_row(self) -> FileRow:
        return self.case


class Referral(FileRow):
    """One need asked of one agency, or of an organisation of the directory that has no Amanat. `subject` is the child's, `agency`
    the addressee.

    `case` belongs to the sender. `summary`: {need, age_band, sex, languages: [code], limits, words}: what the addressee decides on.
    `parts`: which parts of the file the receiver may see from acceptance to the end; `consent` is by what.
    `rings_at`: when the clock acts next (`clocks`); None where nothing waits. `due_at` is the deadline of the state it is in.
    """

    by_ownership: ClassVar = REFERRALS_BY_OWNERSHIP

    agency = models.ForeignKey(  # type: ignore[assignment]  # None: an organisation outside, which `by_ownership` never meets
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="referrals")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="referrals")
    number = models.CharField(max_length=8, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SERVICE)
    need = models.CharField(max_length=40)  # a code of the pack's list `service_need`
    urgency = models.CharField(max_length=20)  # a name of the pack's `referrals.toml`
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    parts = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField()  # when it came into the state it is in
    due_at = models.DateTimeField(null=True, blank=True)
    rings_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    receiver = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    comes_at = models.DateTimeField(null=True, blank=True)  # when the child comes, as the receiver said
    reason = models.CharField(max_length=40, blank=True)  # why it was declined: a code of `decline_reason`
    outcome = models.CharField(max_length=40, blank=True)  # a code of `referral_outcome`
    version = models.PositiveIntegerField(default=1)
    summary = Sealed("referrals.referral.summary", part=Part.REFERRAL_SUMMARY)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | Q(organisation__isnull=False), name="referral_goes_somewhere"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=IN_HANDS) | Q(due_at__isnull=False), name="open_referral_has_deadline"
            ),
        ]
        indexes = [
            models.Index(fields=["subject"], name="referral_subject"),
            models.Index(fields=["case", "made_at"], name="referral_of_case"),
            models.Index(fields=["agency", "due_at", "id"], name="referral_in_hands", condition=WITH_DEADLINE),
            models.Index(fields=["agency", "sent_at", "id"], name="referral_of_agency"),
            models.Index(fields=["agency", "state", "since"], name="referral_by_state"),
            models.Index(fields=["receiver", "due_at", "id"], name="referral_of_receiver"),
            models.Index(fields=["since", "id"], name="referral_by_since"),
            models.Index(fields=["rings_at"], name="referral_rings", condition=Q(rings_at__isnull=False)),
            models.Index(fields=["due_at", "id"], name="referral_by_due", condition=WITH_DEADLINE),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("referrals.referral", args=[self])

    @classmethod
    def in_hands(cls) -> Q:
        return WITH_DEADLINE & Q(state__in=IN_HANDS)

    @property
    def is_in_hands(self) -> bool:
        return self.state in IN_HANDS and self.due_at is not None

    @property
    def is_closed(self) -> bool:
        return self.state not in (State.DRAFT, *IN_HANDS)

    @property
    def to(self) -> Agency | Organization:
        """Whom it is asked of."""
        to = self.agency or self.organisation
        assert to is not None
        return to

    @classmethod
    def by_grant(cls, held: QuerySet[Grant], membership: uuid.UUID) -> Q:
        """Who receives another referral of this child is nobody here."""
        receives = held.filter(relation=Relation.RECEIVER).values("subject")
        return Q(subject__in=held.exclude(relation=Relation.RECEIVER).values("subject")) | Q(
            subject__in=receives, receiver=membership
        )

    def counts(self, relation: Relation, membership: uuid.UUID) -> bool:
        return relation is not Relation.RECEIVER or self.receiver_id == membership


class TakenBack(Referral):
    """One that was taken back from the agency that was asked, as it stands in a list of theirs: that it was, and why. `inbox` opens
    nothing else of it.
    """

    class Meta:
        proxy = True

    @classmethod
    def in_hands(cls) -> Q:
        return Q(state=State.REVOKED, sent_at__isnull=False)

    @property
    def is_in_hands(self) -> bool:
        return self.state == State.REVOKED and self.sent_at is not None


class Step(SealedModel):
    """One step of a referral; only ever added. `membership` is None where the clock or a code on a letter did it.

    `verb`: the move of the table, or one of `states.Noted`, or the verb of a step that moves nothing. A note of the receiver stands
    under `service_notes`, everything else under `referral_summary`. `words`: what was said.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=30)
    from_state = models.CharField(max_length=10, choices=State)
    to_state = models.CharField(max_length=10, choices=State)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    part = models.CharField(max_length=20, choices=PARTS, default=Part.REFERRAL_SUMMARY)
    words = Sealed("referrals.step.words", part_from="part")

    class Meta:
        indexes = [models.Index(fields=["referral", "at", "id"], name="step_of_referral")]

    def __str__(self) -> str:
        return f"{self.verb}: {self.from_state} to {self.to_state}"

    @property
    def file_row(self) -> FileRow:
        return self.referral


class Unmet(models.Model):
    """A need of a response that nobody took: since when, and the task that asks the case manager to act. It ends when the need is
    asked of somebody again, or the task is finished.
    """

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="unmet")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="unmet")
    need = models.CharField(max_length=40)
    urgency = models.CharField(max_length=20)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="unmet")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "need"], condition=Q(ended_at=None), name="unmet_once")
        ]
        indexes = [
            models.Index(fields=["since", "id"], name="unmet_now", condition=Q(ended_at=None)),
            models.Index(fields=["case"], name="unmet_of_case", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.need}, nobody took it"
