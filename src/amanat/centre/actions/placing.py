"""Putting children into beds: the waiting list, admission, moves. Under the lock of the case, then of the house: never two in one bed,
never more than the house holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import Case, EventKind
from amanat.centre import places, proposals, residents, terms
from amanat.centre.actions.arranging import hold
from amanat.centre.models import Bed, House, Stay, StayBed, StayState, Term, Urgency
from amanat.centre.models.stays import BEFORE, OPEN
from amanat.centre.proposals import Proposal
from amanat.names import signs
from amanat.web.errors import PersonFacingError, Stale


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
    actor: Actor,
) -> Stay:
    """Put a child on the waiting list of the agency's houses, or change how it stands there.

    Raises:
        PersonFacingError: the case is closed or another agency's, the child has a place already, or the day has passed.
    """
    file = _file(case, actor)
    stay = open_stay(case)
    if stay is not None and stay.state != StayState.WAITING:
        raise PersonFacingError(_("The child has a place already."), _("Move it to another bed instead."))
    _check_house(house, actor)
    if comes_on and comes_on < places.day_of(actor.now):
        raise PersonFacingError(_("This day has passed."), field="comes_on")
    stay = stay or _begin(file, StayState.WAITING)
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
    arrival: Arrival | None = None,
    why: str = "",
    actor: Actor,
) -> Stay:
    """Admit a child to a bed now, or keep the bed for a day to come. Who has the shift in the house learns of the child.

    `until` is the last day at first: without one, the pack's. `why`: why this bed, where something speaks against it.

    Raises:
        BedGone: somebody else has the bed, or the house is full.
        PersonFacingError: the case is closed or another agency's, the child stays already, the day has passed, the last day is
            before it or later than the rules allow, or something speaks against the bed and nobody wrote why.
    """
    file = _file(case, actor)
    stay, today = open_stay(case), places.day_of(actor.now)
    if stay is not None and stay.is_in_house:
        raise PersonFacingError(_("The child stays in a house already."), _("Move it to another bed instead."))
    on = on or today
    if on < today:
        raise PersonFacingError(_("This day has passed."), field="on")
    stay = stay or _begin(file, StayState.PLANNED)
    arrival = arrival or Arrival()
    begun = on == today
    _place(file, stay, bed, begun=begun, on=on, why=why, needs=arrival.needs)
    stay.intake = arrival.kept() or stay.intake
    if not begun:
        stay.state, stay.comes_on = StayState.PLANNED, on
        save(stay)
        mark(case, EventKind.BED_WAITED, actor, part=Part.CENTRE)
        return stay
    stay.state, stay.since = StayState.IN, actor.now
    stay.planned_until = _first_until(on, until)
    if arrival.things:
        stay.belongings = {"items": [{"what": thing} for thing in arrival.things]}
    save(stay)
    if stay.planned_until:
        Term.objects.create(
            subject=stay.subject, stay=stay, until=stay.planned_until, set_by=actor.membership, set_at=actor.now
        )
    mark(case, EventKind.ADMITTED, actor, part=Part.CENTRE, text=arrival.words)
    residents.let_in_who_is_on(stay, actor)
    return stay


@verb(Verb.STAY_MOVE)
def move(case: Case, *, bed: Bed, why: str = "", seen: int | None = None, actor: Actor) -> Stay:
    """Move a child to another bed, of this house or another.

    Raises:
        BedGone, PersonFacingError: as in `admit`; or the child is in no house.
        Stale: somebody moved it meanwhile.
    """
    file = _file(case, actor)
    stay = in_house(case)
    check_seen(stay, seen)
    house = stay.house
    assert house is not None, "the child is in a house"
    if StayBed.objects.filter(stay=stay, bed=bed, until=None).exists():
        raise PersonFacingError(_("The child sleeps in this bed already."), field="bed")
    needs = (file.open(stay, "intake") or {}).get("needs", ()) if file.sees(Part.CENTRE) else ()
    _place(file, stay, bed, begun=True, on=places.day_of(actor.now), why=why, needs=needs)
    save(stay)
    mark(case, EventKind.BED_MOVED, actor, part=Part.CENTRE, text=why)
    if stay.house_id != house.pk:
        residents.let_out(stay, house, actor)
        residents.let_in_who_is_on(stay, actor)
    return stay


def _place(file: File, stay: Stay, bed: Bed, *, begun: bool, on: date, why: str, needs: Sequence[str]) -> StayBed:
    """End the bed that the stay has and give it this one, once nothing is in the way."""
    actor = file.actor
    house = House.objects.select_related("subject").get(rooms__beds=bed.pk)
    _check_house(house, actor)
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
    stay.house, stay.place = house, chosen.spot.called
    if stay._state.adding:
        stay.save()
    end_bed(stay, actor)
    return StayBed.objects.create(
        subject=stay.subject,
        stay=stay,
        bed=bed,
        since=actor.now if begun else places.begin_of(on),
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


def _file(case: Case, actor: Actor) -> File:
    """The file under the lock of the case, which is open and of the actor's agency."""
    lock(case)
    if case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Reopen it first."))
    if case.agency_id != actor.membership.agency_id:
        raise PersonFacingError(
            _("The case is another agency’s, and so are the houses."), _("Ask for a place by a referral.")
        )
    return open_file(actor, case)


def _check_house(house: House | None, actor: Actor) -> None:
    if house is not None and house.agency_id != actor.membership.agency_id:
        raise PersonFacingError(_("This house is another agency’s."), _("Ask for a place by a referral."))


def open_stay(case: Case) -> Stay | None:
    """The stay of the child that is not over, on whichever of its cases."""
    return Stay.objects.filter(subject=case.subject_id, state__in=OPEN).select_related("subject", "house").first()


def in_house(case: Case) -> Stay:
    """Raises:
    PersonFacingError: the child is in no house.
    """
    stay = open_stay(case)
    if stay is None or not stay.is_in_house:
        raise PersonFacingError(_("The child stays in no house."), _("Admit it first."))
    return stay


def check_seen(stay: Stay, seen: int | None) -> None:
    """Raises:
    Stale: it changed since.
    """
    if seen is not None and stay.version != seen:
        raise Stale({}, stay.version)


def _begin(file: File, state: StayState) -> Stay:
    actor, case = file.actor, file.row
    assert isinstance(case, Case)
    number = signs.unused(lambda: signs.drawn(8), lambda drawn: Stay.objects.filter(number=drawn).exists())
    return Stay(
        subject=case.subject,
        case=case,
        agency=actor.membership.agency,
        number=number,
        state=state,
        asked_at=actor.now,
        asked_by=actor.membership,
    )


def save(stay: Stay) -> None:
    """With the next version, where it was there before."""
    stay.version += 0 if stay._state.adding else 1
    stay.save()
