"""The verbs after a hard call: the operator's own note, and the supervisor's word that they talked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.hotline.actions import standing
from amanat.hotline.models import Call, Note, NoteKind
from amanat.web.errors import PersonFacingError


@verb(Verb.CALL_DEBRIEF)
def debrief(call: Call, *, words: str, wishes_to_talk: bool, actor: Actor) -> Note:
    """Write down for oneself how a call was. Nobody else reads it; the supervisor learns only who wishes to talk.

    Raises:
        PersonFacingError: there is nothing to keep, or the call was a colleague's.
    """
    if not (words or wishes_to_talk):
        raise PersonFacingError(_("Write a word or two, or tick that you would like to talk."), field="words")
    if call.operator_id != actor.membership.pk:
        raise standing.not_yours(call)
    return Note.objects.create(
        subject=call.matter.subject,
        matter=call.matter,
        call=call,
        kind=NoteKind.DEBRIEF,
        part=Part.DEBRIEF,
        author=actor.membership,
        written_at=actor.now,
        wishes_to_talk=wishes_to_talk,
        words=words or None,
    )


@verb(Verb.CALL_TALKED)
def talked(note: Note, *, actor: Actor) -> Note:
    """Mark that the supervisor and the operator talked.

    Raises:
        PersonFacingError: nobody wishes to talk about this, or they have talked.
    """
    if not note.wishes_to_talk or note.talked_at is not None:
        raise PersonFacingError(_("Nobody is waiting to talk about this."))
    note.talked_at = actor.now
    note.save(update_fields=["talked_at"])
    return note
