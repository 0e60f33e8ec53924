"""Screenings by a list of indicators. A screening stands on a file: a child's, or a matter of a hotline."""

from __future__ import annotations

import uuid

from django.db import models

from amanat.access.models import PARTS
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class Screening(SealedModel):
    """One screening in one version; a correction is the next version of the same `series`, and the former one stays.

    `content`: {list, title, source, verified, pack, digest, weights: {code: [group, strength]}, groups: {name: label},
    labels: {code: label}, answers: {code: {is, who, note}}, acts: [code], no_act, who, note, reason, language, from_call}.
    It holds the list as it was, so that its finding can be explained later; labels are {language: text}.
    """

    part = models.CharField(max_length=20, choices=PARTS)
    series = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1)
    newest = models.BooleanField(default=True)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField()
    content = Sealed("identification.screening.content", part_from="part")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "version"], name="one_screening_a_version")]
        indexes = [models.Index(fields=["subject", "newest", "happened_at", "id"], name="screening_of")]

    def __str__(self) -> str:
        return f"screening, version {self.version}"
