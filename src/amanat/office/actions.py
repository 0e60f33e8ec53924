"""What is done to agencies, workers and their roles. Handing over caseloads stands in `cases`, since it is about files."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import sees_files
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.audit.recording import office_subject
from amanat.office.models import Proposal, ProposalKind
from amanat.people import factors, invitations
from amanat.people.models import Agency, Membership, Role, Site, User
from amanat.people.sessions import end_sessions
from amanat.web.errors import PersonFacingError


class NotYours(PersonFacingError):
    """The worker belongs to another agency, or it is the actor's own affair."""


class Invited(NamedTuple):
    """A new worker, and the code that is shown once and handed over in person."""

    user: User
    code: str


@verb(Verb.PEOPLE_ARRANGE)
def add_agency(*, name: str, kind: str, duty_contact: str, actor: Actor) -> Agency:
    """A new agency. `kind` is a code of the pack's list `agency_kind`.

    Raises:
        PersonFacingError: there is one of this name.
    """
    if Agency.objects.filter(name__iexact=name).exists():
        raise PersonFacingError(_("There is an agency of this name."), field="name")
    return Agency.objects.create(name=name, kind=kind, duty_contact=duty_contact)


@verb(Verb.PEOPLE_ARRANGE)
def change_agency(agency: Agency, *, name: str, kind: str, duty_contact: str, actor: Actor) -> Agency:
    """Raises:
    PersonFacingError: another agency has this name.
    """
    if Agency.objects.filter(name__iexact=name).exclude(pk=agency.pk).exists():
        raise PersonFacingError(_("There is an agency of this name."), field="name")
    agency.name, agency.kind, agency.duty_contact = name, kind, duty_contact
    agency.save()
    return agency


@verb(Verb.PEOPLE_ARRANGE)
def add_site(agency: Agency, *, name: str, time_zone: str, actor: Actor) -> Site:
    """A place where an agency works, with the time zone (IANA name) that its workers read times in."""
    return Site.objects.create(agency=agency, name=name, time_zone=time_zone)


@verb(Verb.PEOPLE_INVITE)
def invite(
    *,
    username: str,
    display_name: str,
    language: str,
    role: Role,
    agency: Agency,
    site: Site | None,
    reason: str,
    actor: Actor,
) -> Invited:
    """A new worker with a one-time code. A role that reaches children waits for the second person.

    Raises:
        PersonFacingError: the sign-in name is taken.
    """
    if User.objects.filter(username__iexact=username).exists():
        raise PersonFacingError(_("This sign-in name is taken."), _("Add an initial or a number."), field="username")
    user = User.objects.create_user(username, None, display_name=display_name, language=language)
    _give(user, role, agency, site, reason, actor)
    return Invited(user, invitations.invite(user, actor.now))


@verb(Verb.PEOPLE_PROPOSE)
def propose_role(
    user: User, *, role: Role, agency: Agency, site: Site | None, reason: str, actor: Actor
) -> Membership | Proposal:
    """Give a worker a role in an agency; at once, or once the second person confirms where it reaches children.

    Raises:
        PersonFacingError: they hold it already, or it is the actor's own.
    """
    if user.pk == actor.user.pk:
        raise NotYours(_("Somebody else has to propose a role for you."))
    if Membership.objects.current(actor.now).filter(user=user, agency=agency, role=role).exists():
        raise PersonFacingError(_("This worker holds this role already."), field="role")
    if role == Role.ADMINISTRATOR and _reaches_children(user, actor.now):
        raise PersonFacingError(_("An administrator holds no role that reaches children."), field="role")
    if sees_files(role) and Membership.objects.current(actor.now).filter(user=user, role=Role.ADMINISTRATOR).exists():
        raise PersonFacingError(_("An administrator holds no role that reaches children."), field="role")
    return _give(user, role, agency, site, reason, actor)


def _reaches_children(user: User, now: datetime) -> bool:
    roles = Membership.objects.current(now).filter(user=user).values_list("role", flat=True)
    return any(sees_files(Role(role)) for role in roles)


def _give(
    user: User, role: Role, agency: Agency, site: Site | None, reason: str, actor: Actor
) -> Membership | Proposal:
    if not sees_files(role):
        return Membership.objects.create(user=user, agency=agency, site=site, role=role, since=actor.now)
    return _propose(ProposalKind.ROLE, user, reason, actor, role=role, agency=agency, site=site)


def _propose(kind: ProposalKind, user: User, reason: str, actor: Actor, **more: object) -> Proposal:
    return Proposal.objects.create(
        subject=office_subject(),
        kind=kind,
        user=user,
        proposed_by=actor.membership,
        proposed_at=actor.now,
        reason=reason,
        **more,
    )


@verb(Verb.PEOPLE_PROPOSE)
def propose_reset(user: User, *, reason: str, actor: Actor) -> Proposal:
    """Ask for a new way in for a worker who lost the second factor; the second person confirms, without any e-mail.

    Raises:
        PersonFacingError: it is asked for already, or it is the actor's own.
    """
    if user.pk == actor.user.pk:
        raise NotYours(_("Somebody else has to ask for your new way in."))
    if Proposal.objects.filter(user=user, kind=ProposalKind.RESET, decided_at=None).exists():
        raise PersonFacingError(_("This is asked for already and waits for the second person."))
    return _propose(ProposalKind.RESET, user, reason, actor)


