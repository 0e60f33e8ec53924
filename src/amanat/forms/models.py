"""Forms, their versions, and what was filled in about a child.

A form says nothing of anybody and stands in clear. Of what was filled in, only that it is there, when, by whom and with which
version; the answers are sealed, each part of the file for itself.
"""

from __future__ import annotations

from django.db import models

from amanat.access.models import PARTS
from amanat.packs.labels import Label
from amanat.people.models import Membership
from amanat.vault.ids import new_id
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class Form(models.Model):
    """A form by its `form_id`, and which of its versions is offered. One of a pack has a row once it was first filled in or tried.

    `follows_pack`: what the pack says now is offered; false once an administrator chose a version, or none.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100, unique=True)
    published = models.ForeignKey(
        "FormVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    follows_pack = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)  # two administrators at once: see `cases.actions.marking.hold`

    def __str__(self) -> str:
        return self.name


class FormVersion(models.Model):
    """A form as it was written once. Never changed: records point to the very questions that were answered.

    `digest`: SHA-256 of source, media and files. `extras`: the columns `amanat::…` for the engine. `media`: CSV files that it reads,
    {file name: text}. `title`: {language: text}. `facts`: what the settings say (`source`, `licence`, `verified`).
    `parts`: whose eyes its answers are for, so that a list need not compile it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64)
    source_name = models.CharField(max_length=200)
    source = models.BinaryField()
    xform = models.BinaryField()
    extras = models.BinaryField(default=b"{}")
    media = models.JSONField(default=dict)
    title = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    parts = models.JSONField(default=list)
    made_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # none: it came with a pack
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "digest"], name="one_version_a_digest")]

    def __str__(self) -> str:
        return f"{self.source_name} {self.version}"

    @property
    def label(self) -> Label:
        return Label(self.title)


class FormFile(models.Model):
    """A picture, sound or film that a version of a form shows. Apart from the version, so that no screen loads them with it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="files", db_index=False)
    name = models.CharField(max_length=200)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="one_file_a_name")]

    def __str__(self) -> str:
        return self.name


class Record(SealedModel):
    """A form that was filled in about a child. `number` counts the child's records from 1; it is what paper and timeline say.

    `version` counts its corrections. `form_version` and `language` are those of the last one.
    """

    number = models.PositiveIntegerField()
    instance_id = models.CharField(max_length=100, unique=True)
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="records")
    language = models.CharField(max_length=20, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    needs_review = models.BooleanField(default=False)  # it came from a phone and does not hold

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "number"], name="one_record_a_number")]

    def __str__(self) -> str:
        return f"record {self.number}"


class Answers(SealedModel):
    """The answers of one part of a record, as they stood from one version on: an XForm instance with the nodes of that part.

    A correction adds rows for the parts that it changed and touches no other, so that who sees one part opens no other.
    `reason`: why it was corrected, under each of these parts. `confirmed`: nothing was changed, somebody looked it through.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="answers")
    part = models.CharField(max_length=20, choices=PARTS)
    version = models.PositiveIntegerField(default=1)  # of the record, when these were written
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    instance = Sealed("forms.answers.instance", part_from="part")
    reason = Sealed("forms.answers.reason", part_from="part")
    confirmed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "part", "version"], name="one_part_of_a_record_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.record_id}"
