"""New keys without anybody's words: the data key of one child, of all, and the keys of the index. Each verb only says that it is to
be done; the process that works beside the requests does it (`desk.rekeying`, `cases.sweeping`)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.audit.locks import Lock, hold
from amanat.cases.models import Case
from amanat.desk.actions.locking import check_conflict, lock
from amanat.vault import generations, resealing
from amanat.vault.models import Generation, Rotation
from amanat.web.errors import PersonFacingError


@verb(Verb.KEYS_CHILD)
def rotate_data_key(case: Case, *, reason: str, actor: Actor) -> Rotation:
    """Give one child's file a new key and seal all of it anew. Asked again before that is done, it goes on.

    Raises:
        Refused: a conflict keeps the actor out of a part of the file.
        Gone: the file was erased meanwhile.
    """
    lock(case)
    check_conflict(case, actor)
    return resealing.begin(case.subject, actor.now)


@verb(Verb.KEYS_DATA)
def rotate_data_keys(*, reason: str, actor: Actor) -> Rotation:
    """The same for all files, what families share, imports and what concerns the office."""
    hold(Lock.OFFICE)  # asked for twice, it is one
    return resealing.begin(None, actor.now)


@verb(Verb.KEYS_INDEX)
def rotate_index_keys(*, reason: str, actor: Actor) -> Generation:
    """Post all children anew in the index, under fresh keys.

    Raises:
        PersonFacingError: it is being made anew.
    """
    if not generations.is_whole() or (begun := generations.begin(new_keys=True)) is None:
        raise PersonFacingError(
            _("The index is being made anew already."), _("Wait until that is done, then ask for new keys.")
        )
    return begun
