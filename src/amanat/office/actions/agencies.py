"""Agencies and the places where they work."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.people.models import Agency, Site
from amanat.web.errors import PersonFacingError

Row = TypeVar("Row", Agency, Site)


class Changed(NamedTuple):
    """An agency or a site as it is now, with what was there before: (field, before, now). As text, for the log."""

    row: Agency | Site
    differences: list[tuple[str, str, str]]

    def __str__(self) -> str:
        place = f"{self.row.agency}: {self.row}" if isinstance(self.row, Site) else str(self.row)
        told = (f"{name.replace('_', ' ')}: {before or '-'} → {now or '-'}" for name, before, now in self.differences)
        return f"{place} ({'; '.join(told)})" if self.differences else place


@verb(Verb.PEOPLE_ARRANGE, about=str)
def add_agency(*, name: str, kind: str, duty_contact: str, actor: Actor) -> Agency:
    """A new agency. `kind` is a code of the pack's list `agency_kind`.

    Raises:
        PersonFacingError: there is one of this name.
    """
    _check_name(name, None)
    return Agency.objects.create(name=name, kind=kind, duty_contact=duty_contact)


@verb(Verb.PEOPLE_ARRANGE, about=str)
def change_agency(*, agency: Agency, name: str, kind: str, duty_contact: str, actor: Actor) -> Changed:
    """The log keeps what was there before: whoever changes a duty contact changes who is called about a child.

    Raises:
        PersonFacingError: another agency has this name.
    """
    _check_name(name, agency)
    return _change(agency, {"name": name, "kind": kind, "duty_contact": duty_contact})


def _check_name(name: str, agency: Agency | None) -> None:
    # Not `iexact`: SQLite folds only the letters of English.
    others = Agency.objects.exclude(pk=agency.pk) if agency else Agency.objects.all()
    if name.casefold() in {other.name.casefold() for other in others}:
        raise PersonFacingError(_("There is an agency of this name."), field="name")


@verb(Verb.PEOPLE_ARRANGE, about=str)
def add_site(agency: Agency, *, name: str, time_zone: str, actor: Actor) -> Site:
    """A place where an agency works, with the time zone (IANA name) that its workers read times in.

    Raises:
        PersonFacingError: the agency has one of this name.
    """
    site = Site(agency=agency, name=name, time_zone=time_zone)
    _check_site_name(name, site)
    site.save()
    return site


@verb(Verb.PEOPLE_ARRANGE, about=str)
def change_site(*, site: Site, name: str, time_zone: str, actor: Actor) -> Changed:
    """The log keeps what was there before.

    Raises:
        PersonFacingError: another site of the agency has this name.
    """
    _check_site_name(name, site)
    return _change(site, {"name": name, "time_zone": time_zone})


def _check_site_name(name: str, site: Site) -> None:
    others = site.agency.sites.exclude(pk=site.pk).values_list("name", flat=True)
    if name.casefold() in {other.casefold() for other in others}:
        raise PersonFacingError(_("This agency has a site of this name."), field="name")


def _change(row: Row, fields: dict[str, str]) -> Changed:
    # Read anew under a lock, so that the log tells what was replaced and not what a page showed.
    row.refresh_from_db(from_queryset=type(row)._default_manager.select_for_update(no_key=True))
    before = {name: getattr(row, name) for name in fields}
    for name, now in fields.items():
        setattr(row, name, now)
    row.save(update_fields=list(fields))
    return Changed(row, [(name, before[name], now) for name, now in fields.items() if before[name] != now])
