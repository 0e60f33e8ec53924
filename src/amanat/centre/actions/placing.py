"""Putting children into beds: the waiting list, admission, moves. Under the lock of the case, then of the house: never two in one bed,
never more than the house holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import Case, EventKind
from amanat.centre import belongings, places, proposals, residents, terms
from amanat.centre.actions import missing
from amanat.centre.actions.arranging import hold
from amanat.centre.actions.holding import (
    check_near,
    check_own_house,
    check_seen,
    file_of,
    house_with,
    in_house,
    open_stay,
    save,
    stay_of,
)
from amanat.centre.models import Bed, House, Stay, StayBed, StayState, Term, Urgency
from amanat.centre.models.stays import BEFORE
from amanat.centre.proposals import Proposal
from amanat.web.errors import PersonFacingError


class BedGone(PersonFacingError):
    """Somebody else has this bed, or it can't be had; the hint names the next best one."""

    def __init__(self, why: Sequence[str], best: Proposal | None) -> None:
        super().__init__(
            _("This bed can’t be had: %(why)s") % {"why": " ".join(why)},
            _("The next best one: %(bed)s.") % {"bed": best.spot}
            if best
            else _("No bed is free. Use the waiting list."),
            field="bed",
        )
        self.best = best


@dataclass(frozen=True)
class Arrival:
    """What is written down when a child comes. `urgent`, `needs`: codes of the pack's lists; `things`: what it brought, a line each."""

    urgent: Sequence[str] = ()
    needs: Sequence[str] = ()
    brought_by: str = ""
    words: str = ""
    things: Sequence[str] = field(default=())

    def kept(self) -> dict[str, Any]:
        told = {"urgent": list(self.urgent), "needs": list(self.needs), "brought_by": self.brought_by}
        return {key: value for key, value in (told | {"words": self.words}).items() if value}


@verb(Verb.STAY_WAIT)
def wait(
    case: Case,
    *,
    urgency: int = Urgency.LATER,
    house: House | None = None,
    comes_on: date | None = None,
    needs: Sequence[str] = (),
    words: str = "",
    seen: int | None = None,
    actor: Actor,
) -> Stay:
    """Put a child on the waiting list of the agency's houses, or change how it stands there.

    Raises:
        PersonFacingError: the case is closed, or another agency's and no referral for shelter was accepted; the child has a place
            already, or waits for one at another agency; the day has passed.
        Stale: somebody changed how it stands there meanwhile.
    """
    file = file_of(case, actor)
    stay = open_stay(case)
    if stay is not None and stay.state != StayState.WAITING:
        raise PersonFacingError(_("The child has a place already."), _("Move it to another bed instead."))
    if stay is not None:
        check_near(stay, actor, case)
        check_seen(stay, seen)
    check_own_house(house, actor)
    if comes_on and comes_on < (places.today_in(house, actor.now) if house else places.day_of(actor.now)):
        raise PersonFacingError(_("This day has passed."), field="comes_on")
    stay = stay or stay_of(file, StayState.WAITING)
    stay.house, stay.urgency, stay.comes_on = house, urgency, comes_on
    stay.intake = Arrival(needs=needs, words=words).kept() or None
    save(stay)
    mark(case, EventKind.BED_WAITED, actor, part=Part.CENTRE, text=words)
    return stay


@verb(Verb.STAY_WAIT)
def take_off(case: Case, *, words: str, actor: Actor) -> Stay:
    """Take a child off the list, or give back a bed that is kept.

    Raises:
        PersonFacingError: it is not on the list.
    """
    lock(case)
    stay = open_stay(case)
    if stay is None or stay.state not in BEFORE:
        raise PersonFacingError(_("The child does not wait for a place."))
    check_near(stay, actor, case)
    end_bed(stay, actor)
    stay.state, stay.until = StayState.WITHDRAWN, actor.now
    save(stay)
    mark(case, EventKind.BED_WAITED, actor, part=Part.CENTRE, text=words, ended=True)
    return stay


@verb(Verb.STAY_ADMIT)
def admit(
    case: Case,
    *,
    bed: Bed,
    on: date | None = None,
    until: date | None = None,
    arrived_at: datetime | None = None,
    arrival: Arrival | None = None,
    why: str = "",
    actor: Actor,
) -> Stay:
    """Admit a child to a bed now, or keep the bed for a day to come. Who has the shift in the house learns of the child.

    `until` is the last day at first: without one, the pack's. `arrived_at`: when the child came, where that is written down later.
    `why`: why this bed, where something speaks against it.

    Raises:
        BedGone: somebody else has the bed, or the house is full.
        PersonFacingError: the case is closed, or another agency's and no referral for shelter was accepted; the child stays already,
            the day has passed, the last day is before it or later than the rules allow, or something speaks against the bed and nobody
            wrote why; it can't have come at that time.
    """
    file = file_of(case, actor)
    stay, today = open_stay(case), places.today_in(house_with(bed), actor.now)
    if stay is not None and stay.is_in_house:
        raise PersonFacingError(_("The child stays in a house already."), _("Move it to another bed instead."))
    on = on or today
    if on < today:
        raise PersonFacingError(_("This day has passed."), field="on")
    stay = stay or stay_of(file, StayState.PLANNED)
    arrival = arrival or Arrival()
    begun, came = on == today, arrived_at or actor.now
    if arrived_at is not None:
        _check_arrived(case, bed, arrived_at, begun=begun, actor=actor)
    _place(file, stay, bed, begun=begun, on=on, why=why, needs=arrival.needs, since=came)
    stay.intake = arrival.kept() or stay.intake
    if not begun:
        stay.state, stay.comes_on = StayState.PLANNED, on
        save(stay)
        mark(case, EventKind.BED_WAITED, actor, part=Part.CENTRE)
        return stay
    stay.state, stay.since = StayState.IN, came
    stay.planned_until = _first_until(places.day_in(stay.house, came), until)
    if arrival.things:
        stay.belongings = {"items": belongings.listed(arrival.things)}
    save(stay)
    _begin_term(stay, actor)
    mark(case, EventKind.ADMITTED, actor, part=Part.CENTRE, at=came, text=arrival.words)
    missing.is_here(case, came, actor)
    residents.let_in_who_is_on(stay, actor)
    return stay


