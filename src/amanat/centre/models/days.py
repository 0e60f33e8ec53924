"""The days of a house: what is written of each child, and of meals and activities. Entries are only ever added."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class LogKind(models.TextChoices):
    HAND_OVER = "hand_over", _("hand-over note")
    LOG = "log", _("entry of the log")


class LogEntry(SealedModel):
    """What was written of a child in the centre; a correction is an entry that `corrects` another one.

    `content`: {sleep, food, mood, school, watch: [code], medicine, visitors, words}: codes of the pack's lists `log_…`, and words.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="log_entries")
    house = models.ForeignKey("centre.House", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=12, choices=LogKind)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    content = Sealed("centre.log_entry.content", part=Part.CENTRE)

    class Meta:
        indexes = [
            models.Index(fields=["case", "written_at", "id"], name="log_of_case"),
            models.Index(fields=["subject", "written_at", "id"], name="log_of_subject"),
            models.Index(fields=["house", "written_at", "id"], name="log_of_house", condition=Q(house__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def file_row(self) -> FileRow:
        return self.case


class DayKind(models.TextChoices):
    MEAL = "meal", _("meal")
    ACTIVITY = "activity", _("activity")
    NOTE = "note", _("note on the house")
    INCIDENT = "incident", _("incident about no child")


class DayEntry(SealedModel):
    """A meal, an activity, a note or an incident of a day of a house; it names no child, so its subject is the office's.

    `content`: {what, how_many, severity, words}; `what` is a code of the pack's list `meal`, `activity` or `incident_kind`.
    """

    house = models.ForeignKey("centre.House", on_delete=models.PROTECT, related_name="day_entries")
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=DayKind)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    content = Sealed("centre.day_entry.content", part="office")

    class Meta:
        indexes = [models.Index(fields=["house", "day", "written_at", "id"], name="day_of_house")]

    def __str__(self) -> str:
        return self.kind


class StandardAssessment(SealedModel):
    """How a house stands by the standards of the pack, as it judges itself on a day; only ever added.

    `content`: {answers: {group: {is: yes, partly or no, evidence}}, words}.
    """

    house = models.ForeignKey("centre.House", on_delete=models.PROTECT, related_name="assessments")
    day = models.DateField()
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    content = Sealed("centre.standard_assessment.content", part="office")

    class Meta:
        indexes = [models.Index(fields=["house", "day", "id"], name="assessment_of_house")]

    def __str__(self) -> str:
        return f"assessment of {self.day}"


class Tally(models.Model):
    """How often something happened in a house in a month: numbers alone. What happened to whom is sealed. `day`: the month's first."""

    house = models.ForeignKey("centre.House", on_delete=models.CASCADE, related_name="tallies")
    day = models.DateField()
    what = models.CharField(max_length=20)
    code = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "day", "what", "code"], name="one_tally_of_house")]

    def __str__(self) -> str:
        return f"{self.what} {self.code}: {self.count}"
