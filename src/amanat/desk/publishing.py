"""The list of erasures goes to every place where backups lie, as soon as something was erased."""

from __future__ import annotations

from amanat.office.backups.taking import AtWork, publish_erasures
from amanat.people.clock import clock


def publish() -> bool:
    """Whether it was tried; a place that could not be reached gets the list with its next backup."""
    try:
        publish_erasures(clock())
    except AtWork:  # a backup is being made; it is tried again after it
        return False
    return True
