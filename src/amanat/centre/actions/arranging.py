"""Houses, rooms and beds: written down, changed, taken out of use. What is taken out of use stays in the history of the stays."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.audit.recording import office_subject
from amanat.centre.models import Bed, House, Room, StayBed
from amanat.directory.models import Location
from amanat.people.models import Site
from amanat.web.errors import PersonFacingError, Refused

MOST_BEDS = 20  # of a room; ours


@verb(Verb.HOUSE_ARRANGE)
def add_house(
    *,
    name: str,
    capacity: int,
    about: str = "",
    site: Site | None = None,
    location: Location | None = None,
    actor: Actor,
) -> House:
    """Write down a house of the actor's agency. What it is called and what it is for is sealed; where it is stands in the directory alone.

    Raises:
        PersonFacingError: the place is not confidential, or the site or place is another agency's.
    """
    _check_where(actor, site, location)
    return House.objects.create(
        subject=office_subject(),
        agency=actor.membership.agency,
        name=name,
        about=about or None,
        capacity=capacity,
        site=site,
        location=location,
        made_at=actor.now,
    )


@verb(Verb.HOUSE_ARRANGE)
def change_house(
    house: House,
    *,
    name: str,
    capacity: int,
    about: str,
    site: Site | None = None,
    location: Location | None = None,
    closed: bool = False,
    actor: Actor,
) -> House:
    """Change a house, or take it out of use.

    Raises:
        Refused: it is another agency's.
        PersonFacingError: children sleep there still, or more than the new capacity; see `add_house` for the place.
    """
    _check_own(actor, house)
    _check_where(actor, site, location)
    hold(house)
    there = open_beds(house)
    if closed and there:
        raise PersonFacingError(
            _("Children sleep in this house, or a bed is kept there."), _("Move them first."), field="closed"
        )
    if there > capacity:
        raise PersonFacingError(
            _("%(count)d children have a bed there now.") % {"count": there}, _("Move them first."), field="capacity"
        )
    house.name, house.about, house.capacity = name, about or None, capacity
    house.site, house.location = site, location
    house.closed_at = (house.closed_at or actor.now) if closed else None
    house.save()
    return house


@verb(Verb.HOUSE_ARRANGE)
def write_room(
    house: House,
    *,
    room: Room | None = None,
    name: str,
    floor: int = 0,
    purpose: str,
    whom: str,
    age_from: int | None = None,
    age_to: int | None = None,
    accessible: bool = False,
    beds: int,
    closed: bool = False,
    actor: Actor,
) -> Room:
    """Write down a room with its beds, or change one.

    Raises:
        Refused: the house is another agency's.
        PersonFacingError: the ages are in the wrong order, or a bed that would go is taken.
    """
    _check_own(actor, house)
    if age_from is not None and age_to is not None and age_to < age_from:
        raise PersonFacingError(_("The ages are in the wrong order."), field="age_to")
    _check_within(house, room)
    hold(house)
    room = room or Room(subject=house.subject, house=house, made_at=actor.now)
    room.name, room.floor, room.purpose, room.whom = name, floor, purpose, whom
    room.age_from, room.age_to, room.accessible = age_from, age_to, accessible
    room.closed_at = (room.closed_at or actor.now) if closed else None
    room.save()
    if closed and StayBed.objects.filter(bed__room=room, until=None).exists():
        raise PersonFacingError(_("Somebody sleeps in this room, or a bed is kept there."), field="closed")
    _set_beds(room, beds, actor)
    return room


def _set_beds(room: Room, beds: int, actor: Actor) -> None:
    """So many beds, by their numbers. One that a child ever had stays in the history: it goes out of use and is not deleted."""
    there = {bed.number: bed for bed in room.beds.all()}
    Bed.objects.bulk_create(
        Bed(room=room, number=number, changed_by=actor.membership)
        for number in range(1, beds + 1)
        if number not in there
    )
    gone = [bed for number, bed in there.items() if number > beds]
    held = set(StayBed.objects.filter(bed__in=gone).values_list("bed", flat=True))
    if StayBed.objects.filter(bed__in=gone, until=None).exists():
        raise PersonFacingError(_("Somebody sleeps in a bed that would go."), _("Move the child first."), field="beds")
    if held:
        raise PersonFacingError(
            _("Children slept in a bed that would go, so it stays in the history."),
            _("Take it out of use instead."),
            field="beds",
        )
    Bed.objects.filter(pk__in=[bed.pk for bed in gone]).delete()


@verb(Verb.HOUSE_ARRANGE)
def set_bed(
    house: House, *, bed: Bed, out_from: date | None = None, out_until: date | None = None, actor: Actor
) -> Bed:
    """Take a bed out of use from a day on, or (without one) back into use.

    Raises:
        Refused: the house is another agency's.
        PersonFacingError: somebody sleeps there, or the last day is before the first.
    """
    _check_own(actor, house)
    _check_within(house, bed.room)
    hold(house)
    if out_from and out_until and out_until < out_from:
        raise PersonFacingError(_("The last day is before the first."), field="out_until")
    if out_from and StayBed.objects.filter(bed=bed, until=None).exists():
        raise PersonFacingError(
            _("Somebody sleeps in this bed, or it is kept."), _("Move the child first."), "out_from"
        )
    bed.out_from, bed.out_until = out_from, out_until if out_from else None
    bed.changed_by = actor.membership
    bed.save()
    return bed


def hold(house: House) -> None:
    """Lock a house for this transaction: whoever places a child there, or takes a bed away, waits for the other."""
    House.objects.select_for_update(of=("self",), no_key=True).filter(pk=house.pk).values_list("pk").first()


def open_beds(house: House) -> int:
    """How many children have a bed there or have one kept."""
    return StayBed.objects.filter(bed__room__house=house, until=None).count()


def _check_own(actor: Actor, house: House) -> None:
    if house.agency_id != actor.membership.agency_id:
        raise Refused()


def _check_within(house: House, room: Room | None) -> None:
    """A room of another house is not written by way of this one."""
    if room is not None and room.house_id != house.pk:
        raise Refused()


def _check_where(actor: Actor, site: Site | None, location: Location | None) -> None:
    agency = actor.membership.agency_id
    if site is not None and site.agency_id != agency:
        raise PersonFacingError(_("This site is another agency’s."), field="site")
    if location is None:
        return
    if location.organization is None or location.organization.agency_id != agency:
        raise PersonFacingError(_("This place is another agency’s."), field="location")
    if not location.is_confidential:
        raise PersonFacingError(
            _("Where a house is stays secret: this place is not confidential."),
            _("Make it confidential in the directory first."),
            field="location",
        )
