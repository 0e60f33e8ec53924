"""Subjects with their data keys, the base of every sealed row, and the postings of the keyed index."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from functools import cached_property

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.vault.keys import NONCE, keyring

MASTER_GENERATION = b"\x01"


class Erased(Exception):
    """The subject's data key is gone: what was sealed under it can't be read again by anybody."""


class SubjectKind(models.TextChoices):
    CHILD = "child", _("child")
    SHARED = "shared", _("shared record")
    OFFICE = "office", _("office")
    DRAFT = "draft", _("draft")


class SubjectManager(models.Manager["Subject"]):
    def begin(self, kind: SubjectKind) -> Subject:
        """A new subject with a fresh data key, saved."""
        return self.begin_many([kind])[0]

    def begin_many(self, kinds: Iterable[SubjectKind]) -> list[Subject]:
        return self.bulk_create([Subject.fresh(kind) for kind in kinds])


class Subject(models.Model):
    """Whoever or whatever a sealed row is about. Erasing its key erases every row of it, in each backup that lacks the key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=SubjectKind)
    wrapped_key = models.BinaryField()
    erased_at = models.DateTimeField(null=True)

    objects = SubjectManager()

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @classmethod
    def fresh(cls, kind: SubjectKind) -> Subject:
        """Unsaved, with a new data key wrapped by the master key."""
        subject = cls(kind=kind)
        nonce = secrets.token_bytes(NONCE)
        box = keyring().master.encrypt(nonce, secrets.token_bytes(32), subject._bound())
        subject.wrapped_key = MASTER_GENERATION + nonce + box
        return subject

    def _bound(self) -> bytes:
        return b"amanat.subject.1" + self.id.bytes

    @cached_property
    def cipher(self) -> AESGCM:
        """The cipher of the data key.

        Raises:
            Erased: there is no key any more.
            Locked: the workspace is locked.
        """
        if self.erased_at or not self.wrapped_key:
            raise Erased(str(self.id))
        held = bytes(self.wrapped_key)[1:]
        return AESGCM(keyring().master.decrypt(held[:NONCE], held[NONCE:], self._bound()))


class SealedModel(models.Model):
    """A row that belongs to one subject. Its random id is the reference in addresses and part of what its values are bound to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Posting(models.Model):
    """One keyed feature of one subject: HMAC of a name, a phone, a document number. See vault.index."""

    family = models.CharField(max_length=10)
    generation = models.PositiveSmallIntegerField(default=1)
    digest = models.BinaryField(max_length=16)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="postings")

    class Meta:
        indexes = [models.Index(fields=["digest", "subject"], name="posting_digest")]

    def __str__(self) -> str:
        return f"{self.family} of {self.subject_id}"
