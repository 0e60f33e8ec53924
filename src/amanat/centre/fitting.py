"""Whether a bed fits a child, and why not. Pure: facts of the child, of the room and of who sleeps there go in, reasons come out.

The numbers are the pack's (`terms`). A bar is never passed; what speaks against a bed is passed with a written reason.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from amanat.centre.models.places import Purpose, Whom

GIRL, BOY = "girl", "boy"
# What a code of the pack's list `sex` means for a room; whoever is left out is asked where they feel safe.
SEXES: Final = {"Feminine": GIRL, "Masculine": BOY}


class Reason(StrEnum):
    """In the order in which they weigh, the heaviest first."""

    OWN = "own"
    TAKEN = "taken"
    OUT_OF_USE = "out_of_use"
    KEPT = "kept"
    FULL = "full"
    APART = "apart"
    SUSPECT = "suspect"
    UNSAID = "unsaid"
    SEX = "sex"
    MIXED = "mixed"
    MOTHERS_ONLY = "mothers_only"
    NOT_FOR_BABY = "not_for_baby"
    INFECTION = "infection"
    INFECTED_ROOM = "infected_room"
    AGE_OF_ROOM = "age_of_room"
    AGE_GAP = "age_gap"
    NOT_ACCESSIBLE = "not_accessible"
    NOT_OBSERVED = "not_observed"
    ASK_CHILD = "ask_child"
    NO_AGE = "no_age"
    SIBLING_ELSEWHERE = "sibling_elsewhere"
    SIBLING_HERE = "sibling_here"


BARS: Final = frozenset(
    {Reason.OWN, Reason.TAKEN, Reason.OUT_OF_USE, Reason.KEPT, Reason.FULL, Reason.APART, Reason.SUSPECT, Reason.UNSAID}
)
HINTS: Final = frozenset({Reason.ASK_CHILD, Reason.NO_AGE, Reason.SIBLING_ELSEWHERE, Reason.SIBLING_HERE})
_WEIGHT: Final = {reason: place for place, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class Who:
    """A child: `sex` a code of the pack's list, `age` in whole years, `family` of brothers and sisters."""

    subject: uuid.UUID
    sex: str = ""
    age: int | None = None
    family: uuid.UUID | None = None
    needs: frozenset[str] = frozenset()

    @property
    def sleeps_as(self) -> str:
        return SEXES.get(self.sex, "")

    def is_kin_of(self, other: Who) -> bool:
        return self.family is not None and self.family == other.family


@dataclass(frozen=True, slots=True)
class Place:
    """A bed as it is on the day for which it is asked. `mates` sleep in its room, `near` in its house; `barred` is what stands in
    the way whoever comes (taken, kept, out of use, full)."""

    purpose: str = Purpose.USUAL
    whom: str = Whom.ANY
    age_from: int | None = None
    age_to: int | None = None
    accessible: bool = False
    mates: tuple[Who, ...] = ()
    near: tuple[Who, ...] = ()
    barred: frozenset[Reason] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """In years: from which age girls and boys sleep apart, and how far apart two ages may be; None: no pack says so."""

    mixed_from: int | None = None
    age_gap: int | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """What was found, the heaviest first."""

    reasons: tuple[Reason, ...] = field(default=())

    @property
    def is_barred(self) -> bool:
        return any(reason in BARS for reason in self.reasons)

    @property
    def against(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason not in HINTS)

    @property
    def fits(self) -> bool:
        return not self.against

    @property
    def rank(self) -> tuple[bool, int, bool, int]:
        """The best first."""
        with_kin = Reason.SIBLING_HERE in self.reasons
        weight = sum(len(_WEIGHT) - _WEIGHT[reason] for reason in self.against)
        return (self.is_barred, weight, not with_kin, len(self.reasons))


def fit(
    who: Who,
    place: Place,
    limits: Limits,
    *,
    apart: Collection[uuid.UUID] = (),
    suspects_shared: Collection[uuid.UUID] = (),
    unsaid: Collection[uuid.UUID] = (),
) -> Fit:
    """Why a bed fits or not. `apart`: children who are kept apart from this one; `suspects_shared`: those around whom the same
    suspect may be; `unsaid`: those out of whose files whoever asks is kept: of them one hears only that the bed does not fit."""
    found = set(place.barred)
    near = {one.subject for one in place.near}
    told = near - set(unsaid)
    if told & set(apart):
        found.add(Reason.APART)
    if told & set(suspects_shared):
        found.add(Reason.SUSPECT)
    if (near - told) & {*apart, *suspects_shared}:
        found.add(Reason.UNSAID)
    found |= _by_sex(who, place, limits) | _by_age(who, place, limits) | _by_need(who, place)
    kin = {one.subject for one in place.near if one.is_kin_of(who)} & told
    if kin:
        here = kin & {one.subject for one in place.mates}
        found.add(Reason.SIBLING_HERE if here else Reason.SIBLING_ELSEWHERE)
    return Fit(tuple(sorted(found, key=_WEIGHT.__getitem__)))


def _by_sex(who: Who, place: Place, limits: Limits) -> set[Reason]:
    own, found = who.sleeps_as, set[Reason]()
    if not own:
        return {Reason.ASK_CHILD}
    if place.whom != Whom.ANY and place.whom != {GIRL: Whom.GIRLS, BOY: Whom.BOYS}[own]:
        found.add(Reason.SEX)
    others = [one for one in place.mates if one.sleeps_as not in ("", own) and not one.is_kin_of(who)]
    if limits.mixed_from is not None and any(_old_enough(who, one, limits.mixed_from) for one in others):
        found.add(Reason.MIXED)
    return found


def _old_enough(who: Who, other: Who, mixed_from: int) -> bool:
    """Whether one of them is that old; an age that nobody knows counts as old enough."""
    return any(one.age is None or one.age >= mixed_from for one in (who, other))


def _by_age(who: Who, place: Place, limits: Limits) -> set[Reason]:
    if who.age is None:
        return {Reason.NO_AGE}
    found = set[Reason]()
    if who.age < (place.age_from or 0) or (place.age_to is not None and who.age > place.age_to):
        found.add(Reason.AGE_OF_ROOM)
    gaps = [abs(who.age - one.age) for one in place.mates if one.age is not None and not one.is_kin_of(who)]
    if limits.age_gap is not None and any(gap > limits.age_gap for gap in gaps):
        found.add(Reason.AGE_GAP)
    return found


def _by_need(who: Who, place: Place) -> set[Reason]:
    asks = {
        Reason.NOT_FOR_BABY: "baby" in who.needs and place.purpose != Purpose.MOTHER_BABY,
        Reason.MOTHERS_ONLY: "baby" not in who.needs and place.purpose == Purpose.MOTHER_BABY,
        Reason.INFECTION: "infection" in who.needs and place.purpose != Purpose.APART,
        Reason.INFECTED_ROOM: "infection" not in who.needs and place.purpose == Purpose.APART,
        Reason.NOT_ACCESSIBLE: "accessible" in who.needs and not place.accessible,
        Reason.NOT_OBSERVED: "observation" in who.needs and place.purpose != Purpose.OBSERVATION,
    }
    return {reason for reason, holds in asks.items() if holds}
