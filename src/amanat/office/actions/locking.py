"""The panic button: nobody is signed in any more, and no process holds the keys."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.people.models import Session
from amanat.vault import control
from amanat.web.errors import PersonFacingError

log = logging.getLogger(__name__)


def _and_drop_the_keys(lock: Callable[..., None]) -> Callable[..., None]:
    """Also where the database can't take it down: that must keep nobody from locking. Sessions end at the unlocking at the latest."""

    @wraps(lock)
    def locked(*args: Any, **kwargs: Any) -> None:
        try:
            lock(*args, **kwargs)
        except Error:
            log.exception("the workspace is locked, but this does not stand in the log")
        if not _drop_the_keys():
            raise PersonFacingError(
                _("Everybody is signed out, but the keys are still in the memory of the machine."),
                _("Switch off the machine on which Amanat runs."),
            )

    return locked


def _drop_the_keys() -> bool:
    try:
        return control.ask(Path(settings.WORKSPACE), {"ask": "lock"}) is not None
    except control.NoAnswer:
        return False


@verb(Verb.WORKSPACE_LOCK, around=_and_drop_the_keys)
def lock_workspace(*, actor: Actor) -> None:
    """End every session, and have every process that holds the keys end.

    Raises:
        PersonFacingError: whoever holds the keys does not answer.
    """
    Session.objects.all().delete()
