"""What rows of many rooms are: written once by somebody about one case."""

from __future__ import annotations

from django.db import models

from amanat.access.models import FileRow
from amanat.cases.models.case import Case
from amanat.people.models import Membership
from amanat.vault.models import SealedModel


class OfCase(SealedModel):
    """A row of one case, written once by somebody."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def file_row(self) -> FileRow:
        return self.case
