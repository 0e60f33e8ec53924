"""Questions about workers: who is there, what they hold, what waits for a second person. Each starts from whom the actor looks after."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, Model, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import get_language

from amanat.access.actor import Actor
from amanat.access.loaders import Hidden
from amanat.access.policy import EVERY_AGENCY
from amanat.names.sorting import SortKey, sort_key
from amanat.office.actions.proposing import dpos, may_decide
from amanat.office.models import STILL_OPEN, Proposal
from amanat.people import factors
from amanat.people.models import Agency, Invitation, Membership, Role, User

AT_ONCE = 100  # workers; beyond, one agency at a time
Row = TypeVar("Row", bound=Model)


@dataclass
class Worker:
    """A worker as a line of the list: what they hold, and how far they have come in."""

    user: User
    memberships: list[Membership]
    proposals: list[Proposal] = field(default_factory=list)

    @property
    def has_factor(self) -> bool:
        return bool(getattr(self.user, "has_factor"))  # noqa: B009 - an annotation of `described`

    @property
    def has_begun(self) -> bool:
        return self.user.has_usable_password() or bool(getattr(self.user, "code_used"))  # noqa: B009


@dataclass
class Team:
    """The workers of one agency, in the alphabetical order of the page's language. `agency` None: who works nowhere now."""

    agency: Agency | None
    workers: list[Worker]


@dataclass
class Waiting:
    """A proposal that waits, who decides it, and whether that is the actor."""

    proposal: Proposal
    second_person: Role
    is_mine: bool


def workers(actor: Actor) -> QuerySet[User]:
    """Whom the actor looks after, suspended ones and those not yet confirmed included."""
    if actor.role in EVERY_AGENCY:
        return User.objects.all()
    own = actor.membership.agency_id
    here = Membership.objects.unended(actor.now).filter(agency=own).values("user")
    invited = Proposal.objects.filter(STILL_OPEN, agency=own).values("user")
    return User.objects.filter(Q(pk__in=here) | Q(pk__in=invited))


def memberships(actor: Actor) -> QuerySet[Membership]:
    """The roles that the actor may do something about: those of the agencies that they look after."""
    held = Membership.objects.unended(actor.now).select_related("user", "agency", "site", "deputy__user")
    return held if actor.role in EVERY_AGENCY else held.filter(agency=actor.membership.agency_id)


def find(rows: QuerySet[Row], pk: uuid.UUID) -> Row:
    """The row, if it is among these.

    Raises:
        Hidden: it is not, or there is none; the page answers 404 and the log keeps the attempt.
    """
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Hidden(None)
    return row


def described(users: QuerySet[User], actor: Actor) -> QuerySet[User]:
    """With all that a line or the page of a worker says: roles as `holds`, whether a factor is set up, whether the code was used."""
    held = (
        Membership.objects.unended(actor.now).select_related("agency", "site", "deputy__user").order_by("since", "id")
    )
    theirs = Authenticator.objects.filter(user=OuterRef("pk"), type__in=factors.MAIN)
    used = Invitation.objects.filter(user=OuterRef("pk")).exclude(used_at=None)
    return users.annotate(has_factor=Exists(theirs), code_used=Exists(used)).prefetch_related(
        Prefetch("memberships", held, to_attr="holds")
    )


def teams(actor: Actor, proposals: Iterable[Proposal], agency: Agency | None) -> list[Team]:
    """The workers by agency, only those of `agency` if one is given; six queries however many."""
    users = workers(actor)
    if agency is not None:
        here = Membership.objects.unended(actor.now).filter(agency=agency).values("user")
        users = users.filter(
            Q(pk__in=here) | Q(pk__in=[row.user_id for row in proposals if row.agency_id == agency.pk])
        )
    grouped: dict[Agency | None, list[Worker]] = {}
    for user in described(users, actor):
        for place, worker in _places(user, [row for row in proposals if row.user_id == user.pk]):
            if agency in (None, place) and (actor.role in EVERY_AGENCY or place == actor.membership.agency):
                grouped.setdefault(place, []).append(worker)
    named = sorted(grouped, key=lambda place: (place is None, alphabetical(place.name) if place else None))
    return [Team(place, sorted(grouped[place], key=lambda one: alphabetical(one.user.display_name))) for place in named]


def _places(user: User, proposals: list[Proposal]) -> Iterable[tuple[Agency | None, Worker]]:
    """The agencies in which a worker works, or will once somebody confirms it."""
    held: list[Membership] = getattr(user, "holds")  # noqa: B009
    places = {row.agency for row in held} | {row.agency for row in proposals if row.agency}
    for place in places or (None,):
        here = [row for row in held if row.agency == place]
        yield place, Worker(user, here, [row for row in proposals if row.agency in (None, place)])


def alphabetical(name: str) -> SortKey:
    """What to sort a name by in the language of the page."""
    return sort_key(name, get_language() or "en")


def sizes(actor: Actor) -> list[tuple[Agency, int]]:
    """The agencies that the actor looks after, each with its number of workers; one query."""
    held = Count(
        "memberships__user", filter=Q(memberships__until=None) | Q(memberships__until__gt=actor.now), distinct=True
    )
    agencies = Agency.objects.annotate(size=held)
    if actor.role not in EVERY_AGENCY:
        agencies = agencies.filter(pk=actor.membership.agency_id)
    return sorted(((one, one.size) for one in agencies), key=lambda pair: alphabetical(pair[0].name))


def waiting(actor: Actor) -> list[Waiting]:
    """The proposals that concern the workers whom the actor looks after, and those that the actor decides; two queries."""
    officers = dpos(actor.now)
    shown = [
        Waiting(row, row.second_person(officers), may_decide(row, actor, officers))
        for row in Proposal.objects.waiting()
    ]
    if actor.role in EVERY_AGENCY:
        return shown
    own = set(
        Membership.objects.unended(actor.now).filter(agency=actor.membership.agency_id).values_list("user", flat=True)
    )
    return [
        one
        for one in shown
        if one.is_mine or one.proposal.agency_id == actor.membership.agency_id or one.proposal.user_id in own
    ]
