"""Which beds fit a child on a day, the best first, each with why it fits or not. Of other children nothing is told but that."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.cases import keyed
from amanat.cases.shown import case_of
from amanat.centre import fitting, places, terms
from amanat.centre.fitting import Fit, Limits, Place, Reason, Who
from amanat.centre.models import Stay, StayBed
from amanat.centre.places import Spot

WORDS = {
    Reason.OWN: _("The child sleeps here now."),
    Reason.TAKEN: _("Somebody sleeps here on that day."),
    Reason.OUT_OF_USE: _("The bed is out of use."),
    Reason.KEPT: _("The bed is kept for another child."),
    Reason.FULL: _("The house is full."),
    Reason.APART: _("A child of this house is to be kept apart from this one."),
    Reason.SUSPECT: _("The same suspect may be around a child of this house."),
    Reason.UNSAID: _("The bed does not fit."),
    Reason.SEX: _("The room is for the other sex."),
    Reason.MIXED: _("Girls and boys of this age sleep in rooms apart."),
    Reason.MOTHERS_ONLY: _("The room is for mothers with a baby."),
    Reason.NOT_FOR_BABY: _("There is no place for a baby in this room."),
    Reason.INFECTION: _("The room is not apart, and the child has an infection."),
    Reason.INFECTED_ROOM: _("The room is kept for infections."),
    Reason.AGE_OF_ROOM: _("The room is for another age."),
    Reason.AGE_GAP: _("The others in the room are much older or younger."),
    Reason.NOT_ACCESSIBLE: _("The room can't be reached without stairs."),
    Reason.NOT_OBSERVED: _("Nobody looks in at night here."),
    Reason.ASK_CHILD: _("Ask the child where it feels safe."),
    Reason.NO_AGE: _("The age is not known: look who else sleeps here."),
    Reason.SIBLING_ELSEWHERE: _("A brother or sister sleeps in another room of this house."),
    Reason.SIBLING_HERE: _("A brother or sister sleeps in this room."),
}


@dataclass(frozen=True)
class Proposal:
    """A bed, and what was found of it."""

    spot: Spot
    fit: Fit

    @property
    def reasons(self) -> list[str]:
        return [str(WORDS[reason]) for reason in self.fit.reasons]

    @property
    def against(self) -> list[str]:
        return [str(WORDS[reason]) for reason in self.fit.against]

    @property
    def badge(self) -> tuple[str, str]:
        """Word and colour."""
        if self.fit.is_barred:
            return str(_("not possible")), "danger"
        return (str(_("fits")), "success") if self.fit.fits else (str(_("does not fit")), "warning")


def proposals(file: File, *, on: date, needs: Collection[str] = (), own: Stay | None = None) -> list[Proposal]:
    """All beds of the agency's houses, the best first: four queries, however many."""
    found = places.spots(file.actor)
    taken = places.sleepers((spot.bed for spot in found), file.row.subject_id, file.actor)
    todays = {spot.house.pk: places.today_in(spot.house, file.actor.now) for spot in found}
    asked = _Asked.of(file, on, needs, own, taken, todays)
    return sorted((asked.proposal(spot) for spot in found), key=lambda one: one.fit.rank)


@dataclass(frozen=True)
class _Asked:
    """What is known of the child and of who sleeps in the houses on that day."""

    who: Who
    on: date
    todays: Mapping[uuid.UUID, date]  # by house
    taken: Mapping[uuid.UUID, Sequence[StayBed]]
    now_in: frozenset[uuid.UUID]  # the bed in which the child sleeps now
    others: Mapping[uuid.UUID, Sequence[tuple[StayBed, Who]]]  # by house
    limits: Limits
    apart: frozenset[uuid.UUID]
    suspects_shared: frozenset[uuid.UUID]
    unsaid: frozenset[uuid.UUID]  # the actor is kept out of their files

    @classmethod
    def of(
        cls,
        file: File,
        on: date,
        needs: Collection[str],
        own: Stay | None,
        taken: Mapping[uuid.UUID, Sequence[StayBed]],
        todays: Mapping[uuid.UUID, date],
    ) -> _Asked:
        child = case_of(file).child
        stays = {bed: [one for one in rows if own is None or one.stay_id != own.pk] for bed, rows in taken.items()}
        now_in = {bed for bed, rows in taken.items() for one in rows if own and one.stay_id == own.pk and one.begun}
        there = [one for rows in stays.values() for one in rows if _is_there(one, on, todays)]
        subjects = {one.subject_id for one in there}
        bodies = keyed.bodies({child.subject_id, *subjects}, on)
        others: dict[uuid.UUID, list[tuple[StayBed, Who]]] = {}
        for one in there:
            body = bodies.get(one.subject_id, keyed.Body("", None))
            mate = Who(one.subject_id, body.sex, body.age, one.stay.case.child.family_id)
            others.setdefault(_house(one), []).append((one, mate))
        body = bodies.get(child.subject_id, keyed.Body("", None))
        return cls(
            Who(child.subject_id, body.sex, body.age, child.family_id, frozenset(needs)),
            on,
            todays,
            stays,
            frozenset(now_in),
            others,
            Limits(terms.years_of(terms.MIXED_FROM), terms.years_of(terms.AGE_GAP)),
            frozenset(one.subject_id for one in there if getattr(one, "is_apart", False)),
            frozenset(keyed.share_a_suspect(child.subject_id, subjects)),
            frozenset(one.subject_id for one in there if getattr(one, "is_unsaid", False)),
        )

    def proposal(self, spot: Spot) -> Proposal:
        house = [pair for pair in self.others.get(spot.house.pk, ()) if pair[0].bed_id != spot.bed.pk]
        in_room = {bed.pk for bed in (spot.bed,)} | _beds_of_room(spot, house)
        room = spot.room
        place = Place(
            purpose=room.purpose,
            whom=room.whom,
            age_from=room.age_from,
            age_to=room.age_to,
            accessible=room.accessible,
            mates=tuple(who for row, who in house if row.bed_id in in_room),
            near=tuple(who for _row, who in house),
            barred=frozenset(self._bars(spot)),
        )
        others = {"apart": self.apart, "suspects_shared": self.suspects_shared, "unsaid": self.unsaid}
        return Proposal(spot, fitting.fit(self.who, place, self.limits, **others))

    def _bars(self, spot: Spot) -> set[Reason]:
        found = {Reason.OUT_OF_USE} if spot.is_out_of_use(self.on) else set()
        if spot.bed.pk in self.now_in:
            found.add(Reason.OWN)
        for row in self.taken.get(spot.bed.pk, ()):
            if not row.begun:
                found.add(Reason.KEPT)
            elif _is_there(row, self.on, self.todays):
                found.add(Reason.TAKEN)
        if len(self.others.get(spot.house.pk, ())) >= spot.house.capacity:
            found.add(Reason.FULL)
        return found


def _house(row: StayBed) -> uuid.UUID:
    house = row.stay.house_id
    assert house is not None, "whoever has a bed is in a house"
    return house


def _beds_of_room(spot: Spot, house: Sequence[tuple[StayBed, Who]]) -> set[uuid.UUID]:
    return {row.bed_id for row, _who in house if row.bed.room_id == spot.room.pk}


def _is_there(row: StayBed, on: date, todays: Mapping[uuid.UUID, date]) -> bool:
    """Whether a child is still there on a day: of a stay that runs out before it one goes by that. Whose last day is past and who did
    not leave is there.
    """
    ends = row.stay.planned_until
    return not (row.begun and ends is not None and todays[_house(row)] <= ends < on)
