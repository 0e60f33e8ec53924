"""The public part of the directory, written for the public site."""

from __future__ import annotations

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.directory import public


@verb(Verb.DIRECTORY_EXPORT, about=lambda services: f"public part: {services} services")
def publish(*, actor: Actor) -> int:
    """How many services everybody may read now."""
    return public.write(actor.now)
