"""Who answers for a file as a supervisor of the agencies that own it; where nobody can, the data protection officer does."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import QuerySet

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.models import Conflict, EmergencyAccess, FileRow
from amanat.access.policy import BY_OWNERSHIP, Relation
from amanat.cases.circle import Circle
from amanat.cases.models import Case
from amanat.people.models import Membership

Supervisors = dict[uuid.UUID, set[uuid.UUID]]


def supervisors(subjects: Collection[uuid.UUID], now: datetime) -> Supervisors:
    """By subject: the users who supervise an agency that owns a case of the child, but for whom a conflict keeps out of any part.

    Three queries, however many.
    """
    owners: dict[uuid.UUID, set[uuid.UUID]] = {subject: set() for subject in subjects}
    for subject, agency in Case.objects.filter(subject__in=subjects).values_list("subject", "agency"):
        owners[subject].add(agency)
    return heads_of(owners, now)


def heads_of(owners: Mapping[uuid.UUID, Collection[uuid.UUID]], now: datetime) -> Supervisors:
    """The same of files of whatever kind, by the agencies that own them. Two queries."""
    subjects = list(owners)
    heads: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    held = Membership.objects.current(now).filter(role__in=BY_OWNERSHIP, user__is_active=True)
    for agency, user in held.filter(agency__in=set().union(*owners.values())).values_list("agency", "user"):
        heads[agency].add(user)
    kept_out = Conflict.objects.filter(subject__in=subjects, lifted_at=None).values_list("subject", "user")
    out: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for subject, user in kept_out:
        out[subject].add(user)
    return {one: set().union(*(heads[agency] for agency in owners[one])) - out[one] for one in subjects}


def heads(row: FileRow, now: datetime) -> QuerySet[Membership]:
    """The supervisors of the agency that owns a file, but for whom a conflict keeps out of any part."""
    out = Conflict.objects.filter(subject=row.subject_id, lifted_at=None).values("user")
    held = Membership.objects.current(now).filter(agency=row.agency_id, role__in=BY_OWNERSHIP, user__is_active=True)
    return held.exclude(user__in=out).order_by("since", "pk")


def names_of_heads(file: File) -> str:
    """Whom to ask for what only a supervisor may allow. One query."""
    return ", ".join(heads(file.row, file.actor.now).values_list("user__display_name", flat=True))


def those_of(case: Case, actor: Actor) -> list[Membership]:
    """Who has to act on what is found on an open case: its manager, else the supervisors of its agency. Nobody on a closed one."""
    if case.is_closed:
        return []
    manager = Circle(case, actor).manager
    return [manager.membership] if manager else list(heads(case, actor.now).select_related("user", "agency"))


def answers_by_office(file: File) -> bool:
    """Whether the actor is no supervisor of the file, so that it matters who is."""
    return Relation.SUPERVISOR not in file.relations


def may_judge(file: File, access: EmergencyAccess, found: Supervisors) -> bool:
    """Whether, of those whom the policy lets judge, this actor is the one: a supervisor; or the officer where no supervisor is
    left who did not use the access themselves. Nobody judges their own."""
    mine = access.membership.user_id
    if mine == file.actor.user.pk:
        return False
    return not answers_by_office(file) or not found[access.subject_id] - {mine}
