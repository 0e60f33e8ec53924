"""Whether this machine's clock is right, as far as others know: a time server, the database's server, the log, and the devices that
people work at. Backups, deadlines and locks rest on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

from django.db import connection
from django.db.models import DateTimeField, Func, Subquery
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from amanat.audit.models import Entry
from amanat.office.health import Check, Probe, Seen, State, add, age, kernel, seconds
from amanat.office.health.models import DeviceClock
from amanat.people import devices
from amanat.people.clock import clock

A_DAY: Final = timedelta(days=1)
MOST: Final = 1_000  # devices that are compared
LEAST: Final = 3  # one of two may be anybody's (ours)
# Seconds by which a clock may differ: then somebody should look, then it is a fault (all ours).
DATABASE: Final = (5, 60)
DEVICES: Final = (60, 300)
AHEAD: Final = timedelta(minutes=1)  # by which the log may be


def register() -> None:
    devices.told.connect(keep, dispatch_uid="office.health.keep")
    add(Probe("clock", with_others, figures), Probe("clock.kernel", by_kernel, without_keys=True))


def keep(mark: str, ahead: int, at: datetime, **_signal: Any) -> None:
    """Keep what a device told for a day: the first that it says in a session."""
    if not DeviceClock.objects.filter(mark=mark).exists():
        DeviceClock.objects.filter(at__lte=at - A_DAY).delete()
        DeviceClock.objects.get_or_create(mark=mark, defaults={"at": at, "ahead": ahead})


def by_kernel(_seen: Seen) -> Iterator[Check]:
    told, label = kernel.is_synchronised(), _("Clock of this machine")
    if told is None:
        yield Check("clock.kernel", label, State.OK, _("It does not say whether a time server keeps it right."))
    elif told:
        yield Check("clock.kernel", label, State.OK, _("A time server keeps it right."))
    else:
        hint = _("Switch the time service on (timedatectl set-ntp true), or compare the clock with a watch each week.")
        yield Check("clock.kernel", label, State.WARNING, _("No time server keeps it right."), hint)


def figures(_now: datetime) -> Mapping[str, Combinable]:
    newest = Entry.objects.order_by("-at").values("at")[:1]
    theirs = {"database_clock": Func(function="clock_timestamp", output_field=DateTimeField())}
    return {"newest_entry": Subquery(newest)} | (theirs if connection.vendor == "postgresql" else {})


def with_others(seen: Seen) -> Iterator[Check]:
    yield _log(seen)
    if theirs := seen.figures.get("database_clock"):
        differs = seconds(theirs - clock())
        sentence = _("It differs from this machine's by %(seconds)s seconds.") % {"seconds": differs}
        yield Check("clock.database", _("Clock of the database"), *_judged(differs, DATABASE, sentence), differs)
    yield _devices(seen)


def _log(seen: Seen) -> Check:
    """An entry of tomorrow: this clock is behind, or it was ahead then. A clock that a time server keeps is not the wrong one."""
    label, newest = _("Clock and log"), seen.figures["newest_entry"]
    if newest is None or newest <= seen.now + AHEAD:
        return Check("clock.log", label, State.OK, _("No entry of the log lies in the future."), value=0)
    state = State.WARNING if kernel.is_synchronised() else State.FAULT
    sentence = _("The newest entry of the log lies %(age)s in the future.") % {"age": age(seen.now, newest)}
    hint = _("Either this machine's clock is behind, or it was ahead when that was written. Set it right.")
    return Check("clock.log", label, state, sentence, hint, seconds(newest - seen.now))


def _devices(seen: Seen) -> Check:
    """The middle one: a single device that is wrong says nothing of ours."""
    lately = DeviceClock.objects.filter(at__gt=seen.now - A_DAY).order_by("-at").values_list("ahead", flat=True)[:MOST]
    label, told = _("Clocks of devices"), list(lately)
    if len(told) < LEAST:
        return Check("clock.devices", label, State.OK, _("Too few worked here in the last day to compare them."))
    ahead = round(median(told))
    sentence = _("Of %(count)s, the middle one differs from this machine's by %(seconds)s seconds.")
    told_in_words = sentence % {"count": len(told), "seconds": ahead}
    return Check("clock.devices", label, *_judged(ahead, DEVICES, told_in_words), ahead)


def _judged(differs: int, limits: tuple[int, int], sentence: str) -> tuple[State, str, str]:
    warn, fault = limits
    if abs(differs) <= warn:
        return State.OK, sentence, ""
    hint = _("Compare this machine's clock with a watch, and set it right.")
    return State.FAULT if abs(differs) > fault else State.WARNING, sentence, hint
