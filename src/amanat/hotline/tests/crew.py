"""More operators for the cast, and matters with calls in them: for tests of what matters have to do with each other."""

from __future__ import annotations

from typing import Any

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.hotline import content
from amanat.hotline.actions import calling, ending
from amanat.hotline.models import Call, Matter, Outcome
from amanat.people.models import Membership, Role, User
from tests.cast import Cast


def crew(cast: Cast) -> Cast:
    """The cast with gul, a second operator of the hotline in the north, and lale, an operator of the harbour."""
    for name, beside in (("gul", "nurana"), ("lale", "dowlet")):
        user = User.objects.create_user(name, "x", display_name=name.capitalize())
        held = cast[beside]
        cast[name] = Membership.objects.create(
            user=user, agency=held.agency, site=held.site, role=Role.HOTLINE_OPERATOR, since=held.since
        )
    return cast


def called(actor: Actor, *, matter: Matter | None = None, end: bool = True, **fields: Any) -> Call:
    """A call as an operator takes it: begun, written down, ended."""
    call = calling.start(channel="phone", matter=matter, actor=actor)
    if fields:
        calling.write_call(call, actor=actor, **fields)
    return ending.end(call, outcome=Outcome.ADVISED, actor=actor) if end else call


def told(call: Call, actor: Actor) -> dict[str, Any]:
    """What stands in a call now, for this reader."""
    call = Call.objects.select_related("subject", "matter__subject", "matter__agency").get(pk=call.pk)
    return content.fields_of(open_file(actor, call.matter), call)
