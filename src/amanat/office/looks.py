"""Who looks after the log is in it as well: one entry for each look at the desk or the log, under the office."""

from __future__ import annotations

from typing import Any

from amanat.access.pages import Request
from amanat.access.policy import Verb
from amanat.access.verbs import log_line
from amanat.audit import recording
from amanat.audit.models import Outcome


def note_look(request: Request, verb: Verb = Verb.LOOK_DESK, **details: Any) -> None:
    """Insert the entry before the answer leaves; if it can't be written, nothing leaves."""
    recording.record(**log_line(request.actor, verb, Outcome.READ, None, **details))
