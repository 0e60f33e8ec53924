"""What workers state in the course of identification, beside screenings and age. Statements are only ever added: the newest holds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class StatementKind(models.TextChoices):
    STATUS = "status", _("formal status")
    APPEAL = "appeal", _("appeal against a status")
    REVIEW = "review", _("review of a status")
    VULNERABILITY = "vulnerability", _("assessment of vulnerability")
    OBSTACLE = "obstacle", _("obstacle to identification")
    RESPONSE = "response", _("response to an obstacle")
    INTERVIEW = "interview", _("interview")


class Statement(SealedModel):
    """One statement about a child. `content` is a JSON object; what stands in it says the verb that wrote it (`identification.actions`).

    `about`: the statement that this one answers: a status, by an appeal or a review; an obstacle, by a response. Of an interview,
    `verbatim` is what the child said and `interpretation` what the interviewer made of it: two fields, so that nobody mixes them.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=20, choices=StatementKind)
    about = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content = Sealed("identification.statement.content", part=Part.FACTS)
    verbatim = Sealed("identification.statement.verbatim", part=Part.NARRATIVE)
    interpretation = Sealed("identification.statement.interpretation", part=Part.NARRATIVE)

    class Meta:
        indexes = [models.Index(fields=["subject", "kind", "at", "id"], name="statement_of_child")]

    def __str__(self) -> str:
        return self.kind

    @property
    def file_row(self) -> FileRow:
        return self.case
