"""Sessions of a psychologist with a child: what is planned, what the team reads of it, and what only its author reads."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class SessionState(models.TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    MISSED = "missed", _("missed")
    CANCELLED = "cancelled", _("cancelled")


class Session(SealedModel):
    """One session. `at`: when it is planned, or when it began. `plan`: {approach, aim, place, minutes}.

    `report`: what the team reads of it, the newest of its reports; None before it is recorded.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sessions")
    psychologist = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=SessionState, default=SessionState.PLANNED)
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    plan = Sealed("psychology.session.plan", part=Part.PSYCHOLOGY_SUMMARY)
    report = Sealed("psychology.session.report", part=Part.PSYCHOLOGY_SUMMARY)

    class Meta:
        indexes = [
            models.Index(fields=["case", "at", "id"], name="session_of_case"),
            models.Index(fields=["psychologist", "state", "at", "id"], name="session_of_worker"),
        ]

    def __str__(self) -> str:
        return self.state

    @property
    def file_row(self) -> FileRow:
        return self.case

    @property
    def is_planned(self) -> bool:
        return self.state == SessionState.PLANNED


class SessionReport(SealedModel):
    """What the team reads of a session. A correction is the next report; the former ones stay.

    `content`: {attendance, approach, minutes, language, interpreter, present, choices, summary, next, why_missed, reason}.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField(default=1)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    content = Sealed("psychology.session_report.content", part=Part.PSYCHOLOGY_SUMMARY)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="one_session_report_a_number")]

    def __str__(self) -> str:
        return f"report {self.number}"

    @property
    def file_row(self) -> FileRow:
        return self.session.case


class ProcessNote(SealedModel):
    """A psychologist's own note about a session or a group; nobody else reads it. Only ever added."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="process_notes")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="notes")
    group_part = models.ForeignKey(
        "psychology.GroupPart", on_delete=models.PROTECT, null=True, blank=True, related_name="notes"
    )
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    text = Sealed("psychology.process_note.text", part=Part.PSYCHOLOGY_NOTES)

    def __str__(self) -> str:
        return "process note"

    @property
    def file_row(self) -> FileRow:
        return self.case
