"""What one keeps, for its pages: the list of services, organisations, and the details of one."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.loaders import Hidden
from amanat.directory import confidential, keepers
from amanat.directory.actions.detailing import ADDRESS, WHERE
from amanat.directory.finding import needs_confirming
from amanat.directory.models import (
    Address,
    Language,
    Location,
    Organization,
    Phone,
    RequiredDocument,
    Schedule,
    Service,
    ServiceAtLocation,
    Status,
)
from amanat.directory.showing import note_look
from amanat.directory.week import clock_of, days_of
from amanat.directory.wording import called
from amanat.web.paging import PAGE_SIZE, Page, keyset_page

KINDS = {"hours": Schedule, "phone": Phone, "place": ServiceAtLocation}


def entries(actor: Actor, cursor: str, *, only_old: bool = False) -> Page[Service]:
    """By name; each with `is_old`. Services that are given no more come only where somebody looks for all."""
    rows = keepers.to_confirm(actor, actor.now) if only_old else keepers.services(actor)
    found = keyset_page(rows.select_related("organization"), ["name", "id"], cursor)
    for row in found.rows:
        row.is_old = row.status == Status.ACTIVE and needs_confirming(row.confirmed_on, actor.now)  # type: ignore[attr-defined]
    return found


def organizations(actor: Actor) -> list[Organization]:
    """Those that one may add a service to: one's own, or the first of the others by name."""
    rows = keepers.organizations(actor).annotate(offers=Count("services"))
    return list(rows.order_by("name", "id")[:PAGE_SIZE])


def told_of(service: Service) -> tuple[list[str], list[str]]:
    """Languages and papers as they stand in the entry."""
    languages = Language.objects.filter(service=service).order_by("id").values_list("code", flat=True)
    papers = RequiredDocument.objects.filter(service=service).order_by("id").values_list("document", flat=True)
    return [code for code in languages if code], [paper for paper in papers if paper]


def other_places(service: Service) -> QuerySet[Location]:
    """Of the organisation, where this service is not given yet."""
    here = ServiceAtLocation.objects.filter(service=service).values("location")
    return Location.objects.filter(organization=service.organization_id).exclude(pk__in=here).order_by("name", "id")


def told_of_place(place: Location, actor: Actor) -> dict[str, Any]:
    """The fields of its form, for who keeps it; of a confidential place what is sealed."""
    told: dict[str, Any] = {"region": place.region, "is_confidential": place.is_confidential}
    if place.is_confidential:
        content = confidential.opened(place, actor)
        note_look(place, actor)
        for table in ("addresses", "locations"):
            told |= {name: text for name, text in (content.get(table) or [{}])[0].items() if name != "id"}
        return told
    address = Address.objects.filter(location=place).order_by("id").first()
    told |= {column: getattr(address, column) for column in ADDRESS if address}
    return told | {name: getattr(place, name) for name in ("name", *WHERE)}


def detail_of(service: Service, kind: str, pk: uuid.UUID) -> Any:
    """Raises:
    Hidden: the service has no such row.
    """
    model: Any = KINDS.get(kind)
    row = model and model.objects.filter(service=service, pk=pk).first()
    if row is None:
        raise Hidden(None)
    return row


def in_words(row: Schedule | Phone | ServiceAtLocation) -> str:
    match row:
        case Schedule():
            return f"{days_of(row)}, {clock_of(row)}"
        case Phone():
            return str(row)
        case _:
            return place_name(row.location)


def place_name(location: Location) -> str:
    """Of a confidential one its region alone."""
    region = called("region", location.region)
    if location.is_confidential:
        return _("Confidential place, %(region)s") % {"region": region} if region else _("Confidential place")
    return location.label.text() or region or _("Place without a name")


def about_languages(row: Organization | Service) -> str:
    """What whoever changes an entry should know of its texts in other languages."""
    if not {"name", "description"} & set(row.texts):
        return ""
    return _("Name and description stand here as they were written first. Where you change one, its translations go.")
