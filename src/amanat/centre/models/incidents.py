"""Incidents in a centre. What happened stands once, under a subject of its own; what is of a child stands under the child."""

from __future__ import annotations

import uuid

from django.db import models

from amanat.access.models import PARTS, FileRow
from amanat.cases.models import Case
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class IncidentAccount(SealedModel):
    """One account of an incident: the first one, or what was added, corrected or closed later (`number` counts). Nothing is changed.

    `content`: {adds, kind, severity, words, done, told: [code], outside, next}; codes of the pack's lists `incident_…`. An allegation
    against staff belongs to a part that workers of the centre do not see. In clear stand how grave this account says it is (`severity`,
    "" where it says nothing of it) and whether it `closes` the incident, like risk and state of a case: they order and route the work.
    By them a grave one that is open comes to the day of its supervisor, and lists are whole. They name no kind and no child.
    """

    series = models.UUIDField(default=uuid.uuid4)
    number = models.PositiveSmallIntegerField(default=1)
    house = models.ForeignKey("centre.House", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    part = models.CharField(max_length=20, choices=PARTS)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField()
    severity = models.CharField(max_length=20, blank=True, default="")
    closes = models.BooleanField(default=False)
    content = Sealed("centre.incident_account.content", part_from="part")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "number"], name="one_account_a_number")]
        indexes = [
            models.Index(fields=["house", "happened_at", "id"], name="incident_of_house", condition=models.Q(number=1))
        ]

    def __str__(self) -> str:
        return f"account {self.number}"


class IncidentPart(SealedModel):
    """What an account says of one child; with it the child's file leads to the account (`shared`)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="incident_parts")
    shared = models.ForeignKey(IncidentAccount, on_delete=models.PROTECT, related_name="parts")
    part = models.CharField(max_length=20, choices=PARTS)
    written_at = models.DateTimeField()
    words = Sealed("centre.incident_part.words", part_from="part")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "shared"], name="one_part_a_child")]
        indexes = [models.Index(fields=["case", "written_at", "id"], name="incident_of_case")]

    def __str__(self) -> str:
        return "part of an incident"

    @property
    def file_row(self) -> FileRow:
        return self.case
