"""Conferences of those who assist a child: when, where, who is asked to come, what is spoken of, what was decided.

Each point and each decision belongs to a part of the file, so that whoever comes reads their parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.access.models import PARTS, Consent, FileRow
from amanat.access.policy import REFERRALS_BY_OWNERSHIP, Part
from amanat.cases.models import Case, Task
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed

if TYPE_CHECKING:
    from datetime import datetime

    from amanat.referrals.models import Response


class ConferenceState(models.TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


class Conference(SealedModel):
    """`place`: where they meet, an address, a room or a link. `why`: why it does not take place.

    `number` is random: an agency that is invited knows the conference by it. `new_since`: from when on the agenda told what is new,
    kept when it is held.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="conferences")
    number = models.CharField(max_length=8, unique=True)
    held_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ConferenceState, default=ConferenceState.PLANNED)
    called_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    new_since = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    place = Sealed("referrals.conference.place", part=Part.EXISTENCE)
    why = Sealed("referrals.conference.why", part=Part.EXISTENCE)

    if TYPE_CHECKING:  # where a page has loaded it (`conferences.one`)
        asked: list[Invited]
        in_circle: list[Membership]  # of these
        before: datetime | None

    class Meta:
        indexes = [models.Index(fields=["case", "held_at", "id"], name="conference_of_case")]

    def __str__(self) -> str:
        return self.number

    @property
    def file_row(self) -> FileRow:
        return self.case

    @property
    def is_planned(self) -> bool:
        return self.state == ConferenceState.PLANNED


class Invited(FileRow):
    """Somebody of the circle of care, or an agency, that is asked to come. `subject` is the child's.

    Without a membership it is in the hands of the agency until the conference is held or the consent withdrawn: by code name it learns
    that there is one, when and where.
    `parts`: what is spoken of with them, as far as a consent names it at that time.
    """

    by_ownership: ClassVar = REFERRALS_BY_OWNERSHIP

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="invited")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    parts = models.JSONField(default=list)
    held_at = models.DateTimeField()  # that of the conference
    came = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "membership"], condition=Q(membership__isnull=False), name="invited_once"
            ),
            models.UniqueConstraint(
                fields=["conference", "agency"], condition=Q(membership__isnull=True), name="agency_invited_once"
            ),
        ]
        indexes = [
            models.Index(fields=["membership", "held_at", "id"], name="invited_worker"),
            models.Index(fields=["agency", "held_at", "id"], name="invited_agency", condition=Q(membership=None)),
            models.Index(fields=["subject"], name="invited_subject"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.membership.user.display_name if self.membership else self.agency.name

    @classmethod
    def in_hands(cls) -> Q:
        return Q(membership=None, consent__withdrawn_at=None) & ~Q(conference__state=ConferenceState.HELD)

    @property
    def is_in_hands(self) -> bool:
        if self.membership_id is not None or self.conference.state == ConferenceState.HELD:
            return False
        return self.consent is None or self.consent.withdrawn_at is None


class Point(SealedModel):
    """What is spoken of. Those that the product finds are written down only when the conference is held; before that they are
    worked out at each look (`agenda`).

    `content`: {kind, and what `agenda` needs to say it in its reader's language}. `words`: the minutes of it.
    """

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="points")
    part = models.CharField(max_length=20, choices=PARTS)
    place = models.PositiveSmallIntegerField()
    content = Sealed("referrals.point.content", part_from="part")
    words = Sealed("referrals.point.words", part_from="part")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "place"], name="one_point_a_place")]

    def __str__(self) -> str:
        return f"point {self.place}"

    @property
    def file_row(self) -> FileRow:
        return self.conference.case


class Decision(SealedModel):
    """What was decided at a point: that alone, or also a task, or a need that is asked of somebody as a referral of `response`.

    A draft is written anew when it is changed, so its response and need are kept and not the row.
    """

    point = models.OneToOneField(Point, on_delete=models.CASCADE, related_name="decision")
    part = models.CharField(max_length=20, choices=PARTS)
    words = Sealed("referrals.decision.words", part_from="part")
    task = models.OneToOneField(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="decision")
    response: models.ForeignKey[Response | None, Response | None] = models.ForeignKey(
        "referrals.Response", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    need = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["response", "need"], name="decision_of_need")]

    def __str__(self) -> str:
        return "decision"

    @property
    def file_row(self) -> FileRow:
        return self.point.conference.case
