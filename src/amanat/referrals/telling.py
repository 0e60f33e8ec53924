"""Who hears of a referral outside its pages: that something waits, never about whom."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from amanat.access.actor import Actor
from amanat.access.models import Conflict, Grant
from amanat.access.policy import MAY_JOIN_AS, REFERRALS_BY_OWNERSHIP, Relation
from amanat.cases.alerts import HIDES, kept_out
from amanat.cases.models import Case
from amanat.people import duty, messages
from amanat.people.looks import look
from amanat.people.models import Agency, Membership, Role
from amanat.referrals.models import WAITS, Kind, Referral
from amanat.vault.models import SealedModel


def could_read(referral: Referral, now: datetime) -> QuerySet[Membership]:
    """Everybody of the agency that is asked."""
    return workers_of([referral.agency_id], referral, now)


def workers_of(
    agencies: Collection[Agency | uuid.UUID | None], about: SealedModel, now: datetime
) -> QuerySet[Membership]:
    """Of these agencies everybody with casework and the supervisor, but for whom a conflict keeps out of the child."""
    rows = Membership.objects.current(now).filter(agency__in=agencies, role__in=REFERRALS_BY_OWNERSHIP)
    return rows.exclude(user__in=kept_out(about)).select_related("user", "agency").order_by("since", "pk")


def could_receive(referral: Referral, now: datetime) -> QuerySet[Membership]:
    """Who of them could accept it: whoever does casework; a whole case, whoever can be its manager."""
    return could_read(referral, now).filter(role__in=_takers(whole=referral.kind == Kind.TRANSFER))


def where_somebody_can(agencies: QuerySet[Agency], case: Case, now: datetime, *, whole: bool) -> QuerySet[Agency]:
    """Those of the agencies where somebody could accept a referral of this case."""
    there = Membership.objects.current(now).filter(agency=OuterRef("pk"), role__in=_takers(whole=whole))
    return agencies.filter(Exists(there.exclude(user__in=kept_out(case))))


def _takers(*, whole: bool) -> set[Role]:
    does_casework = set(REFERRALS_BY_OWNERSHIP) - {Role.SUPERVISOR}
    return does_casework & set(MAY_JOIN_AS[Relation.CASE_MANAGER]) if whole else does_casework


def manager_of(case: Case, now: datetime) -> Membership | None:
    rows = Grant.objects.active(now).filter(subject=case.subject_id, relation=Relation.CASE_MANAGER)
    grant = rows.select_related("membership__user", "membership__agency", "membership__deputy__user").first()
    return grant.membership if grant else None


def those_who_answer(referral: Referral, now: datetime) -> list[Membership]:
    """Whose it is to see to it for the sender: the case manager, else the supervisors of the agency that has the case. Where there is
    nobody of them, who sent or prepared it."""
    return those_of(referral.case, now) or [referral.sent_by or referral.made_by]


def those_of(case: Case, now: datetime) -> list[Membership]:
    """Whose a case is to see to: its manager, else the supervisors of the agency that has it."""
    manager = manager_of(case, now)
    if manager is not None and duty.works_there(now)(manager):
        return [manager]
    return list(supervisors(case, case.agency_id, now))


def answers_for(referral: Referral, now: datetime) -> Membership:
    """The one of them who has what there is to do."""
    return those_who_answer(referral, now)[0]


def supervisors(about: SealedModel, agency: uuid.UUID | None, now: datetime) -> QuerySet[Membership]:
    """Of an agency, but for whom a conflict keeps out."""
    rows = Membership.objects.current(now).filter(agency=agency, role=Role.SUPERVISOR, user__is_active=True)
    rows = rows.exclude(user__in=kept_out(about))
    return rows.select_related("user", "agency", "deputy__user").order_by("since", "pk")


def tell_addressee(referral: Referral, now: datetime, *, everybody: bool = False) -> None:
    """Their screens look. A message goes to the supervisors; to everybody who could take it once its time has passed, and where there
    is no supervisor."""
    if referral.agency_id is None:
        return
    those = list(could_read(referral, now))
    look({one.user_id for one in those})
    heads = [one for one in those if one.role == Role.SUPERVISOR]
    messages.post([one.user for one in (those if everybody or not heads else heads)], messages.REFERRAL, now)


def tell_receiver(referral: Referral, now: datetime) -> None:
    if referral.receiver is not None:
        tell_workers([referral.receiver], now)


def tell_sender(referral: Referral, now: datetime) -> None:
    tell_workers(those_who_answer(referral, now), now)


def tell_of_taking_over(referral: Referral, former: Membership | None, actor: Actor) -> None:
    """Whoever received the child until now, and the supervisors there."""
    heads = supervisors(referral, referral.agency_id, actor.now)
    those = {one.pk: one for one in (*heads, *([former] if former else [])) if one.pk != actor.membership.pk}
    tell_workers(list(those.values()), actor.now)


def tell_coordinators(referral: Referral, now: datetime) -> None:
    """All of them, but for whom a conflict keeps out."""
    rows = Membership.objects.current(now).filter(role=Role.COORDINATOR).exclude(user__in=kept_out(referral))
    tell_workers(list(rows.select_related("user")), now)


def tell_workers(those: Sequence[Membership], now: datetime) -> None:
    """Who is on leave is told by their deputy."""
    there = [duty.standing(one, now) or one for one in those]
    look({one.user_id for one in (*those, *there)})
    messages.post([one.user for one in there], messages.GIVEN, now)


def asks(memberships: Sequence[Membership], now: datetime) -> bool:
    """Whether a referral waits for an answer of one of these (`people.waiting`)."""
    places = Q()
    for one in memberships:
        if one.role in REFERRALS_BY_OWNERSHIP:
            barred = Conflict.objects.filter(
                user=one.user_id, subject=OuterRef("subject"), part__in=HIDES, lifted_at=None
            )
            places |= Q(~Exists(barred), agency=one.agency_id)
    return bool(places) and Referral.objects.filter(places, state__in=WAITS).exists()
