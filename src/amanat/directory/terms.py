"""Words by which entries are sorted, and what a package tells of its own making."""

from __future__ import annotations

from django.db import models

from amanat.directory.rows import Named, Row


class Taxonomy(Named):
    uri = models.TextField(blank=True)
    version = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "taxonomies"


class TaxonomyTerm(Named):
    """`taxonomy_name` is the column `taxonomy` of the standard: the name of one that has no row of its own."""

    code = models.TextField(blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    taxonomy_name = models.TextField(blank=True)
    language = models.TextField(blank=True)
    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.PROTECT, null=True, blank=True, related_name="terms")
    term_uri = models.TextField(blank=True)


class Attribute(Row):
    """That a term says something of a row: `link_entity` is the kind of row (`service`), `link_id` which one."""

    link_id = models.UUIDField(db_index=True)
    taxonomy_term = models.ForeignKey(TaxonomyTerm, on_delete=models.CASCADE, related_name="attributes")
    link_type = models.TextField(blank=True)
    link_entity = models.TextField()
    value = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.link_entity} {self.link_id}"


class Metadata(Row):
    """One change of a row, as the package tells it that it came by."""

    resource_id = models.UUIDField(db_index=True)
    resource_type = models.TextField()
    last_action_date = models.DateField(null=True)
    last_action_type = models.TextField()
    field_name = models.TextField()
    previous_value = models.TextField(blank=True)
    replacement_value = models.TextField(blank=True)
    updated_by = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "metadata"

    def __str__(self) -> str:
        return f"{self.resource_type} {self.resource_id}"


class MetaTableDescription(Row):
    name = models.TextField(blank=True)
    language = models.TextField(blank=True)
    character_set = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name
