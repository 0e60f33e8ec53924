"""What every register of the desk shows around itself."""

from __future__ import annotations

from typing import Any

from amanat.access.pages import Request
from amanat.access.policy import Verb


def sheet(request: Request, **context: Any) -> dict[str, Any]:
    """The context of `desk/register.html`: who reads it, and the number of the sheet if it is printed."""
    actor = request.actor
    return context | {"officer": actor.may(Verb.LOOK_DESK), "sheet": f"{actor.now:%y%m%d-%H%M%S}"}
