"""Placing and lifting legal holds."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.models import FileRow
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.cases import holds_asked
from amanat.desk.actions.locking import lock
from amanat.desk.models import Hold
from amanat.web.errors import PersonFacingError


@verb(Verb.HOLD_PLACE)
def place(row: FileRow, *, reason: str, actor: Actor) -> Hold:
    """Keep everything about this child, or of this matter, from being erased until the hold is lifted.

    Raises:
        Gone: the file was erased meanwhile.
    """
    lock(row)
    hold = Hold.objects.create(
        subject=row.subject, placed_by=actor.membership, placed_at=actor.now, words={"reason": reason}
    )
    holds_asked.placed(row, actor)
    return hold


@verb(Verb.HOLD_LIFT)
def lift(row: FileRow, *, hold: Hold, reason: str, actor: Actor) -> Hold:
    """End a hold; the file can be erased again, if no other stands on it.

    Raises:
        PersonFacingError: it was lifted before.
    """
    here = Hold.objects.select_for_update(no_key=True).filter(pk=hold.pk, subject=row.subject_id, lifted_at=None)
    held = here.first()
    if held is None:
        raise PersonFacingError(_("This hold was lifted before."))
    held.lifted_by, held.lifted_at = actor.membership, actor.now
    held.save(update_fields=["lifted_by", "lifted_at"])
    return held
