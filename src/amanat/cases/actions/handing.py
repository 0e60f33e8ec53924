"""Who stands in the circle of care of one case: assigning, handing over, bringing in, taking out. A whole caseload: `passing_on`."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.consents import Gate
from amanat.access.models import Grant
from amanat.access.policy import MAY_JOIN_AS, Relation, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import hold, mark
from amanat.cases.actions.settling import has_manager
from amanat.cases.circle import Circle
from amanat.cases.models import Case, EventKind
from amanat.people.models import Membership
from amanat.web.errors import PersonFacingError


class NotInAgency(PersonFacingError):
    """The worker belongs to another agency; another agency gets a case only by a referral that asks for ownership."""

    def __init__(self) -> None:
        super().__init__(
            _("This worker belongs to another agency."), _("Another agency gets a case only by a referral."), field="to"
        )


@verb(Verb.CASE_ASSIGN)
def assign(case: Case, *, to: Membership, reason: str, actor: Actor, seen: int | None = None) -> Grant:
    """Make a worker the case manager; the former one stays in the circle as social worker, if they still work there.

    Raises:
        NotInAgency: the worker belongs to another agency.
        CannotJoin: the role does not allow it, or a conflict keeps the person out.
        Stale: the case changed since `seen`.
    """
    hold(case, seen)
    former = change_manager(case, to, actor)
    circle = Circle(case, actor)
    if former is not None and circle.could_add(former.membership, Relation.SOCIAL_WORKER):
        circle.add(former.membership, Relation.SOCIAL_WORKER)
    mark(case, EventKind.ASSIGNED, actor, text=reason, to=str(to.user))
    return Grant.objects.get(subject=case.subject, relation=Relation.CASE_MANAGER, until=None)


@verb(Verb.CASE_HAND_OVER)
def hand_over(case: Case, *, to: Membership, reason: str, actor: Actor, seen: int | None = None) -> Grant:
    """Make another worker the case manager; the former one leaves the circle of care.

    Raises:
        NotInAgency: the worker belongs to another agency.
        CannotJoin: the role does not allow it, or a conflict keeps the person out.
        Stale: the case changed since `seen`.
    """
    hold(case, seen)
    change_manager(case, to, actor)
    mark(case, EventKind.HANDED_OVER, actor, text=reason, to=str(to.user))
    return Grant.objects.get(subject=case.subject, relation=Relation.CASE_MANAGER, until=None)


def change_manager(case: Case, to: Membership, actor: Actor) -> Grant | None:
    """The place itself, for verbs that hold the case; the former manager's grant."""
    if to.agency_id != case.agency_id:
        raise NotInAgency()
    former = Circle(case, actor).replace_manager(to)
    if former is None:
        has_manager(case, to, actor)
    return former


@verb(Verb.CASE_BRING_IN)
def bring_in(case: Case, *, to: Membership, relation: Relation, reason: str, actor: Actor) -> Grant:
    """Bring a worker into the circle of care. One of another agency needs a consent, and sees no further than it names.

    Raises:
        ConsentMissing: nothing in force lets the other agency see anything of this file.
        CannotJoin: the role does not allow it, or a conflict keeps the person out.
    """
    if relation is Relation.CASE_MANAGER or relation not in MAY_JOIN_AS:
        raise PersonFacingError(_("Choose what this worker is to the child."), field="relation")
    hold(case)
    consent = None
    if to.agency_id != case.agency_id:
        consent = Gate(case, actor.now).consent_for(to.agency)
    grant = Circle(case, actor).add(to, relation, consent)
    mark(case, EventKind.JOINED, actor, text=reason, to=str(to.user), relation=relation.value)
    return grant


@verb(Verb.CASE_TAKE_OUT)
def take_out(case: Case, *, grant: Grant, reason: str, actor: Actor) -> None:
    """End a worker's place in the circle. The case manager's place is handed over, not ended.

    Raises:
        PersonFacingError: it is the case manager's place, or it has ended already.
    """
    if grant.relation == Relation.CASE_MANAGER:
        raise PersonFacingError(_("Hand the case over first: a case has a case manager at all times."))
    hold(case)
    circle = Circle(case, actor)
    if grant not in circle.grants():
        raise PersonFacingError(_("This worker has left the circle of care already."))
    circle.end(grant)
    mark(case, EventKind.LEFT, actor, text=reason, to=str(grant.membership.user))
