"""What stands before acts on a whole file: the lock under which it is erased, kept from being erased, or given a new key, one after
the other; and that no conflict keeps the actor out of any part of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.models import Conflict, FileRow
from amanat.people.models import User
from amanat.web.errors import PersonFacingError, Refused

Row = TypeVar("Row", bound=FileRow)


class Gone(PersonFacingError):
    """The file was erased meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("This file is not there any more."))


def files_of(row: Row) -> QuerySet[Row]:
    """All files of the same subject: the cases of a child; of a matter itself alone."""
    return type(row)._default_manager.filter(subject=row.subject_id).order_by("pk")


def lock(row: Row) -> list[Row]:
    """All files of the subject as they stand, locked until the transaction ends.

    Raises:
        Gone: there is none any more.
    """
    if not (found := list(files_of(row).select_for_update(no_key=True))):
        raise Gone()
    return found


def check_conflict(row: FileRow, actor: Actor) -> None:
    """Raises:
    Refused: a conflict keeps the actor out of the file or a part of it.
    """
    if is_kept_out(row, [actor.user]):
        raise Refused(_("A conflict keeps you out of a part of this file."), _("Somebody else has to do it."))


def is_kept_out(row: FileRow, users: Iterable[User]) -> bool:
    return Conflict.objects.filter(subject=row.subject_id, user__in=users, lifted_at=None).exists()
