"""A package that somebody brought and nobody took yet."""

from __future__ import annotations

from django.db import models

from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed

PART = "package"  # no part of a child's file


class Package(SealedModel):
    """Sealed, for it may tell where a shelter is. `about`: name and publisher, faults, what it would change. The next one of the
    same worker takes its place; it goes when it was taken or thrown away."""

    by = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    content = Sealed("directory.package.content", part=PART)
    about = Sealed("directory.package.about", part=PART)

    def __str__(self) -> str:
        return f"package of {self.brought_at:%Y-%m-%d}"
