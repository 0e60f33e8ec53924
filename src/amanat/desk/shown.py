"""What every register of the desk shows around itself."""

from __future__ import annotations

from typing import Any

from amanat.access.pages import Request
from amanat.access.policy import Verb


def sheet(request: Request, **context: Any) -> dict[str, Any]:
    """The context of `desk/register.html`: whether its reader is an officer."""
    actor = request.actor
    return context | {"officer": actor.may(Verb.LOOK_DESK)}
