"""Who works in a house knows the children who stay there: for as long as they are on, and no longer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from amanat.access.actor import Actor
from amanat.access.models import Consent, Grant
from amanat.access.policy import Relation, Verb
from amanat.access.verbs import log_line
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.cases import lodging
from amanat.cases.circle import Circle, kept_from
from amanat.cases.models import Case
from amanat.centre.models import House, Shift, Stay
from amanat.centre.models.stays import IN_HOUSE
from amanat.people.models import Agency, Membership


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
    """A child left a house: with it end the places that came with a shift there, those that last as long as the shift, or less where
    their consent runs on for some hours only. One that was given otherwise stays. For verbs."""
    shifts = Shift.objects.filter(house=house, worker=OuterRef("membership"), begun_at__isnull=False)
    by_shift = Exists(shifts.filter(ends=OuterRef("until")))
    cut_short = Q(Exists(shifts.filter(ends__gt=OuterRef("until"))), consent__isnull=False)
    held = Grant.objects.active(actor.now).filter(
        by_shift | cut_short, subject=stay.subject_id, relation=Relation.CENTRE_WORKER
    )
    circle = Circle(stay.case, actor)
    for grant in held.select_related("membership", "consent"):
        circle.end(grant)


def sleeps(case: Case, agency: Agency) -> bool:
    """Whether the child has a bed in a house of this agency (`cases.lodging`)."""
    return Stay.objects.filter(subject=case.subject_id, house__agency=agency, state__in=IN_HOUSE).exists()


@dataclass(frozen=True)
class Place:
    """What a worker gets of a child with a shift: on a case of another agency as far as a consent goes, and for each consent one."""

    stay: Stay
    until: datetime
    consent: Consent | None = None
    parts: list[str] | None = None

    def covers(self, held: Grant) -> bool:
        return held.subject_id == self.stay.subject_id and held.consent_id == (self.consent and self.consent.pk)

    def begun(self, worker: Membership, now: datetime) -> Grant:
        return Grant(
            subject=self.stay.subject,
            membership=worker,
            relation=Relation.CENTRE_WORKER.value,
            since=now,
            until=self.until,
            consent=self.consent,
            parts=self.parts,
        )


def bring_in(worker: Membership, stays: Iterable[Stay], until: datetime, actor: Actor) -> list[Grant]:
    """Give a worker of the centre a place in the circle of each of these children, until the shift ends. For verbs. So many queries,
    however many children.

    Where a conflict keeps the worker out, or the role is another, nothing is given. On a case of another agency the place rests on the
    consent by which the house took the child in, and where there is none any more, nothing is given. A place that lasts longer stays as
    it is. The log of each child says who came in.
    """
    places = _places(worker, list(stays), until, actor.now)
    subjects = [place.stay.subject_id for place in places]
    held = list(
        Grant.objects.active(actor.now).filter(
            subject__in=subjects, membership=worker, relation=Relation.CENTRE_WORKER.value
        )
    )
    found, longer = [], []
    for place in places:
        same = next((grant for grant in held if place.covers(grant)), None)
        if same is None:
            found.append(place.begun(worker, actor.now))
        elif same.until is not None and same.until < place.until:
            same.until = place.until
            longer.append(same)
    Grant.objects.bulk_update(longer, ["until"])
    Grant.objects.bulk_create(found)
    told = {"to": str(worker.user)}
    came_in = {grant.subject_id: grant.subject for grant in found}
    recording.record_many(log_line(actor, Verb.SHIFT_TAKE_OVER, Outcome.DONE, one, **told) for one in came_in.values())
    return found


def _places(worker: Membership, stays: Sequence[Stay], until: datetime, now: datetime) -> list[Place]:
    kept_out = kept_from(worker, Relation.CENTRE_WORKER, {stay.subject_id for stay in stays}, now)
    open_ones = [stay for stay in stays if stay.subject_id not in kept_out]
    lodgings = lodging.of([stay.case for stay in open_ones], worker.agency_id, now)
    found = []
    for stay in open_ones:
        by = lodgings.get(stay.case_id)
        if by is not None:
            ends = min(until, by.until) if by.until else until
            found += [Place(stay, ends, consent, sorted(parts)) for consent, parts in by.consents]
        elif stay.case.agency_id == worker.agency_id:
            found.append(Place(stay, until))
    return found
