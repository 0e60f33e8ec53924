"""What an agency tells of a service beside its own row: hours, phones, places. Where a confidential place is stands in no log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.directory import confidential, keepers, refreshing
from amanat.directory.actions.changes import touch
from amanat.directory.models import Address, Location, Phone, PlaceKind, Schedule, Service, ServiceAtLocation
from amanat.directory.packages.cells import text_of
from amanat.vault.ids import new_id
from amanat.web.errors import PersonFacingError

Told = dict[str, Any]
ADDRESS = ("address_1", "city", "state_province", "postal_code", "country")
WHERE = ("transportation", "latitude", "longitude")


def _of(service: Service, **_given: Any) -> str:
    return f"{service.organization}: {service}"


@verb(Verb.DIRECTORY_EDIT, about=_of)
def add_hours(
    service: Service,
    *,
    days: Sequence[str],
    opens_at: time,
    closes_at: time,
    valid_from: date | None = None,
    valid_to: date | None = None,
    actor: Actor,
) -> Schedule:
    """Each week on these days (of RFC 5545), by the clock of the place; what closes before it opens goes over midnight.

    Raises:
        Refused: the actor does not keep these entries.
        PersonFacingError: it ends before it begins to hold.
    """
    keepers.check(actor, service.organization)
    if valid_from and valid_to and valid_to < valid_from:
        raise PersonFacingError(_("The last day lies before the first."), field="valid_to")
    touch(service, actor)
    return Schedule.objects.create(
        service=service,
        freq="WEEKLY",
        byday=",".join(days),
        opens_at=f"{opens_at:%H:%M}",
        closes_at=f"{closes_at:%H:%M}",
        valid_from=valid_from,
        valid_to=valid_to,
    )


@verb(Verb.DIRECTORY_EDIT, about=_of)
def add_phone(service: Service, *, number: str, description: str, actor: Actor) -> Phone:
    """Raises:
    Refused: the actor does not keep these entries.
    """
    keepers.check(actor, service.organization)
    touch(service, actor)
    return Phone.objects.create(service=service, number=number, description=description)


@verb(Verb.DIRECTORY_EDIT, about=_of)
def take_out(service: Service, *, row: Schedule | Phone | ServiceAtLocation, actor: Actor) -> None:
    """Hours, a phone, or that it is given at a place, which itself stays. What is gone already stays so.

    Raises:
        Refused: the actor does not keep these entries.
        ValueError: the row is of another service.
    """
    keepers.check(actor, service.organization)
    if row.service_id != service.pk:
        raise ValueError("a row of another service")
    row.delete()
    touch(service, actor)
    refreshing.after_this(actor.now)


@verb(Verb.DIRECTORY_EDIT, about=_of)
def use_place(service: Service, *, location: Location, actor: Actor) -> ServiceAtLocation:
    """That it is given at a place that the organisation has already.

    Raises:
        Refused: the actor does not keep these entries.
        ValueError: the place is another organisation's.
    """
    keepers.check(actor, service.organization)
    if location.organization_id != service.organization_id:
        raise ValueError("a place of another organisation")
    touch(service, actor)
    return ServiceAtLocation.objects.get_or_create(service=service, location=location)[0]


@verb(Verb.DIRECTORY_EDIT, about=_of)
def add_place(
    service: Service, *, name: str, region: str, is_confidential: bool, actor: Actor, **where: Any
) -> ServiceAtLocation:
    """A new place at which it is given. `where`: columns of an address and of a location; of a confidential place they are sealed.

    Raises:
        Refused: the actor does not keep these entries.
        PersonFacingError: one half of the coordinates is missing.
    """
    keepers.check(actor, service.organization)
    place = Location(organization=service.organization, region=region, is_confidential=is_confidential)
    _write(place, name, where, actor)
    touch(service, actor)
    return ServiceAtLocation.objects.create(service=service, location=place)


@verb(Verb.DIRECTORY_EDIT, about=lambda place: place.organization)
def change_place(
    place: Location, *, name: str, region: str, is_confidential: bool, actor: Actor, **where: Any
) -> Location:
    """A place that is confidential stays so: its address was never to be known, so another one is another place.

    Raises:
        Refused: the actor does not keep these entries.
        PersonFacingError: one half of the coordinates is missing, or it should not be confidential any more.
    """
    if place.organization is None:
        raise PersonFacingError(_("This place belongs to no organisation."))
    keepers.check(actor, place.organization)
    if place.is_confidential and not is_confidential:
        raise PersonFacingError(
            _("A confidential place stays confidential."),
            _("Where the service is given at an open place, add that place instead."),
            field="is_confidential",
        )
    if is_confidential and not place.is_confidential:
        confidential.hide(place)
    place.region, place.texts = region, {}
    _write(place, name, where, actor)
    refreshing.after_this(actor.now)
    return place


def _write(place: Location, name: str, where: Told, actor: Actor) -> None:
    """Where it is: sealed, with its name, or in the rows that everybody reads."""
    if (where["latitude"] is None) != (where["longitude"] is None):
        missing = "latitude" if where["latitude"] is None else "longitude"
        raise PersonFacingError(_("Write both coordinates, or none."), field=missing)
    if place.is_confidential:
        place.save()
        _seal(place, {"name": name, **where}, actor)
        return
    place.name = name
    for column in WHERE:
        setattr(place, column, where[column])
    place.save()
    address = Address.objects.filter(location=place).order_by("id").first() or Address(location=place)
    told = {column: where[column] for column in ADDRESS}
    if any(told.values()) or not address._state.adding:
        for column, value in told.items():
            setattr(address, column, value)
        address.save()


def _seal(place: Location, told: Told, actor: Actor) -> None:
    """In the columns of a package; what else is known of the place stays."""
    content = confidential.opened(place, actor)
    told = {name: text_of(value) for name, value in told.items()}
    location = _first(content.get("locations")) | {name: told[name] for name in ("name", *WHERE)}
    address = _first(content.get("addresses")) | {name: told[name] for name in ADDRESS}
    address |= {"location_id": str(place.pk), "address_type": PlaceKind.PHYSICAL.value}
    content["locations"] = [{**location, "id": str(place.pk)}]
    content["addresses"] = [{"id": str(new_id()), **address}, *content.get("addresses", [])[1:]]
    confidential.write(place, content)


def _first(rows: list[dict[str, str]] | None) -> dict[str, str]:
    return dict(rows[0]) if rows else {}
