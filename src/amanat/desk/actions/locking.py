"""What stands before acts on a whole file: the lock under which it is erased, kept from being erased, or given a new key, one after
the other; and that no conflict keeps the actor out of any part of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.models import Conflict
from amanat.cases.models import Case
from amanat.people.models import User
from amanat.web.errors import PersonFacingError, Refused


class Gone(PersonFacingError):
    """The file was erased meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("This file is not there any more."))


def lock(case: Case) -> list[Case]:
    """All cases of the child as they stand, locked until the transaction ends.

    Raises:
        Gone: there is none any more.
    """
    rows = Case.objects.select_for_update(no_key=True).filter(subject=case.subject_id).order_by("pk")
    if not (found := list(rows)):
        raise Gone()
    return found


def check_conflict(case: Case, actor: Actor) -> None:
    """Raises:
    Refused: a conflict keeps the actor out of the file or a part of it.
    """
    if is_kept_out(case, [actor.user]):
        raise Refused(_("A conflict keeps you out of a part of this file."), _("Somebody else has to do it."))


def is_kept_out(case: Case, users: Iterable[User]) -> bool:
    return Conflict.objects.filter(subject=case.subject_id, user__in=users, lifted_at=None).exists()
