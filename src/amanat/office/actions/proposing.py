"""Roles, and the new way in after a lost second factor: proposed by one person, decided by another."""

from __future__ import annotations

import uuid
from collections.abc import Container
from datetime import datetime

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import KEPT_APART, REACHES_CHILDREN, SECOND_PERSON, Verb
from amanat.access.verbs import verb
from amanat.audit.recording import office_subject
from amanat.office.actions.holding import hold
from amanat.office.actions.reach import NotYours, check_colleague, check_somebody_else
from amanat.office.models import STILL_OPEN, Proposal, ProposalKind
from amanat.people import factors, invitations
from amanat.people.models import Agency, Membership, Role, Site, User
from amanat.web.errors import PersonFacingError


@verb(Verb.PEOPLE_PROPOSE, about=str)
def propose_role(
    user: User, *, role: Role, agency: Agency, site: Site | None, reason: str, actor: Actor
) -> Membership | Proposal:
    """Give a worker a role in an agency; at once, or once the second person confirms where it reaches children.

    Raises:
        NotYours: it is the actor's own.
        PersonFacingError: they hold it already, it is proposed already, or it does not go together with what they hold.
    """
    hold(user)
    check_somebody_else(user, actor)
    _check_role(user, role, agency, actor)
    if Proposal.objects.waiting().filter(user=user, role=role, agency=agency).exists():
        raise PersonFacingError(_("This is proposed already and waits for the second person."), field="role")
    return give(user, role, agency, site, reason, actor)


def give(user: User, role: Role, agency: Agency, site: Site | None, reason: str, actor: Actor) -> Membership | Proposal:
    """The membership itself where the role reaches no children, else its proposal. The worker is held, or new.

    Raises:
        PersonFacingError: the site belongs to another agency.
    """
    if site is not None and site.agency_id != agency.pk:
        raise PersonFacingError(_("This site belongs to another agency."), field="site")
    if role not in REACHES_CHILDREN:
        return Membership.objects.create(user=user, agency=agency, site=site, role=role, since=actor.now)
    return _propose(Proposal(kind=ProposalKind.ROLE, user=user, role=role, agency=agency, site=site), reason, actor)


def _check_role(user: User, role: Role, agency: Agency, actor: Actor) -> None:
    """Whether the role goes together with what the worker holds; true only as long as the worker is held."""
    held = list(user.memberships.unended(actor.now).values_list("agency", "role"))
    if (agency.pk, role) in held:
        raise PersonFacingError(_("This worker holds this role already."), field="role")
    holds = {Role(of) for _agency, of in held}
    if (role in KEPT_APART and holds & REACHES_CHILDREN) or (role in REACHES_CHILDREN and holds & KEPT_APART):
        raise PersonFacingError(
            _("An administrator holds no role that reaches children."), _("End the other role first."), field="role"
        )


@verb(Verb.PEOPLE_RESET, about=str)
def propose_reset(user: User, *, reason: str, actor: Actor) -> Proposal:
    """Ask for a new way in for a worker who lost the second factor; the second person confirms, without any e-mail.

    Raises:
        NotYours: it is the actor's own, or for a supervisor: a worker of another agency, or a data protection officer.
        PersonFacingError: it is asked for already.
    """
    hold(user)
    check_colleague(user, actor, but={SECOND_PERSON})
    if Proposal.objects.waiting().filter(user=user, kind=ProposalKind.RESET).exists():
        raise PersonFacingError(_("This is asked for already and waits for the second person."))
    return _propose(Proposal(kind=ProposalKind.RESET, user=user), reason, actor)


def _propose(proposal: Proposal, reason: str, actor: Actor) -> Proposal:
    proposal.subject = office_subject()
    proposal.proposed_by, proposal.proposed_at, proposal.reason = actor.membership, actor.now, reason
    proposal.save(force_insert=True)
    return proposal


@verb(Verb.PEOPLE_CONFIRM, about=str)
def confirm(proposal: Proposal, *, actor: Actor) -> str:
    """Let a proposal happen. Of a reset, the answer is the one-time code to hand over in person; of a role, "".

    Raises:
        NotYours: the actor is not the second person for it.
        PersonFacingError: decided before, or the role no longer goes together with what the worker holds.
    """
    hold(proposal.user)
    _decide(proposal, actor, confirmed=True)
    if proposal.kind == ProposalKind.RESET:
        factors.clear(proposal.user, actor.now)
        return invitations.invite(proposal.user, actor.now)
    assert proposal.agency is not None  # a proposal of a role names one
    role = Role(proposal.role)
    _check_role(proposal.user, role, proposal.agency, actor)
    Membership.objects.create(
        user=proposal.user, agency=proposal.agency, site=proposal.site, role=role, since=actor.now
    )
    return ""


@verb(Verb.PEOPLE_DECLINE, about=str)
def decline(proposal: Proposal, *, reason: str, actor: Actor) -> Proposal:
    """Let a proposal rest for good. The reason stands in the log.

    Raises:
        NotYours: the actor is not the second person for it.
        PersonFacingError: decided before.
    """
    _decide(proposal, actor, confirmed=False)
    return proposal


def dpos(now: datetime) -> set[uuid.UUID]:
    """The workers who are data protection officers; suspended ones too, since a reset would let them in."""
    return set(Membership.objects.unended(now).filter(role=SECOND_PERSON).values_list("user", flat=True))


def may_decide(proposal: Proposal, actor: Actor, dpos: Container[uuid.UUID]) -> bool:
    """Whether the actor is the second person: of the role that decides, and neither who proposed it nor whom it is about."""
    involved = {proposal.user_id, proposal.proposed_by.user_id}
    return actor.user.pk not in involved and actor.role == proposal.second_person(dpos)


def _decide(proposal: Proposal, actor: Actor, *, confirmed: bool) -> None:
    if not may_decide(proposal, actor, dpos(actor.now)):
        raise NotYours(_("Another person has to decide this."))
    waiting = Proposal.objects.filter(STILL_OPEN, pk=proposal.pk)
    if not waiting.update(decided_by=actor.membership, decided_at=actor.now, confirmed=confirmed):
        raise PersonFacingError(_("This was decided before."))
