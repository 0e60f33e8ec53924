"""By when something is due in proceedings: what happened there goes in, what runs comes out. Pure: knows no file and no clock.

The rules are a pack's (`legal.reading`). A day that a decision names counts before any length that is reckoned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from amanat.packs.labels import Label
from amanat.procedures import Calendar, Deadline, Span

NAMED = ("until", "appeal_by")
"""The days that a decision may name: until when it holds, and by when one can appeal."""
_NEVER = datetime.max.replace(tzinfo=UTC)
_NOON = time(12)  # of the country; no clock is put forward or back over it
_A_DAY = Span(1, "days")


@dataclass(frozen=True, slots=True)
class Rule:
    """A deadline of a pack.

    Args:
        after: codes of `legal_event`, any of which begins it.
        finished_by: codes that end it, when they happen after it began.
        named: which of `NAMED` is its last day, "" for none.
        span: how long it runs where no day is named; None where no source says.
        calendar: by whose working days, "" for those of the country.
        open_end: whether it may have no last day: then nobody is asked for one.
    """

    name: str
    label: Label
    after: tuple[str, ...]
    finished_by: tuple[str, ...] = ()
    named: str = ""
    span: Span | None = None
    calendar: str = ""
    open_end: bool = False
    help: Label | None = None
    retired: bool = False
    source: Label = field(default_factory=lambda: Label({}))
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened on a day, and the days that it names."""

    event: str
    on: date
    until: date | None = None
    appeal_by: date | None = None

    def named(self, which: str) -> date | None:
        return {"until": self.until, "appeal_by": self.appeal_by}.get(which)


@dataclass(frozen=True, slots=True)
class Running:
    """A deadline that began and is not over. `deadline` is None where neither a decision nor a rule says how long it runs.

    `is_named`: the day was named by whoever decided; nothing was reckoned.
    """

    rule: Rule
    began: Happened
    deadline: Deadline | None
    is_named: bool = False

    @property
    def lacks_day(self) -> bool:
        """Nobody knows its last day, and somebody has to find it out."""
        return self.deadline is None and not self.rule.open_end

    def is_late(self, now: datetime) -> bool:
        return self.deadline is not None and self.deadline.at <= now


def running(rules: Sequence[Rule], happened: Iterable[Happened], calendar: Calendar) -> list[Running]:
    """What runs, the first that ends at the head; what has no known end stands last. `happened`: on one day, in the order written."""
    told = sorted(happened, key=lambda one: one.on)
    found = [one for rule in rules if not rule.retired for one in _of_rule(rule, told, calendar)]
    return sorted(found, key=lambda one: one.deadline.at if one.deadline else _NEVER)


def _of_rule(rule: Rule, told: Sequence[Happened], calendar: Calendar) -> Iterator[Running]:
    for place, one in enumerate(told):
        if one.event in rule.after and not any(later.event in rule.finished_by for later in told[place + 1 :]):
            found = _running(rule, one, calendar.named(rule.calendar))
            if found.deadline is not None or not any(_names(rule, one, other) for other in told):
                yield found


def _names(rule: Rule, one: Happened, other: Happened) -> bool:
    """Whether the other one is the same, written down once more with its last day."""
    return (other.event, other.on) == (one.event, one.on) and other.named(rule.named) is not None


def _running(rule: Rule, one: Happened, calendar: Calendar) -> Running:
    if (day := one.named(rule.named)) is not None:
        return Running(rule, one, calendar.deadline(_noon(day - timedelta(days=1), calendar), _A_DAY), is_named=True)
    if rule.span is None:
        return Running(rule, one, None)
    return Running(rule, one, calendar.deadline(_noon(one.on, calendar), rule.span))


def _noon(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, _NOON, tzinfo=calendar.zone)
