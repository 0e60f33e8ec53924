"""What somebody looked for, kept sealed in their session under a random reference, so that the way back leads to it again.

The reference stands in the address, the words never do. Of each session the last few are kept, and no longer than it lasts.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict

from django.contrib.sessions.backends.base import SessionBase

from amanat.cases.find import Asked

KEPT = 5
NAME = "searches"


def keep(session: SessionBase, asked: Asked, reference: str = "") -> str:
    """The reference under which it is kept: the one given, where it is one of this session, in the place of what stood there."""
    held: list[list[object]] = session.get(NAME, [])
    others = [one for one in held if one[0] != reference]
    if len(others) == len(held):
        reference = secrets.token_hex(16)
    session[NAME] = [*others, [reference, asdict(asked)]][-KEPT:]
    return reference


def kept(session: SessionBase, reference: str) -> Asked | None:
    """What was looked for; None where it is not of this session, or was pushed out by later ones."""
    return next((Asked.of(words) for held, words in session.get(NAME, []) if held == reference), None)
