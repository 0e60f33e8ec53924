"""How a person stands by what is known of their age: as a child, treated as a child because it is in doubt, or as an adult. Pure.

Sources: Palermo Protocol, article 3(d): a child is anybody under 18. Council of Europe Convention 197, article 10(3): whose age is
uncertain, and who there is reason to believe is a child, is presumed to be one until the age is verified. That only a document that
somebody has seen, or an assessment with consent whose whole margin lies at 18 or above, settles that somebody is an adult, is ours,
on the side of the child. A finding counts from when it was written down: it never changes how somebody stood before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

OF_AGE: Final = 18


class Kind(StrEnum):
    """How an age is known. The first three are codes of the pack's list `birth_date_certainty`."""

    CLAIMED = "claimed"
    DOCUMENTED = "documented"
    ASSESSED = "assessed"
    DOUBT = "doubt"


class Standing(StrEnum):
    CHILD = "child"
    TREATED_AS_CHILD = "treated_as_child"
    ADULT = "adult"


class Because(StrEnum):
    """What the standing rests on."""

    NOTHING = "nothing"  # no age is known
    DOUBT = "doubt"  # somebody says that it is in doubt
    UNSETTLED = "unsettled"  # said, and neither shown nor assessed
    MARGIN = "margin"  # the margin of the assessment reaches under 18, or the document does not say enough
    DIFFERS = "differs"  # what was said since differs
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Known:
    """One finding. `born`: the earliest and the latest day on which they can have been born; None where it says nothing of the age.

    `settles`: a document that somebody has seen, or an assessment with consent.
    """

    on: date
    born: tuple[date, date] | None
    doubt: bool = False
    settles: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    standing: Standing
    because: Because


def standing(known: Sequence[Known], today: date) -> Found:
    """How somebody stands on a day by what is known then, the oldest finding first."""
    told = [one.born for one in _since_settled(known) if one.born]
    if known and known[-1].doubt:
        return Found(Standing.TREATED_AS_CHILD, Because.DOUBT)
    if not told:
        return Found(Standing.TREATED_AS_CHILD, Because.NOTHING)
    if all(years(earliest, today) < OF_AGE for earliest, _latest in told):
        return Found(Standing.CHILD, Because.KNOWN)
    settled = any(one.settles and one.born for one in known)
    if settled and all(years(latest, today) >= OF_AGE for _earliest, latest in told):
        return Found(Standing.ADULT, Because.KNOWN)
    return Found(Standing.TREATED_AS_CHILD, _why_not(told, settled, today))


def _why_not(told: Sequence[tuple[date, date]], settled: bool, today: date) -> Because:
    if not settled:
        return Because.UNSETTLED
    return Because.MARGIN if years(told[0][1], today) < OF_AGE <= years(told[0][0], today) else Because.DIFFERS


def _since_settled(known: Sequence[Known]) -> Sequence[Known]:
    """The last finding that settles something and what came after it; all, where none does."""
    last = max((place for place, one in enumerate(known) if one.settles and one.born), default=0)
    return known[last:]


def periods(known: Sequence[Known], today: date) -> Iterator[tuple[date, Found]]:
    """From which day on somebody stood how, the first first; the last one holds today."""
    before: Found | None = None
    for place, one in enumerate(known, start=1):
        last = place == len(known)
        if not last and known[place].on == one.on:
            continue
        for day in dict.fromkeys([one.on, *_birthdays(known[:place], one.on, today if last else known[place].on)]):
            found = standing(known[:place], day)
            if found != before:
                yield day, found
                before = found


def _birthdays(known: Sequence[Known], since: date, until: date) -> list[date]:
    """The days in between on which somebody by one of these findings comes of age."""
    days = {coming_of_age(born) for one in known if one.born for born in one.born}
    return sorted(day for day in days if since < day <= until)


def years(born: date, day: date) -> int:
    """The completed years of somebody's age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def coming_of_age(born: date) -> date:
    """The day on which somebody becomes 18; who was born on 29 February does so on 1 March."""
    try:
        return born.replace(year=born.year + OF_AGE)
    except ValueError:
        return date(born.year + OF_AGE, 3, 1)


def born_between(least: int, most: int, day: date) -> tuple[date, date]:
    """The earliest and the latest day of birth of somebody who was so many completed years old on a day."""
    return _years_before(most + 1, day) + timedelta(days=1), _years_before(least, day)


def _years_before(number: int, day: date) -> date:
    try:
        return day.replace(year=day.year - number)
    except ValueError:
        return date(day.year - number, 2, 28)
