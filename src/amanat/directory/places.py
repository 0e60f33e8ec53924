"""Places that nobody may know: shelters. What tells where one is stands here, sealed, and nowhere else."""

from __future__ import annotations

from django.db import models

from amanat.directory.offers import Location
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed

PART = "place"  # no part of a child's file


class ConfidentialPlace(SealedModel):
    """`content`: by the name of a table of HSDS its rows, as they would stand in a package: the location itself with its names,
    words, directions and coordinates; its addresses, phones, contacts, accessibility."""

    location = models.OneToOneField(Location, on_delete=models.PROTECT, related_name="place")
    content = Sealed("directory.place.content", part=PART)

    def __str__(self) -> str:
        return f"place {self.location_id}"
