"""Work that waits for the process beside the requests: backups, what came in, what erasures left, sweeps and rotations of keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from amanat.office.backups.models import Backup
from amanat.office.health import Check, Probe, Seen, State, add, age, pile, waits
from amanat.vault import intake
from amanat.vault.models import Generation, Leftover, Rotation
from amanat.web.counting import count

# For how long what may wait until somebody should look, and until it is a fault (all ours).
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NEARLY_FULL: Final = (intake.ROOM // 2, intake.ROOM * 9 // 10)  # packets


def register() -> None:
    add(Probe("waiting", checks, figures), Probe("intake", packets, without_keys=True))


def figures(_now: datetime) -> Mapping[str, Combinable]:
    return {
        **pile("backups", Backup.objects.filter(begun_at=None, ended_at=None), "asked_at"),
        **pile("files", Leftover.objects.filter(keep_until=None).exclude(file=None), "since"),
        **pile("pages", Leftover.objects.filter(file=None), "since"),
        **pile("rotations", Rotation.objects.filter(ended_at=None), "begun_at"),
        "sweeps": count(Generation.objects.filter(whole=False)),
    }


def checks(seen: Seen) -> Iterator[Check]:
    begun_anew = _("The process that does this does not come through. Look at the log of the server, then serve anew.")
    yield waits(seen, "backups", _("Backups asked for"), warn=10 * MINUTE, fault=HOUR, hint=begun_anew)
    yield waits(seen, "files", _("Documents of erased files"), warn=10 * MINUTE, fault=DAY, hint=begun_anew)
    yield _pages(seen)
    yield waits(seen, "rotations", _("Changes of keys"), warn=DAY, hint=begun_anew)
    sweeps = seen.figures["sweeps"] or 0
    sentence = _("It is being made anew.") if sweeps else _("Nothing waits.")
    yield Check("waiting.sweeps", _("Index"), State.OK, sentence, value=sweeps)


def _pages(seen: Seen) -> Check:
    """The pages of the database that erasures freed: cleaned by itself on SQLite, by the owner of the tables on PostgreSQL."""
    label = _("Database, after erasures")
    if connection.vendor == "postgresql":
        hint = _("Whoever owns the tables cleans them: ./run amanat erase sweep")
        return waits(seen, "pages", label, warn=HOUR, fault=7 * DAY, hint=hint)
    hint = _("Something keeps reading, such as a backup. If it stays so, serve anew.")
    return waits(seen, "pages", label, warn=HOUR, fault=DAY, hint=hint)


def packets(seen: Seen) -> Iterator[Check]:
    """Of those who called or sent something; while it is locked, they have to wait."""
    place = intake.folder(Path(settings.WORKSPACE))
    waiting, aside = intake.waiting(place), len(intake.waiting(place / intake.ASIDE))
    label = _("What came in from outside")
    if waiting:
        since = _came(waiting[0], seen.now)
        told = {"count": len(waiting), "age": age(since, seen.now)}
        state, hint = _judged(seen, since, len(waiting) + aside)
        sentence = _("Waiting: %(count)s; the oldest for %(age)s.") % told
        yield Check("intake.waiting", label, state, sentence, hint, len(waiting))
    else:
        yield Check("intake.waiting", label, State.OK, _("Nothing waits."), value=0)
    if aside:
        sentence = _("Could not be opened: %(count)s.") % {"count": aside}
        hint = _(
            "They lie in the workspace, in intake/aside, and take room from those to come. Show them to whoever looks after the "
            "software. This lets them be tried once more: ./run amanat intake again"
        )
        state = State.FAULT if aside >= NEARLY_FULL[1] else State.WARNING
        yield Check("intake.aside", label, state, sentence, hint, aside)


def _judged(seen: Seen, since: datetime, waiting: int) -> tuple[State, str]:
    some, many = NEARLY_FULL
    if waiting >= some:
        hint = _("There is room for %(room)s. Unlock the workspace, so that they are taken in.") % {"room": intake.ROOM}
        return State.FAULT if waiting >= many else State.WARNING, hint
    passed = seen.now - since
    if seen.unlocked and passed > MINUTE:
        hint = _("The process that does this does not come through. Look at the log of the server, then serve anew.")
        return State.FAULT if passed > 10 * MINUTE else State.WARNING, hint
    return State.OK, ""


def _came(packet: Path, now: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(packet.stat().st_mtime, UTC)
    except FileNotFoundError:  # taken in this moment
        return now
