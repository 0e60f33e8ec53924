"""The child's own plan as a paper: always one sheet, in large type. On it stand the stations that come next, as many as there is room
for, and how many lie behind and come later. The whole road stands on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases import papers
from amanat.cases.shown import Text as Words
from amanat.plans import child, road
from amanat.plans.child import Step, Stop
from amanat.plans.lines import BOLD, broken, shortened
from amanat.plans.reading import Standing

PAPER: Final = "plan-child"
# What `.paper-child` in `web/paper.css` has room for: lines of 14 points, and widths in their ems.
SHEET, ACROSS, BESIDE, STEPS = 42.0, 34.8, 25.2, 23.8
TITLE, HEADING, BOX, STATION = 1.8, 2.0, 0.9, 0.6  # lines around a title, a heading, a sentence in a box, a station
SENTENCE, PARAGRAPH = 2, 0.1  # lines of one of our sentences; below a paragraph
ROAD: Final = 0.0286  # lines of a unit of the drawing
MOST: Final = (8, 5, 3, 2)  # lines of one text where they have to be cut: shorter until one station has room


@dataclass(frozen=True)
class Sheet:
    """What stands on it. `behind`, `later`: how many stations do not; `has_more`: whether steps of the only one do not."""

    greeting: Words
    goal: Words
    stops: Sequence[Stop]
    behind: int = 0
    later: int = 0
    has_more: bool = False

    @property
    def first(self) -> int:
        """The number of the first station that does."""
        return self.behind + 1

    @property
    def height(self) -> float:
        """In lines."""
        told = sum(map(_stop, self.stops)) + SENTENCE * self.has_more
        drawn = ROAD * road.drawn([False] * len(self.stops)).height if self.stops else 0
        goal = _lines(self.goal, ACROSS / BOLD)
        boxes = [_lines(self.greeting, ACROSS), SENTENCE * bool(self.behind), SENTENCE * bool(self.later)]
        return TITLE + sum(BOX + box for box in boxes if box) + (goal and HEADING + goal) + max(told, drawn)


def fitted(whole: Sheet, room: float) -> Sheet:
    """What of it has room in so many lines."""
    found = whole
    for most in MOST:
        if found.height <= room:
            break
        found = _next(_shorter(whole, most), room)
    return found


def _next(whole: Sheet, room: float) -> Sheet:
    """All stations, else those that come next, else the next one without its last steps."""
    found, stops = whole, whole.stops
    at = next((place for place, one in enumerate(stops) if not one.is_done), max(0, len(stops) - 1))
    for end in range(len(stops), at, -1):
        if found.height <= room:
            break
        found = replace(whole, stops=stops[at:end], behind=at, later=len(stops) - end)
    while found.height > room and found.stops and found.stops[0].steps:
        steps = sorted(found.stops[0].steps, key=lambda step: step.is_done)  # what is done goes first
        found = replace(found, stops=[replace(found.stops[0], steps=steps[:-1])], has_more=True)
    return found


def _shorter(sheet: Sheet, most: int) -> Sheet:
    def cut(words: Words, room: float) -> Words:
        return replace(words, text=shortened(words.text, most, room))

    def step(one: Step) -> Step:
        return replace(one, said=[cut(said, STEPS) for said in one.said])

    def stop(one: Stop) -> Stop:
        said = [cut(said, BESIDE) for said in one.said]
        return replace(one, said=said, own_words=cut(one.own_words, BESIDE), steps=[step(each) for each in one.steps])

    stops = [stop(one) for one in sheet.stops]
    return replace(sheet, greeting=cut(sheet.greeting, ACROSS), goal=cut(sheet.goal, ACROSS / BOLD), stops=stops)


def _lines(words: Words, room: float) -> int:
    return len(broken(words.text, room))


def _stop(stop: Stop) -> float:
    """Lines of a station."""
    there, own = gettext("I am there!"), gettext("I said:")
    head = f"{stop.domain} · {there}" if stop.is_done else stop.domain
    said = [one.text for one in stop.said]
    if stop.own_words.text:
        said.append(f"{own} «{stop.own_words.text}»")
    lines = len(broken(head, BESIDE / (BOLD * 1.1))) + bool(stop.by)
    lines += sum(len(broken(one, BESIDE)) for one in (*said, stop.who))
    return lines + sum(map(_step, stop.steps)) + STATION + PARAGRAPH * (len(said) + 2)


def _step(step: Step) -> int:
    said = " ".join([*(one.text for one in step.said), *([gettext("Done!")] if step.is_done else [])])
    return len(broken(said, STEPS)) + len(broken(step.who, STEPS))


def told(file: File, key: str) -> dict[str, Any] | None:
    """What stands on the sheet, in the active language. `key`: the number of a version, "" for what holds now."""
    standing = Standing(file)
    plan = standing.numbered(key) if key else standing.agreed or standing.draft
    return laid(child.shown(standing, plan)) if plan is not None else None


def laid(whole: Mapping[str, Any]) -> dict[str, Any]:
    """The child's plan (`child.shown`) with what of it has room."""
    foot = (1 + len(whole["to_ask"])) * (SENTENCE + BOX)
    sheet = fitted(Sheet(whole["greeting"], whole["goal"], whole["stops"]), SHEET - foot)
    drawn = road.drawn([stop.is_done for stop in sheet.stops], sheet.behind, goes_on=bool(sheet.later))
    return {"sheet": sheet, "road": drawn, "to_ask": whole["to_ask"]}


def register() -> None:
    papers.register(
        papers.Paper(
            PAPER,
            _("The child’s own plan"),
            Part.PLAN,
            "plans/paper_child.html",
            told,
            papers.of_child,
            Verb.PLAN_COMMENT,
            bears=papers.Bears.NUMBERS,
            by_consent=True,
            kept=True,
        )
    )