@verb(Verb.PEOPLE_CONFIRM)
def confirm(proposal: Proposal, *, actor: Actor) -> str:
    """Let a proposal happen. Of a reset, the answer is the one-time code to hand over in person; of a role, "".

    Raises:
        PersonFacingError: decided before, or the actor is not the second person for it.
    """
    _decide(proposal, actor, confirmed=True)
    if proposal.kind == ProposalKind.RESET:
        factors.clear(proposal.user)
        return invitations.invite(proposal.user, actor.now)
    assert proposal.agency is not None  # a proposal of a role names one
    Membership.objects.create(
        user=proposal.user, agency=proposal.agency, site=proposal.site, role=proposal.role, since=actor.now
    )
    return ""


@verb(Verb.PEOPLE_CONFIRM)
def decline(proposal: Proposal, *, reason: str, actor: Actor) -> Proposal:
    """Raises:
    PersonFacingError: decided before, or the actor is not the second person for it.
    """
    _decide(proposal, actor, confirmed=False)
    return proposal


def _decide(proposal: Proposal, actor: Actor, *, confirmed: bool) -> None:
    if actor.user.pk in (proposal.user_id, proposal.proposed_by.user_id) or actor.role != second_person(
        proposal, actor.now
    ):
        raise NotYours(_("Another person has to decide this."))
    open_ones = Proposal.objects.filter(pk=proposal.pk, decided_at=None)
    if not open_ones.update(decided_by=actor.membership, decided_at=actor.now, confirmed=confirmed):
        raise PersonFacingError(_("This was decided before."))
    proposal.refresh_from_db()


def second_person(proposal: Proposal, now: datetime) -> Role:
    """The role that decides: for what concerns a DPO a supervisor, for everything else the DPO."""
    held = Membership.objects.current(now).filter(user=proposal.user, role=Role.DPO)
    about_dpo = proposal.role == Role.DPO or (proposal.kind == ProposalKind.RESET and held.exists())
    return Role.SUPERVISOR if about_dpo else Role.DPO


@verb(Verb.PEOPLE_SUSPEND)
def suspend(user: User, *, reason: str, actor: Actor) -> User:
    """End all sessions of a worker at once, and let them in no more until `readmit`.

    Raises:
        NotYours: a supervisor suspends workers of their own agency only; nobody suspends themselves.
    """
    _own_agency(user, actor)
    user.is_active, user.suspended_at = False, actor.now
    user.save(update_fields=["is_active", "suspended_at"])
    end_sessions(user)
    return user


@verb(Verb.PEOPLE_SUSPEND)
def readmit(user: User, *, reason: str, actor: Actor) -> User:
    """Let a suspended worker in again."""
    _own_agency(user, actor)
    user.is_active, user.suspended_at = True, None
    user.save(update_fields=["is_active", "suspended_at"])
    return user


@verb(Verb.PEOPLE_SUSPEND)
def end_membership(membership: Membership, *, reason: str, actor: Actor) -> Membership:
    """End a role of a worker now. What they held in circles of care is handed over before (cases.hand_over_caseload).

    Raises:
        PersonFacingError: files still name them; hand the caseload over first.
    """
    _own_agency(membership.user, actor)
    if membership.grants.active(actor.now).exists():
        raise PersonFacingError(_("This worker still stands in circles of care."), _("Hand the caseload over first."))
    membership.until = actor.now
    membership.save(update_fields=["until"])
    return membership


def _own_agency(user: User, actor: Actor) -> None:
    if user.pk == actor.user.pk:
        raise NotYours(_("Somebody else has to do this for you."))
    if actor.role == Role.ADMINISTRATOR:
        return
    if not user.memberships.filter(agency=actor.membership.agency_id).exists():
        raise NotYours(_("This worker belongs to another agency."))


@verb(Verb.PEOPLE_SET_LEAVE)
def set_leave(
    membership: Membership, *, away_from: datetime, away_until: datetime, deputy: Membership | None, actor: Actor
) -> Membership:
    """Say when a worker is away and who stands in; the deputy reads and writes what the absent one may, for that time.

    Raises:
        NotYours: neither one's own membership nor, for a supervisor, one of the agency.
        PersonFacingError: the dates are the wrong way round, or the deputy has another role or agency.
    """
    supervises = actor.role == Role.SUPERVISOR and membership.agency_id == actor.membership.agency_id
    if membership.pk != actor.membership.pk and not supervises:
        raise NotYours(_("This worker belongs to another agency."))
    if away_until <= away_from:
        raise PersonFacingError(_("The leave ends before it begins."), field="away_until")
    if deputy is not None and (deputy.agency_id, deputy.role) != (membership.agency_id, membership.role):
        raise PersonFacingError(_("A deputy has the same role in the same agency."), field="deputy")
    membership.away_from, membership.away_until, membership.deputy = away_from, away_until, deputy
    membership.save(update_fields=["away_from", "away_until", "deputy"])
    return membership
