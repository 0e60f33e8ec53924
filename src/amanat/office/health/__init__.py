"""How the system is: one list of checks, the same on the page, in `amanat health` and on the day of who looks after it.

Rooms register what they look after (`add`) when they are loaded. What a check says names nobody: no worker, no child, no agency,
no place. The limits are ours where no other source stands beside them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import Error
from django.db.models import QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.people.models import User
from amanat.web.counting import count

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

log = logging.getLogger(__name__)


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"  # somebody should look at it soon
    FAULT = "fault"  # something is not as it is promised

    @property
    def label(self) -> StrOrPromise:
        return STATES[self]


STATES = {
    State.OK: gettext_lazy("in order"),
    State.WARNING: gettext_lazy("look at it"),
    State.FAULT: gettext_lazy("fault"),
}
SEVERITY = list(State)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `id` stays the same for a monitor; `value` is in seconds, in bytes, or how many."""

    id: str
    label: StrOrPromise
    state: State
    sentence: str
    hint: str = ""
    value: int | None = None


@dataclass(frozen=True)
class Seen:
    """What the probes are told: the moment, whether the keys are here, and the figures that they asked for, by name."""

    now: datetime
    unlocked: bool = True
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Probe:
    """What a room looks after. The `figures` of all rooms are asked in one query. `without_keys`: it needs neither keys nor database."""

    id: str
    checks: Callable[[Seen], Iterable[Check]]
    figures: Callable[[datetime], Mapping[str, Combinable]] | None = None
    without_keys: bool = False


_probes: dict[str, Probe] = {}


def add(*probes: Probe) -> None:
    """Called in `ready()`."""
    _probes.update({probe.id: probe for probe in probes})


def look(now: datetime, *, unlocked: bool = True) -> list[Check]:
    """All checks, what is worst first. Locked, only what can be known without the keys."""
    asked = [probe for probe in _probes.values() if unlocked or probe.without_keys]
    try:
        seen = Seen(now, unlocked, _figures(asked, now) if unlocked else {})
    except Error:
        log.exception("the database could not be asked how it is")
        label, sentence = _("Database"), _("The database does not answer. The log of the server says why.")
        return [Check("database", label, State.FAULT, sentence), *look(now, unlocked=False)]
    return worst_first(check for probe in asked for check in _checks(probe, seen))


def worst_first(checks: Iterable[Check]) -> list[Check]:
    return sorted(checks, key=lambda check: -SEVERITY.index(check.state))


def worst(checks: Iterable[Check]) -> State:
    return max((check.state for check in checks), key=SEVERITY.index, default=State.OK)


def _figures(asked: Iterable[Probe], now: datetime) -> dict[str, Any]:
    """Of all probes in one query; a workspace without people has none yet."""
    wanted = {name: figure for probe in asked if probe.figures for name, figure in probe.figures(now).items()}
    found = User.objects.order_by("pk").annotate(**wanted).values(*wanted).first()
    return found or dict.fromkeys(wanted)


def _checks(probe: Probe, seen: Seen) -> list[Check]:
    try:
        return list(probe.checks(seen))
    except (Error, OSError):
        log.exception("%s could not be looked at", probe.id)
        return [
            Check(probe.id, probe.id, State.FAULT, _("This could not be looked at. The log of the server says why."))
        ]


# --- what many checks have in common ----------------------------------------------------------------------------------


def age(since: datetime, now: datetime) -> str:
    """How long ago that was, in words of the language."""
    return timesince(since, now, depth=1)


def seconds(passed: timedelta) -> int:
    return int(passed.total_seconds())


def pile(name: str, rows: QuerySet[Any], since: str) -> dict[str, Combinable]:
    """Figures of what waits: how much, and since when the oldest does (the column `since`). `waits` makes a check of them."""
    oldest = rows.order_by(since).values(since)[:1]
    return {name: count(rows), f"{name}_since": Subquery(oldest)}


def waits(
    seen: Seen, name: str, label: StrOrPromise, *, warn: timedelta, fault: timedelta = timedelta.max, hint: str = ""
) -> Check:
    """A check of a `pile`: nothing is wrong with what came a moment ago, only with what waits for long."""
    waiting, since = seen.figures[name] or 0, seen.figures[f"{name}_since"]
    if not waiting:
        return Check(f"waiting.{name}", label, State.OK, _("Nothing waits."), value=0)
    passed = seen.now - since
    state = State.FAULT if passed > fault else State.WARNING if passed > warn else State.OK
    sentence = _("Waiting: %(count)s; the oldest for %(age)s.") % {"count": waiting, "age": age(since, seen.now)}
    return Check(f"waiting.{name}", label, state, sentence, hint if state != State.OK else "", waiting)
