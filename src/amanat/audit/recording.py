"""Writing entries: beside what they tell of, in the caller's transaction; a refusal alone, in one of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Required, TypedDict, Unpack

from django.db import transaction

from amanat.audit.locks import Lock, hold
from amanat.audit.models import Entry, Outcome
from amanat.people.models import Membership, User
from amanat.vault import bulk
from amanat.vault.ids import side_by_side
from amanat.vault.models import Subject, SubjectKind

_office: Subject | None = None


class Mark(TypedDict, total=False):
    """What is told of an act. Without `subject` it concerns the office; `details` is any JSON object."""

    at: Required[datetime]
    verb: Required[str]
    outcome: Required[Outcome]
    user: User | None
    membership: Membership | None
    subject: Subject | None
    page: str
    details: dict[str, Any] | None


def record(**mark: Unpack[Mark]) -> Entry:
    """Insert an entry in the caller's transaction: it is kept exactly if what it tells of is.

    Raises:
        Erased: the subject's key is gone. Record such an act on the office, or without details.
    """
    entry = _entry(mark)
    entry.save(force_insert=True)
    return entry


@side_by_side()
def record_many(marks: Iterable[Mark]) -> list[Entry]:
    """Insert many entries at once, as `record` does one."""
    return bulk.insert(_entry(mark) for mark in marks)


def record_refusal(**mark: Unpack[Mark]) -> Entry:
    """Insert an entry in a transaction of its own, after what was refused has been rolled back.

    Raises:
        RuntimeError: a transaction is open, whose rollback would take the refusal with it.
    """
    with transaction.atomic(durable=True):
        return record(**mark)


def _entry(mark: Mark) -> Entry:
    subject = mark.get("subject") or office_subject()
    return Entry(
        subject=subject,
        at=mark["at"],
        user=mark.get("user"),
        membership=mark.get("membership"),
        verb=mark["verb"],
        outcome=mark["outcome"],
        page=mark.get("page", ""),
        details=mark.get("details"),
    )


def office_subject() -> Subject:
    """The subject of all that concerns no child: signing in, roles, keys, backups. Made when first asked for."""
    if _office is not None:
        return _office
    with transaction.atomic():
        hold(Lock.OFFICE)
        office = Subject.objects.filter(kind=SubjectKind.OFFICE).order_by("id").first()
        office = office or Subject.objects.begin(SubjectKind.OFFICE)
        # Kept only once it is committed: a rollback of the caller's transaction may take a new one with it.
        transaction.on_commit(lambda: _remember_office(office))
    return office


def _remember_office(office: Subject) -> None:
    global _office
    _office = office


def forget_office(**_signal: object) -> None:
    """Ask the database again next time: it was migrated or emptied."""
    global _office
    _office = None
