"""What every row of the directory has beside the columns of the standard."""

from __future__ import annotations

from django.db import models

from amanat.packs.hsds import LONGEST_NAME
from amanat.packs.labels import FALLBACK, Label
from amanat.vault.ids import new_id


class Row(models.Model):
    """One row of a table of HSDS.

    Not of the standard: `given_id`, under which a package named it where that was no UUID; `texts`, what stands in a column in
    other languages than English (`{"name": {"ru": "…"}}`); `source`, where it comes from, and whether somebody checked it there.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    given_id = models.TextField(blank=True)
    texts = models.JSONField(default=dict, blank=True)
    source = models.TextField(blank=True)
    verified = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def label_of(self, column: str) -> Label:
        """Give a text in the languages in which it is there."""
        plain = str(getattr(self, column))
        told = {FALLBACK: plain} if plain else {}
        return Label({**told, **self.texts.get(column, {})})


class Named(Row):
    """A row that people know by a name."""

    name = models.CharField(max_length=LONGEST_NAME)
    alternate_name = models.TextField(blank=True)
    description = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label.text()

    @property
    def label(self) -> Label:
        return self.label_of("name")

    @property
    def told(self) -> Label:
        """Its description."""
        return self.label_of("description")
