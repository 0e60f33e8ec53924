"""The course of a procedure on one case: which steps began, which are over, which are due by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from amanat.procedures.calendars import Calendar, Deadline
from amanat.procedures.steps import DONE, STEP, WAIVED, Step

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened on a case, in the words of `procedures.toml` (`opened`, `stage:assistance`), and when.

    `ref` is whatever its teller knows it again by.
    """

    type: str
    at: datetime
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """A step from when it began until it was over (None: it is open). `waived`: somebody did without it.

    `said`: the `ref` of what somebody said by hand to end it; "" where what it asks for ended it.
    """

    step: Step
    began: datetime
    over: datetime | None = None
    waived: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is open, and by when it has to be done; None where no time is set."""

    step: Step
    began: datetime
    deadline: Deadline | None
    is_late: bool


def due(
    steps: Sequence[Step],
    happened: Iterable[Happened],
    calendar: Calendar,
    facts: Mapping[str, str],
    now: datetime,
) -> list[Due]:
    """The steps that are open after all that happened and whose conditions hold, those that are due first at the head.

    Whether they are late is told for the moment `now`.
    """
    found = [_due(one, calendar, now) for one in rounds(steps, happened) if one.over is None and one.step.holds(facts)]
    return sorted(found, key=lambda one: one.deadline.at if one.deadline else _LAST)


def _due(one: Round, calendar: Calendar, now: datetime) -> Due:
    deadline = calendar.named(one.step.calendar).deadline(one.began, one.step.span) if one.step.span else None
    return Due(one.step, one.began, deadline, deadline is not None and deadline.at <= now)


def rounds(steps: Sequence[Step], happened: Iterable[Happened]) -> list[Round]:
    """Every step that began, in the order in which they began; a step that comes again stands there once for each time.

    What happened at one moment counts in the order in which it is given. What begins a step does not finish it.
    """
    course = _Course([step for step in steps if not step.retired])
    for event in sorted(happened, key=lambda event: event.at):
        course.take(event)
    return course.rounds


@dataclass
class _Course:
    steps: Sequence[Step]
    rounds: list[Round] = field(default_factory=list)
    open: dict[str, int] = field(default_factory=dict)  # name of a step → its place in `rounds`
    begun: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def take(self, event: Happened) -> None:
        """First what the event makes anew, then what it finishes, then what it begins, and what that begins in turn."""
        types = {event.type}
        self._forget([step for step in self.steps if event.type in step.anew], event)
        for name in [name for name in self.open if self._ends(name, event.type)]:
            types |= self._end(name, event)
        begun_now: set[str] = set()
        while step := next((step for step in self.steps if self._begins(step, types, begun_now)), None):
            begun_now.add(step.name)
            types |= self._begin(step, event)
        self.seen.add(event.type)

    def _forget(self, steps: Sequence[Step], event: Happened) -> None:
        """What was open ends without having been done: nothing follows from that."""
        for step in steps:
            self.begun.discard(step.name)
            if (place := self.open.pop(step.name, None)) is not None:
                self.rounds[place] = replace(self.rounds[place], over=event.at, waived=True)

    def _ends(self, name: str, type_: str) -> bool:
        step = self.rounds[self.open[name]].step
        return type_ in step.finished_by or type_ in (DONE + name, WAIVED + name)

    def _end(self, name: str, event: Happened) -> set[str]:
        place = self.open.pop(name)
        waived, by_hand = event.type == WAIVED + name, event.type in (DONE + name, WAIVED + name)
        said = event.ref if by_hand else ""
        self.rounds[place] = replace(self.rounds[place], over=event.at, waived=waived, said=said)
        return {STEP + name}

    def _begins(self, step: Step, types: set[str], begun_now: set[str]) -> bool:
        fresh = step.name not in (begun_now if step.again else self.begun)
        return fresh and step.name not in self.open and step.begins_with(types)

    def _begin(self, step: Step, event: Happened) -> set[str]:
        self.begun.add(step.name)
        self.open[step.name] = len(self.rounds)
        self.rounds.append(Round(step, event.at))
        is_done = step.also_before and not self.seen.isdisjoint(step.finished_by)
        return self._end(step.name, event) if is_done else set()
