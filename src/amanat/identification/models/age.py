"""What is known of the age of a person, finding by finding. Nothing is changed or taken out: what was known when stays readable."""

from __future__ import annotations

from django.db import models

from amanat.access.models import PARTS
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class AgeRecord(SealedModel):
    """One finding on a file: said, shown by a document, assessed, or only that there is doubt or none any more.

    `content`: {kind, day, least, most, birth_date, who, document, method, margin, consent, words, doubt, reasons, from_call};
    `least` and `most` are whole years on `day`. See `identification.age`.
    """

    part = models.CharField(max_length=20, choices=PARTS)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    content = Sealed("identification.age.content", part_from="part")

    class Meta:
        indexes = [models.Index(fields=["subject", "written_at", "id"], name="age_record_of")]

    def __str__(self) -> str:
        return "what is known of an age"
