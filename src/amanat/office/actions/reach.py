"""Whose workers somebody looks after: their own agency's, or everybody's. Nobody looks after themselves."""

from __future__ import annotations

import uuid
from collections.abc import Container

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import EVERY_AGENCY
from amanat.people.models import User
from amanat.web.errors import Refused


class NotYours(Refused):
    """The worker belongs to another agency, or it is the actor's own affair. The log keeps the attempt."""


def check_somebody_else(user: User, actor: Actor) -> None:
    """Raises:
    NotYours: the worker is the actor.
    """
    if user.pk == actor.user.pk:
        raise NotYours(_("Somebody else has to do this for you."))


def check_agency(agency: uuid.UUID, actor: Actor) -> None:
    """Raises:
    NotYours: the agency is another one, and the actor's role ends at their own.
    """
    if actor.role not in EVERY_AGENCY and agency != actor.membership.agency_id:
        raise NotYours(_("This worker belongs to another agency."))


def check_colleague(user: User, actor: Actor, *, but: Container[str] = EVERY_AGENCY) -> None:
    """Raises:
    NotYours: the worker is the actor; or the actor's role ends at their own agency, and the worker has no role there, or one of `but`.
    """
    check_somebody_else(user, actor)
    if actor.role in EVERY_AGENCY:
        return
    held = user.memberships.unended(actor.now)
    if all(membership.agency_id != actor.membership.agency_id for membership in held):
        raise NotYours(_("This worker belongs to another agency."))
    if any(membership.role in but for membership in held):
        raise NotYours(_("Only an administrator does this for somebody who looks after all agencies."))


def looks_after(user: User, actor: Actor, *, but: Container[str] = EVERY_AGENCY) -> bool:
    """Whether `check_colleague` lets this through: what a page offers."""
    try:
        check_colleague(user, actor, but=but)
    except NotYours:
        return False
    return True
