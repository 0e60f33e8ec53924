"""How often a batch was begun and not finished: so that a file which ends the process, or one which the database refuses, is not
tried for ever while all others wait."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from amanat.exchange.models import Import
from amanat.web.errors import PersonFacingError

DEATHS: Final = 2  # processes that may end within one batch
FAILURES: Final = 8  # times that the database may refuse one, with a pause after each: four minutes in all
PAUSE: Final = timedelta(seconds=1)  # after the first; each is twice as long as the one before

Place = tuple[uuid.UUID, int, int]  # an import, its version and its cursor


class Overtaken(Exception):
    """The import was stopped, changed or taken on by another process while this batch was made: it is dropped."""


class Attempts:
    """Those of one process. `Import.tries` holds the number of all: what it counts and this process does not know of were deaths."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self._failed: dict[Place, tuple[int, datetime]] = {}

    def resting(self) -> list[uuid.UUID]:
        """Imports that have just failed and should be left alone for a while."""
        return [pk for (pk, *_where), (_count, until) in self._failed.items() if self.now() < until]

    def begin(self, held: Import) -> None:
        """Count an attempt, before anything is done that might end the process.

        Raises:
            PersonFacingError: there were too many.
            Overtaken: the import is not where `held` is.
        """
        failures, _until = self._failed.get(place_of(held), (0, None))
        if failures >= FAILURES or held.tries - failures >= DEATHS:
            raise PersonFacingError(
                _("The work on this file broke off several times at the same rows."),
                _("Share the rows among several files and send them one after the other."),
            )
        with transaction.atomic():
            here = Import.objects.filter(pk=held.pk, version=held.version, state=held.state, cursor=held.cursor)
            if not here.update(tries=F("tries") + 1):
                raise Overtaken

    def failed(self, place: Place) -> None:
        """Remember that the database refused the batch that begins there."""
        count, _until = self._failed.get(place, (0, None))
        self._failed[place] = count + 1, self.now() + PAUSE * 2**count


def place_of(held: Import) -> Place:
    """Where an import is now: the work moves its cursor, also where that is not kept in the end."""
    return held.pk, held.version, held.cursor
