"""Who keeps which entries: each agency its own; those of organisations that are no agency here whoever takes directories in."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.directory.finding import CONFIRMED_FOR
from amanat.directory.models import Organization, Service, Status
from amanat.web.errors import Refused


def keeps_others(actor: Actor) -> bool:
    """Whether they answer for organisations that are no agency of this workspace."""
    return actor.may(Verb.DIRECTORY_IMPORT) and actor.may(Verb.DIRECTORY_EDIT)


def may_keep(actor: Actor, organization: Organization) -> bool:
    if organization.agency_id is None:
        return keeps_others(actor)
    return organization.agency_id == actor.membership.agency_id and actor.may(Verb.DIRECTORY_EDIT)


def check(actor: Actor, organization: Organization) -> None:
    """Raises:
    Refused: somebody else keeps these entries.
    """
    if not may_keep(actor, organization):
        raise Refused()


def organizations(actor: Actor) -> QuerySet[Organization]:
    """Those whose entries the actor keeps."""
    if not actor.may(Verb.DIRECTORY_EDIT):
        return Organization.objects.none()
    own = Q(agency=actor.membership.agency_id)
    return Organization.objects.filter(own | Q(agency=None) if keeps_others(actor) else own)


def services(actor: Actor) -> QuerySet[Service]:
    return Service.objects.filter(organization__in=organizations(actor).values("pk"))


def to_confirm(actor: Actor, now: datetime) -> QuerySet[Service]:
    """Active ones of theirs that nobody confirmed for 90 days."""
    last = timezone.localdate(now) - CONFIRMED_FOR
    return services(actor).filter(Q(confirmed_on=None) | Q(confirmed_on__lt=last), status=Status.ACTIVE)
