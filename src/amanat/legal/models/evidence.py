"""Pieces of evidence and the chain of who had them. Both are only ever added."""

from __future__ import annotations

from django.db import models

from amanat.access.models import PARTS
from amanat.cases.models import Attachment, Case
from amanat.legal.models.proceedings import OfCase
from amanat.people.models import Membership
from amanat.vault.sealing import Sealed


class Evidence(OfCase):
    """A thing or a document. `content`: what it is, its SHA-256 (of the attached document, else of its description), how it was found."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    part = models.CharField(max_length=20, choices=PARTS)
    number = models.PositiveSmallIntegerField()  # counts on its case
    document = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content = Sealed("legal.evidence.content", part_from="part")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="one_evidence_a_number")]

    def __str__(self) -> str:
        return f"evidence {self.number}"


class Handing(OfCase):
    """One link of the chain: who handed it to whom, when, where, why, and in which condition. `digest` in it binds it to the one before."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="handings")
    part = models.CharField(max_length=20, choices=PARTS)
    number = models.PositiveSmallIntegerField()
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content = Sealed("legal.handing.content", part_from="part")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="one_handing_a_number")]

    def __str__(self) -> str:
        return f"handing {self.number}"
