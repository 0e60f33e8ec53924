"""Group sessions, each a record of its own that several children share, and contacts in a crisis."""

from __future__ import annotations

from django.db import models

from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.models import Alert, Case
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class GroupSession(SealedModel):
    """A session with several children, under a subject of its own. It names none of them; what is of a child stands in its part.

    `content`: {theme, approach, course, minutes}.
    """

    psychologist = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    written_at = models.DateTimeField()
    content = Sealed("psychology.group.content", part=Part.PSYCHOLOGY_SUMMARY)

    def __str__(self) -> str:
        return "group session"


class GroupPart(SealedModel):
    """A child's part in a group session. `content`: {attendance, words}. It leads to the group as `shared`."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="group_parts")
    shared = models.ForeignKey(GroupSession, on_delete=models.PROTECT, related_name="parts")
    at = models.DateTimeField()  # that of the group
    content = Sealed("psychology.group_part.content", part=Part.PSYCHOLOGY_SUMMARY)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shared", "case"], name="one_part_of_a_group_a_case")]
        indexes = [models.Index(fields=["case", "at", "id"], name="group_part_of_case")]

    def __str__(self) -> str:
        return "part in a group session"

    @property
    def file_row(self) -> FileRow:
        return self.case


class CrisisContact(SealedModel):
    """Somebody of the circle was there for a child in a crisis. Only ever added.

    `content`: {way, danger, what, done, after, with_child}. `danger` is a code of `crisis_danger`; where there is any, `alert` is that
    of the duty list.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="crisis_contacts")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    written_at = models.DateTimeField()
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    content = Sealed("psychology.crisis.content", part=Part.SAFETY)

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="crisis_of_case")]

    def __str__(self) -> str:
        return "crisis contact"

    @property
    def file_row(self) -> FileRow:
        return self.case
