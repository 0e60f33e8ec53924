"""The verb that notes in a call which advice cards were read out. What is typed on the call's page meanwhile is not touched."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import Closed, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.hotline.actions import standing
from amanat.hotline.models import Call
from amanat.web.errors import PersonFacingError


@verb(Verb.CALL_WRITE)
def read_out(call: Call, *, card: str, was_read: bool = True, actor: Actor) -> Call:
    """Note that a card was read out or sent, or (without `was_read`) that it was not after all.

    The version stays: nobody's page shows the cards in a field.

    Raises:
        Closed: the actor does not write calls.
        PersonFacingError: the pack has no such card.
    """
    file = open_file(actor, call.matter)
    if not file.writes(Part.CALL):
        raise Closed(Part.CALL)
    if card not in {one.code for one in packs.current().advice}:
        raise PersonFacingError(_("There is no such card."))
    standing.lock(call)
    call.refresh_from_db(fields=["content"])
    content = dict(file.open(call, "content") or {})
    others = [code for code in content.get("cards") or [] if code != card]
    call.content = content | {"cards": [*others, card] if was_read else others}
    call.save(update_fields=["content"])
    return call
