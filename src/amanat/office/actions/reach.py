"""Whose workers somebody looks after: their own agency's, or everybody's. Nobody looks after themselves."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Container

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


def check_suspension(user: User, actor: Actor) -> None:
    """Raises:
    NotYours: the worker is suspended by an administrator or from another agency, and the actor's role ends at their own.
    """
    if user.is_active or actor.role in EVERY_AGENCY:
        return
    by = user.suspended_by
    if by is None or by.role in EVERY_AGENCY or by.agency_id != actor.membership.agency_id:
        raise NotYours(_("Somebody else suspended this worker. An administrator can let them in again."))


def looks_after(user: User, actor: Actor, *, but: Container[str] = EVERY_AGENCY) -> bool:
    """Whether `check_colleague` lets this through: what a page offers."""
    return _passes(lambda: check_colleague(user, actor, but=but))


def may_readmit(user: User, actor: Actor) -> bool:
    """Whether the actor may let a suspended worker in again: what a page offers."""
    return looks_after(user, actor) and _passes(lambda: check_suspension(user, actor))


def _passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except NotYours:
        return False
    return True
