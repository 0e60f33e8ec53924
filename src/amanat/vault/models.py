"""Subjects with their data keys, the base of every sealed row, and the postings of the keyed index."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from amanat.vault import bulk
from amanat.vault.ids import new_id
from amanat.vault.keys import NONCE, keyring

MASTER_GENERATION = b"\x01"
BOUND = b"amanat.subject.1"  # to what a wrapped data key is bound, before the subject


class Erased(Exception):
    """The subject's data key is gone: what was sealed under it can't be read again by anybody."""


class SubjectKind(models.TextChoices):
    CHILD = "child", _("child")
    SHARED = "shared", _("shared record")
    OFFICE = "office", _("office")
    DRAFT = "draft", _("draft")
    IMPORT = "import", _("import")


class SubjectManager(models.Manager["Subject"]):
    def begin(self, kind: SubjectKind) -> Subject:
        """A new subject with a fresh data key, saved."""
        return self.begin_many([kind])[0]

    def begin_many(self, kinds: Iterable[SubjectKind]) -> list[Subject]:
        return bulk.insert(Subject.fresh(kind) for kind in kinds)


class Subject(models.Model):
    """Whoever or whatever a sealed row is about. Erasing its key erases every row of it, in each backup that lacks the key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
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
        return BOUND + self.id.bytes

    @cached_property
    def cipher(self) -> AESGCM:
        """The cipher of the data key.

        Raises:
            Erased: there is no key any more.
            Locked: the workspace is locked.
        """
        if self.erased_at or not self.wrapped_key:
            raise Erased(str(self.id))
        return DataKey(self.id, bytes(self.wrapped_key)).cipher


@dataclass(frozen=True, slots=True)
class DataKey:
    """The wrapped data key of a subject that was not erased, without its row: for who opens hundreds."""

    id: uuid.UUID
    wrapped: bytes

    @property
    def cipher(self) -> AESGCM:
        nonce, box = self.wrapped[1 : 1 + NONCE], self.wrapped[1 + NONCE :]
        return AESGCM(keyring().master.decrypt(nonce, box, BOUND + self.id.bytes))


class SealedModel(models.Model):
    """A row that belongs to one subject. Its random id is the reference in addresses and part of what its values are bound to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Generation(models.Model):
    """Under which keys, and by which version of the fold, features are posted: one, and while a sweep runs the next beside it.

    `wrapped_keys` are the index's keys under the master key, made by a re-keying; empty means those of the header. They stand
    here and not in the header because a process that serves keeps the master key only, and must go on without a restart.
    """

    number = models.PositiveSmallIntegerField(primary_key=True)
    fold = models.PositiveSmallIntegerField()
    wrapped_keys = models.BinaryField(default=b"")
    swept_to = models.UUIDField(null=True)  # how far the sweep that makes this one has come; it says of what
    dropped_to = models.PositiveIntegerField(default=0)  # up to which number the postings before this one are gone
    whole = models.BooleanField(
        default=False
    )  # whatever is to be found is posted under it, and nothing under an older one

    def __str__(self) -> str:
        return f"generation {self.number}, fold {self.fold}"


class Indexed(models.Model):
    """A subject that can be found: the small number that stands for it in postings, and the digests that are posted.

    The digests are kept here once more, whole and in a row, so that postings can be taken out without opening anything.
    """

    number = models.AutoField(primary_key=True)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="indexed")
    generation = models.ForeignKey(Generation, on_delete=models.PROTECT, db_index=False, related_name="+")
    digests = models.BinaryField()  # 8 bytes each, of `generation`
    before = models.BinaryField(default=b"")  # while a sweep runs: those of the generation before
    card = models.BinaryField(
        default=b""
    )  # what comparing needs, sealed under the subject's key; of the generation's fold

    def __str__(self) -> str:
        return f"number {self.number}"


class EntryField(models.BigIntegerField):  # type: ignore[type-arg]
    """A 64-bit key. On SQLite it is the row's own number, so that the table is its own, clustered index."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class Posting(models.Model):
    """One keyed feature of one subject in one number: 5 bytes of its digest, then 3 of the subject's number. See vault.index."""

    entry = EntryField(primary_key=True)

    def __str__(self) -> str:
        return f"{self.entry:x}"