def _check_arrived(case: Case, bed: Bed, at: datetime, *, begun: bool, actor: Actor) -> None:
    """A bed has one child at a time, and a child one place, also in what lies behind."""
    if not begun:
        raise PersonFacingError(
            _("A child who has come already is admitted today."), _("Choose today, or leave this empty."), "arrived_at"
        )
    if at > actor.now:
        raise PersonFacingError(_("This time has not come yet."), field="arrived_at")
    if Stay.objects.filter(subject=case.subject_id, state=StayState.ENDED, until__gt=at).exists():
        raise PersonFacingError(_("The stay before ended later than this."), field="arrived_at")
    if StayBed.objects.filter(bed=bed, begun=True, until__gt=at).exists():
        raise PersonFacingError(
            _("Another child still had this bed then."), _("Choose another bed, or a later time."), "arrived_at"
        )


@verb(Verb.STAY_MOVE)
def move(case: Case, *, bed: Bed, why: str = "", seen: int | None = None, actor: Actor) -> Stay:
    """Move a child to another bed, of this house or another.

    Raises:
        BedGone, PersonFacingError: as in `admit`; or the child is in no house.
        Stale: somebody moved it meanwhile.
    """
    file = file_of(case, actor)
    stay = in_house(case, actor)
    check_seen(stay, seen)
    house = stay.house
    assert house is not None, "the child is in a house"
    if StayBed.objects.filter(stay=stay, bed=bed, until=None).exists():
        raise PersonFacingError(_("The child sleeps in this bed already."), field="bed")
    needs = (file.open(stay, "intake") or {}).get("needs", ()) if file.sees(Part.CENTRE) else ()
    _place(file, stay, bed, begun=True, on=places.today_in(house_with(bed), actor.now), why=why, needs=needs)
    save(stay)
    mark(case, EventKind.BED_MOVED, actor, part=Part.CENTRE, text=why)
    if stay.house_id != house.pk:
        residents.let_out(stay, house, actor)
        residents.let_in_who_is_on(stay, actor)
    return stay


def _place(
    file: File,
    stay: Stay,
    bed: Bed,
    *,
    begun: bool,
    on: date,
    why: str,
    needs: Sequence[str],
    since: datetime | None = None,
) -> StayBed:
    """End the bed that the stay has and give it this one, once nothing is in the way; from now, or `since`."""
    actor = file.actor
    house = house_with(bed)
    check_own_house(house, actor)
    hold(house)
    offered = proposals.proposals(file, on=on, needs=needs, own=stay)
    chosen = next((one for one in offered if one.spot.bed.pk == bed.pk), None)
    if chosen is None or chosen.fit.is_barred:
        best = next((one for one in offered if not one.fit.is_barred), None)
        raise BedGone(chosen.against if chosen else [_("It is not in use any more.")], best)
    if not chosen.fit.fits and not why.strip():
        raise PersonFacingError(
            _("This bed does not fit: %(why)s") % {"why": " ".join(chosen.against)},
            _("Choose another, or write why it is right all the same."),
            field="why",
        )
    stay.house, stay.agency, stay.place = house, house.agency, chosen.spot.called
    if stay._state.adding:
        stay.save()
    end_bed(stay, actor)
    return StayBed.objects.create(
        subject=stay.subject,
        stay=stay,
        bed=bed,
        since=(since or actor.now) if begun else places.begin_of(on, house),
        begun=begun,
        by=actor.membership,
        called=chosen.spot.called,
        why=why or None,
    )


def end_bed(stay: Stay, actor: Actor, at: Any = None) -> None:
    """Free the bed that a stay has. One that was only kept leaves nothing behind."""
    rows = StayBed.objects.filter(stay=stay, until=None)
    rows.filter(begun=False).delete()
    rows.filter(begun=True).update(until=at or actor.now)


def _begin_term(stay: Stay, actor: Actor) -> None:
    """The first of the terms of a stay, where it has a last day."""
    if stay.planned_until:
        Term.objects.create(
            subject=stay.subject, stay=stay, until=stay.planned_until, set_by=actor.membership, set_at=actor.now
        )


def _first_until(on: date, until: date | None) -> date | None:
    first, longest = terms.first_until(on), terms.longest_until(on)
    if until is not None and until < on:
        raise PersonFacingError(_("This is before the day of the admission."), field="until")
    latest = first or longest
    if until is not None and latest is not None and until > latest:
        raise PersonFacingError(
            _("The rules of this country do not let a stay be so long at first."),
            _("Admit the child for the first time, then extend the stay with its ground."),
            field="until",
        )
    return until or first
