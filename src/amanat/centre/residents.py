"""Who works in a house knows the children who stay there: for as long as they are on, and no longer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from amanat.access.actor import Actor
from amanat.access.models import Grant
from amanat.access.policy import Relation, Verb
from amanat.access.verbs import log_line
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.cases.circle import Circle
from amanat.centre.models import House, Shift, Stay
from amanat.centre.models.stays import IN_HOUSE
from amanat.people.models import Membership


def residents_of(house: House) -> QuerySet[Stay]:
    """The stays of those who have a bed there."""
    rows = Stay.objects.filter(house=house, state__in=IN_HOUSE)
    return rows.select_related("subject", "case__subject", "case__child", "case__agency").order_by("since", "id")


def on_now(house: House, now: datetime) -> QuerySet[Shift]:
    """The shifts that somebody has begun in a house, also a little before their time."""
    rows = Shift.objects.filter(house=house, begun_at__lte=now, ends__gt=now, cancelled_at=None)
    return rows.select_related("worker__user", "worker__agency")


def let_in_who_is_on(stay: Stay, actor: Actor) -> None:
    """A child came into a house: whoever began a shift there works with it until the shift ends. Who begins later comes in then."""
    assert stay.house is not None, "the child is in a house"
    for shift in on_now(stay.house, actor.now):
        bring_in(shift.worker, [stay], shift.ends, actor)


def let_out(stay: Stay, house: House, actor: Actor) -> None:
    """A child left a house: with it end the places that came with a shift there, those that last as long as the shift. One that was
    given otherwise stays. For verbs."""
    shifts = Shift.objects.filter(
        house=house, worker=OuterRef("membership"), ends=OuterRef("until"), begun_at__isnull=False
    )
    held = Grant.objects.active(actor.now).filter(
        Exists(shifts), subject=stay.subject_id, relation=Relation.CENTRE_WORKER, consent=None
    )
    circle = Circle(stay.case, actor)
    for grant in held.select_related("membership"):
        circle.end(grant)


def bring_in(worker: Membership, stays: Iterable[Stay], until: datetime, actor: Actor) -> list[Grant]:
    """Give a worker of the centre a place in the circle of each of these children, until the shift ends. For verbs.

    Where a conflict keeps the worker out, or the role is another, nothing is given; nor on a case that went to another agency: there a
    place rests on a consent. A place that lasts longer stays as it is. The log of each child says who came in.
    """
    found = []
    for stay in stays:
        if stay.case.agency_id != worker.agency_id:
            continue
        if not Circle(stay.case, actor).could_add(worker, Relation.CENTRE_WORKER):
            continue
        held = Grant.objects.active(actor.now).filter(
            subject=stay.subject_id, membership=worker, relation=Relation.CENTRE_WORKER, consent=None
        )
        if held.filter(Q(until=None) | Q(until__gte=until)).exists():
            continue
        if not held.update(until=until):
            found.append(
                Grant.objects.create(
                    subject=stay.subject,
                    membership=worker,
                    relation=Relation.CENTRE_WORKER.value,
                    since=actor.now,
                    until=until,
                )
            )
    told = {"to": str(worker.user)}
    recording.record_many(log_line(actor, Verb.SHIFT_TAKE_OVER, Outcome.DONE, grant.subject, **told) for grant in found)
    return found
