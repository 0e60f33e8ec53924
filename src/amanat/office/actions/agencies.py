"""Agencies and the places where they work."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.people.models import Agency, Site
from amanat.web.errors import PersonFacingError


@verb(Verb.PEOPLE_ARRANGE, about=str)
def add_agency(*, name: str, kind: str, duty_contact: str, actor: Actor) -> Agency:
    """A new agency. `kind` is a code of the pack's list `agency_kind`.

    Raises:
        PersonFacingError: there is one of this name.
    """
    _check_name(name, None)
    return Agency.objects.create(name=name, kind=kind, duty_contact=duty_contact)


@verb(Verb.PEOPLE_ARRANGE, about=str)
def change_agency(agency: Agency, *, name: str, kind: str, duty_contact: str, actor: Actor) -> Agency:
    """Raises:
    PersonFacingError: another agency has this name.
    """
    _check_name(name, agency)
    agency.name, agency.kind, agency.duty_contact = name, kind, duty_contact
    agency.save()
    return agency


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
    return _keep(Site(agency=agency), name, time_zone)


@verb(Verb.PEOPLE_ARRANGE, about=lambda site: site.agency)
def change_site(site: Site, *, name: str, time_zone: str, actor: Actor) -> Site:
    """Raises:
    PersonFacingError: another site of the agency has this name.
    """
    return _keep(site, name, time_zone)


def _keep(site: Site, name: str, time_zone: str) -> Site:
    others = site.agency.sites.exclude(pk=site.pk).values_list("name", flat=True)
    if name.casefold() in {other.casefold() for other in others}:
        raise PersonFacingError(_("This agency has a site of this name."), field="name")
    site.name, site.time_zone = name, time_zone
    site.save()
    return site
