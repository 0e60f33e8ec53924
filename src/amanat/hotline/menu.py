"""What an actor may do to a matter, in the order of its page. The policy decides again when it is done."""

from __future__ import annotations

from typing import Final, cast

from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import Verb
from amanat.cases import matter_menu
from amanat.cases.matter_menu import Action, Talk, always
from amanat.hotline import keys
from amanat.hotline.models import Call, CallState, Matter

NOTE: Final = Action(Verb.MATTER_NOTE, "hotline.matter_note", _("Write a note"), "note", always)
TAKE: Final = Action(Verb.MATTER_TAKE, "hotline.take", _("Take it on"), "person", always)
HAND_OVER: Final = Action(Verb.MATTER_HAND_OVER, "hotline.hand_over_matter", _("Hand over"), "swap", always)
LINK: Final = Action(Verb.MATTER_LINK, "hotline.link", _("Link with another matter"), "plus", always)
CLOSE: Final = Action(Verb.MATTER_CLOSE, "hotline.close_matter", _("Close the matter"), "lock", always)
REOPEN: Final = Action(Verb.MATTER_REOPEN, "hotline.reopen_matter", _("Reopen the matter"), "unlock", always)


def offered(file: File) -> list[Action]:
    matter = cast(Matter, file.row)
    own = [TAKE] if matter.holder_id != file.actor.membership.pk else []
    of_rooms = matter_menu.actions(file)
    ours = [REOPEN, NOTE, LINK, *of_rooms] if matter.is_closed else [NOTE, *own, HAND_OVER, *of_rooms, LINK, CLOSE]
    return [action for action in ours if action.is_there(file)]


def talk(file: File) -> Talk | None:
    """The call that the actor is in talk on about this matter: one press leads back to it, or to the emergency."""
    if not file.may(Verb.CALL_WRITE):
        return None
    runs = Call.objects.filter(matter=file.row.pk, operator=file.actor.membership, state=CallState.TALKING)
    call = runs.select_related("matter").first()
    return Talk("hotline/talk.html", {"call": call, "keys": keys.IN_TALK}) if call else None
