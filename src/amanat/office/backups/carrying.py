"""Going round the places: what is brought to each, and what is thrown away there.

Keys go soon, data later, documents that no data left needs. A place on demand gets a backup only when somebody names it; between
these it gets the list of erasures, and its keys grow old as everywhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import Max, Q

from amanat.audit.recording import office_subject
from amanat.office.backups import lists, media, names, places
from amanat.office.backups.models import KEYS_DAYS, Backup, BackupPlan, Destination, DestinationKind, Trouble
from amanat.office.backups.places import Folder, NotReached, Place
from amanat.vault.header import Header

SKEW: Final = timedelta(days=1)  # what is dated later than that was written under a clock that was wrong

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pair:
    """The two files of a moment, in a folder of this machine."""

    data: Path
    keys: Path
    head: str

    @property
    def size(self) -> int:
        return self.data.stat().st_size + self.keys.stat().st_size


@dataclass(frozen=True)
class Way:
    """Once round the places. `folder` is one of this machine, to write lists in; they are of `moment`, whatever the clock says."""

    folder: Path
    moment: datetime
    now: datetime

    def bring_list(self, place: Place) -> int:
        return lists.bring(place, self.folder, self.moment, self.now)


def carry(pair: Pair, way: Way, plan: BackupPlan, only: Sequence[Destination] | None) -> list[str]:
    """Bring a pair to each place of the plan, or to `only` these; the names of those that have it now."""
    wanted = Destination.objects.regular().select_related("subject") if only is None else only
    noted = {"reached_at": way.now, "trouble": Trouble.NONE}
    reached = [one.name for one in wanted if _visit(one, lambda place: _bring(pair, place, way, plan), noted)]
    tend(way, Destination.objects.on_demand().exclude(pk__in=[one.pk for one in wanted]))
    if reached and only is None:
        media.forget_old(way.now, timedelta(days=plan.keep_days))
    return reached


def publish(way: Way) -> list[str]:
    """Bring the list of erasures to every place; the names of those that have it now."""
    regular = Destination.objects.regular().select_related("subject")
    return [one.name for one in regular if _visit(one, way.bring_list, {})] + tend(way, Destination.objects.on_demand())


def tend(way: Way, on_demand: Iterable[Destination]) -> list[str]:
    """Bring the list there, and let keys go that are old by now, but for those of the newest backup that there is."""
    newest = Backup.objects.filter(trouble="").exclude(ended_at=None).aggregate(at=Max("begun_at"))["at"]

    def tended(place: Place) -> int:
        erased = way.bring_list(place)
        for name, at in _keys_at(place):
            if _are_old(way.now - at) and not (newest and name == names.file_name(newest, names.KEYS)):
                place.remove(name)
        return erased

    noted = {"reached_at": way.now, "trouble": Trouble.NONE}
    return [one.name for one in on_demand if _visit(one, tended, noted)]


def place_named(named: str, now: datetime) -> Destination:
    """One of the settings by its name, or a folder: that is remembered from now on, since it will hold keys.

    Raises:
        NotReached: there is no such folder, or it holds the backups of another workspace.
    """
    path = str(Path(named).resolve())
    by_path = Q(place=path) & ~Q(kind=DestinationKind.S3)
    kept = Destination.objects.select_related("subject").filter(Q(name=named) | by_path).first()
    if kept and kept.is_regular:
        return kept
    Folder(Path(path)).reach(_workspace(), first=True)
    return kept or Destination.objects.create(
        subject=office_subject(), name=path, kind=DestinationKind.ON_DEMAND, place=path, added_at=now
    )


def take_keys_away(destination: Destination) -> Trouble:
    """All keys that lie there; why they stay, where they do."""
    try:
        place = places.of(destination)
        place.reach(_workspace())
        for name, _at in _keys_at(place):
            place.remove(name)
    except NotReached as error:
        return error.trouble
    return Trouble.NONE


def _visit(destination: Destination, act: Callable[[Place], int], noted: dict[str, Any]) -> bool:
    """Do something there which gives how many erasures the list there tells of by then. In the row stands what came of it."""
    row = Destination.objects.filter(pk=destination.pk)  # it may be removed meanwhile
    try:
        place = places.of(destination)
        place.reach(_workspace())
        row.update(erasures=act(place), **noted)
    except NotReached as error:
        log.warning("a place for backups was not reached: %s", error.trouble)
        row.update(trouble=error.trouble)
        return False
    return True


def _workspace() -> str:
    return Header.read(Path(settings.WORKSPACE)).id


def _bring(pair: Pair, place: Place, way: Way, plan: BackupPlan) -> int:
    """The list first, so that wherever this breaks off an older pair stands beside a newer list, never a newer one beside an older.

    What is too old makes room before; the pair that was the newest goes only after.
    """
    _make_room(place, plan, way.now)
    erased = way.bring_list(place)
    media.copy_new(place)
    for path in (pair.data, pair.keys):
        place.put(path.name, path)
    _drop_old(place, plan, way.now, spared={pair.data.name, pair.keys.name})
    return erased


def _make_room(place: Place, plan: BackupPlan, now: datetime) -> None:
    """Whoever is killed after this, or finds no room even so, leaves a pair that can be restored."""
    held = list(place.names())
    newest_data = max((name for name in held if names.is_data(name)), default="")
    _drop_old(place, plan, now, spared={*(names.newest_pair(held) or ()), newest_data})
    oldest = min(
        (told[0] for name in place.names() if (told := names.parsed(name)) and told[1] == names.DATA), default=None
    )
    if oldest:
        media.drop_unneeded(place, oldest)


def _drop_old(place: Place, plan: BackupPlan, now: datetime, spared: set[str]) -> None:
    """Keys after 35 days, data as the plan says.

    What is dated in the future was written while the clock was wrong, and nobody can say how old it is: of keys nothing stays, since
    later ones open the data, too; of data as many as there are days to keep.
    """
    ages = sorted((now - told[0], told[1], name) for name in place.names() if (told := names.parsed(name)))
    newer_data = 0
    for age, which, name in ages:
        from_the_future = age < -SKEW
        if which == names.KEYS:
            is_old = _are_old(age)
        else:
            is_old = newer_data >= plan.keep_days if from_the_future else age > timedelta(days=plan.keep_days)
            newer_data += 1
        if is_old and name not in spared:
            place.remove(name)


def _are_old(age: timedelta) -> bool:
    """Of keys."""
    return age < -SKEW or age > timedelta(days=KEYS_DAYS)


def _keys_at(place: Place) -> list[tuple[str, datetime]]:
    return [(name, told[0]) for name in place.names() if (told := names.parsed(name)) and told[1] == names.KEYS]
