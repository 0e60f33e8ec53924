"""Subjects with their data keys, the base of every sealed row, and the postings of the keyed index."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from amanat.vault import bulk
from amanat.vault.ids import new_id
from amanat.vault.keys import keyring


class Erased(Exception):
    """The subject's data key is gone: what was sealed under it can't be read again by anybody."""


class SubjectKind(models.TextChoices):
    CHILD = "child", _("child")
    SHARED = "shared", _("shared record")
    OFFICE = "office", _("office")
    DRAFT = "draft", _("draft")
    IMPORT = "import", _("import")
    MATTER = "matter", _("matter of a hotline")
    LOCATION = "location", _("confidential location")


def bound(subject: uuid.UUID) -> bytes:
    """To what a wrapped data key is bound."""
    return b"amanat.subject.1" + subject.bytes


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

    class Meta:
        # A few among millions: what the erasure list is made of, and whether anything was erased lately.
        indexes = [models.Index(fields=["erased_at"], name="subject_erased", condition=Q(erased_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @classmethod
    def fresh(cls, kind: SubjectKind) -> Subject:
        """Unsaved, with a new data key wrapped by the master key."""
        subject = cls(kind=kind)
        subject.wrapped_key = keyring().wrap(secrets.token_bytes(32), bound(subject.id))
        return subject

    @cached_property
    def cipher(self) -> DataCipher:
        """Seals under the data key, and opens.

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
    def cipher(self) -> DataCipher:
        return DataCipher(self)

    def unwrapped(self) -> AESGCM:
        """The cipher of this key and of no other."""
        return AESGCM(keyring().unwrap(self.wrapped, bound(self.id)))


class DataCipher:
    """Seals under one data key of a subject. What does not open under it is tried with the others that the subject has: those
    that were retired, the newest first, and the one of now, where this one was read before it came. They are asked for only then.
    """

    __slots__ = ("_key", "_others", "_own")

    def __init__(self, key: DataKey) -> None:
        self._key, self._own = key, key.unwrapped()
        self._others: list[AESGCM] = []

    def encrypt(self, nonce: bytes, clear: bytes, bound_to: bytes) -> bytes:
        return self._own.encrypt(nonce, clear, bound_to)

    def decrypt(self, nonce: bytes, box: bytes, bound_to: bytes) -> bytes:
        """Raises:
        InvalidTag: no key that the subject ever had opens it.
        """
        for cipher in chain([self._own], self._others, self._asked()):
            try:
                return cipher.decrypt(nonce, box, bound_to)
            except InvalidTag:
                continue
        raise InvalidTag

    def _asked(self) -> Iterator[AESGCM]:
        """The others as they are now, by one query."""
        now = Subject.objects.filter(pk=self._key.id).values_list("wrapped_key", Value(0, models.BigIntegerField()))
        retired = RetiredKey.objects.filter(subject=self._key.id).values_list("wrapped_key", "pk")
        told = sorted(now.union(retired, all=True), key=lambda pair: pair[1], reverse=True)
        held = [bytes(wrapped) for wrapped, _place in told]
        others = [DataKey(self._key.id, wrapped) for wrapped in held if wrapped and wrapped != self._key.wrapped]
        self._others = [key.unwrapped() for key in others]
        yield from self._others


class RetiredKey(models.Model):
    """A data key that a subject had before, under which the log and older backups still open. It goes when the subject is erased."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="retired")
    wrapped_key = models.BinaryField()
    retired_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"retired key of {self.subject_id}"


class RotationKind(models.TextChoices):
    MASTER = "master", _("master key")
    AUDIT = "audit", _("audit key")
    INTAKE = "intake", _("intake key")
    DATA = "data", _("data keys")


class Rotation(models.Model):
    """A key that took the place of another: since when, and how far what rests on it has been made anew."""

    kind = models.CharField(max_length=10, choices=RotationKind)
    generation = models.PositiveSmallIntegerField()
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")  # data of one child
    begun_at = models.DateTimeField()
    cursor = models.UUIDField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    again = models.BooleanField(default=False)  # of data keys: all are there, and a second look goes on

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "generation"], name="rotation_once", condition=~Q(kind=RotationKind.DATA)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.generation}: {self.done} of {self.total}"


class SealedModel(models.Model):
    """A row that belongs to one subject. Its random id is the reference in addresses and part of what its values are bound to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")

    by_subject: ClassVar[str] = "subject"  # the way to the rows of a subject, by an index
    only_added: ClassVar[bool] = False  # rows never change: what is sealed stays under the key of its time
    among_colleagues: ClassVar[bool] = False  # only for who works on the part, not for who receives it

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


class TakenPacket(models.Model):
    """A packet of the intake that was taken, by its id: a sender who heard no answer sends it again, and it is taken once."""

    id = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"packet {self.id}"


class Leftover(models.Model):
    """What is left to be done once something is committed: a sealed file to take away, by its id, or (without one) the database
    to be cleaned of the pages that an erasure has freed. Whoever is killed in between finds it again.

    A file stays until `keep_until`: somebody may be reading it, or writing it.
    """

    file = models.UUIDField(null=True)
    since = models.DateTimeField()
    keep_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"file {self.file}" if self.file else "freed pages"
