"""How a worker goes, for a while or for good: leave with a deputy, suspension, the end of a role."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.actor import Actor
from amanat.access.policy import BY_OWNERSHIP, EVERY_AGENCY, Verb
from amanat.access.verbs import verb
from amanat.office.actions.holding import hold, hold_offices
from amanat.office.actions.reach import NotYours, check_agency, check_colleague, check_suspension, looks_after
from amanat.people import programs
from amanat.people.models import Membership, Role, User
from amanat.people.sessions import end_sessions
from amanat.web.errors import PersonFacingError

LAST = {
    Role.ADMINISTRATOR: gettext_lazy("This is the last administrator."),
    Role.DPO: gettext_lazy("This is the last data protection officer."),
}


@verb(Verb.PEOPLE_SUSPEND, about=str)
def suspend(user: User, *, reason: str, actor: Actor) -> User:
    """End all sessions of a worker at once, and let them in no more until `readmit`. What programs hold in their name ends for good.

    Raises:
        NotYours: a supervisor suspends workers of their own agency only, no administrator and no DPO, and takes over no
            suspension of somebody else's; nobody themselves.
        PersonFacingError: they are the last administrator or the last data protection officer who can sign in.
    """
    hold_offices(user, actor.now)
    check_colleague(user, actor)
    check_suspension(user, actor)
    _check_others_remain(user.memberships.current(actor.now), actor.now)
    user.is_active, user.suspended_at, user.suspended_by = False, actor.now, actor.membership
    user.save(update_fields=["is_active", "suspended_at", "suspended_by"])
    end_sessions(user)
    programs.end_of(user, actor.now)
    return user


@verb(Verb.PEOPLE_READMIT, about=str)
def readmit(user: User, *, reason: str, actor: Actor) -> User:
    """Let a suspended worker in again.

    Raises:
        NotYours: as for `suspend`; a supervisor undoes only what a supervisor of their agency did.
    """
    hold(user)
    check_colleague(user, actor)
    check_suspension(user, actor)
    user.is_active, user.suspended_at, user.suspended_by = True, None, None
    user.save(update_fields=["is_active", "suspended_at", "suspended_by"])
    return user


@verb(Verb.PEOPLE_END_ROLE, about=str)
def end_membership(membership: Membership, *, reason: str, actor: Actor) -> Membership:
    """End a role of a worker now. What they held in circles of care is handed over before (cases.hand_over_caseload).

    Raises:
        NotYours: it is the actor's own; or for a supervisor: of another agency, or of an administrator or a DPO.
        PersonFacingError: files still name them, or they are the last administrator or data protection officer.
    """
    hold_offices(membership.user, actor.now)
    check_colleague(membership.user, actor)
    check_agency(membership.agency_id, actor)
    if stands_in_circles(membership, actor.now):
        raise PersonFacingError(_("This worker still stands in circles of care."), _("Hand the caseload over first."))
    _check_others_remain([membership], actor.now)
    membership.until = actor.now
    membership.save(update_fields=["until"])
    programs.end(Membership.objects.filter(pk=membership.pk), actor.now)
    return membership


def may_end(membership: Membership, actor: Actor) -> bool:
    """Whether the actor's reach lets them end this role: what a page offers."""
    theirs = actor.role in EVERY_AGENCY or membership.agency_id == actor.membership.agency_id
    return theirs and looks_after(membership.user, actor)


def stands_in_circles(membership: Membership, now: datetime) -> bool:
    """Whether files name the membership now; of which children is not said."""
    return membership.grants.active(now).exists()


def _check_others_remain(going: Iterable[Membership], now: datetime) -> None:
    """Raises:
    PersonFacingError: without these, nobody who can sign in holds one of the roles that look after all agencies.
    """
    going = list(going)
    staying = Membership.objects.current(now).exclude(pk__in=[membership.pk for membership in going])
    for role in EVERY_AGENCY.intersection(membership.role for membership in going):
        if not staying.filter(role=role).exists():
            raise PersonFacingError(LAST[role], _("Give the role to somebody else first."))


@verb(Verb.PEOPLE_SET_LEAVE, about=str)
def set_leave(
    membership: Membership, *, away_from: datetime, away_until: datetime, deputy: Membership | None, actor: Actor
) -> Membership:
    """Say when a worker is away and who stands in; the deputy reads and writes what the absent one may, for that time.

    Raises:
        NotYours: neither one's own membership nor, for a supervisor, one of the agency.
        PersonFacingError: the dates are the wrong way round or over, or the deputy is not one who could do the work.
    """
    _check_leave_of(membership, actor)
    if away_until <= away_from:
        raise PersonFacingError(_("The leave ends before it begins."), field="away_until")
    if away_until <= actor.now:
        raise PersonFacingError(_("This leave is over already."), field="away_until")
    if deputy is not None:
        _check_deputy(deputy, membership, actor.now)
    membership.away_from, membership.away_until, membership.deputy = away_from, away_until, deputy
    membership.save(update_fields=["away_from", "away_until", "deputy"])
    return membership


@verb(Verb.PEOPLE_SET_LEAVE, about=str)
def end_leave(membership: Membership, *, actor: Actor) -> Membership:
    """Back at work now (or not going after all): from this moment the deputy stands in no more.

    Raises:
        NotYours: as for `set_leave`.
        PersonFacingError: there is no leave to end.
    """
    _check_leave_of(membership, actor)
    if membership.away_until is None or membership.away_until <= actor.now:
        raise PersonFacingError(_("There is no leave to end."))
    begun = membership.is_away(actor.now)
    membership.away_from = membership.away_from if begun else None
    membership.away_until = actor.now if begun else None
    membership.deputy = membership.deputy if begun else None
    membership.save(update_fields=["away_from", "away_until", "deputy"])
    return membership


def may_set_leave(membership: Membership, actor: Actor) -> bool:
    """One's own; a supervisor's colleagues'."""
    supervises = actor.role in BY_OWNERSHIP and membership.agency_id == actor.membership.agency_id
    return membership.user_id == actor.user.pk or supervises


def _check_leave_of(membership: Membership, actor: Actor) -> None:
    if not may_set_leave(membership, actor):
        raise NotYours(_("This worker belongs to another agency."))


def _check_deputy(deputy: Membership, membership: Membership, now: datetime) -> None:
    if deputy.user_id == membership.user_id:
        raise PersonFacingError(_("Nobody stands in for themselves."), field="deputy")
    if (deputy.agency_id, deputy.role) != (membership.agency_id, membership.role):
        raise PersonFacingError(_("A deputy has the same role in the same agency."), field="deputy")
    if not (deputy.is_current(now) and deputy.user.is_active):
        raise PersonFacingError(_("This worker does not work there any more."), field="deputy")
