"""The circle of care of a case: who stands in it as what, and who could. Only verbs call what changes it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.consents import CARRY_ON
from amanat.access.files import File
from amanat.access.models import Conflict, Consent, Grant
from amanat.access.policy import CIRCLE, MAY_JOIN_AS, Relation
from amanat.cases import withdrawals
from amanat.cases.actions.following import set_next_due
from amanat.cases.models import Case, Task, TaskKind
from amanat.people.models import Agency, Membership, Role
from amanat.web.errors import PersonFacingError


class CannotJoin(PersonFacingError):
    """This worker can't stand in this circle in this relation."""


def in_circle(file: File, *relations: Relation) -> QuerySet[Membership]:
    """Who stands in the circle now (as one of these, where some are named)."""
    places = Grant.objects.active(file.actor.now).filter(subject=file.row.subject_id, relation__in=relations or CIRCLE)
    rows = Membership.objects.filter(pk__in=places.values("membership")).select_related("user", "agency")
    return rows.order_by("user__display_name", "pk")


def close_bridge(case: Case, consent: Consent | None, now: datetime) -> None:
    """What carried running help on ends with the last place that stood by it."""
    if consent is None or consent.purpose != CARRY_ON:
        return
    if not Grant.objects.active(now).filter(consent=consent).exists():
        Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=now)
        nothing_to_decide(case, now)


def nothing_to_decide(case: Case, now: datetime) -> None:
    """No safety decision is asked for any longer once nothing of this child runs on that waited for one. For verbs and clocks that hold
    the case, after some of it has ended."""
    bridged = Grant.objects.active(now).filter(subject=case.subject_id, consent__purpose=CARRY_ON)
    if bridged.exists() or withdrawals.runs_on_outside(case):
        return
    asked = Task.objects.filter(subject=case.subject_id, kind=TaskKind.SAFETY_DECISION, done_at=None)
    for task in asked.select_related("case"):
        task.done_at = now
        task.save(update_fields=["done_at"])
        set_next_due(task.case)


class Circle:
    """The open grants of a case's subject to its circle."""

    def __init__(self, case: Case, actor: Actor) -> None:
        self.case = case
        self.actor = actor

    def grants(self) -> list[Grant]:
        """Who stands in the circle now, the case manager first, then by the order of the policy's columns."""
        rows = self._active().select_related(
            "membership__user", "membership__agency", "membership__deputy__user", "consent"
        )
        return sorted(rows, key=lambda row: (CIRCLE.index(Relation(row.relation)), row.membership.user.display_name))

    def _active(self) -> QuerySet[Grant]:
        return Grant.objects.active(self.actor.now).filter(subject=self.case.subject_id, relation__in=CIRCLE)

    @property
    def manager(self) -> Grant | None:
        return next((grant for grant in self.grants() if grant.relation == Relation.CASE_MANAGER), None)

    def add(self, to: Membership, relation: Relation, consent: Consent | None = None) -> Grant:
        """Give a place. One that they hold already stays as it is, if it rests on the same consent and that is in force.

        Another consent, or one after the first ran out, makes a new place: since when somebody sees what is never rewritten.

        Raises:
            CannotJoin: another role is needed, the membership has ended, or a conflict keeps this person out.
        """
        self._check(to, relation)
        now = self.actor.now
        held = Grant.objects.filter(subject=self.case.subject_id, membership=to, relation=relation.value)
        standing = held.active(now).filter(until=None, consent=consent).first()
        if standing is not None:
            return standing
        held.filter(Q(until=None) | Q(until__gt=now)).update(until=now)
        return Grant.objects.create(
            subject=self.case.subject, membership=to, relation=relation.value, since=now, consent=consent
        )

    def end(self, grant: Grant) -> None:
        """End one place. What its holder had to do on the case falls to the case manager, unless they stand in it otherwise."""
        grant.until = self.actor.now
        grant.save(update_fields=["until"])
        close_bridge(self.case, grant.consent, self.actor.now)
        manager = self.manager
        still_here = self._active().filter(membership=grant.membership_id).exists()
        if manager is not None and not still_here:
            self._pass_tasks(grant.membership, manager.membership)

    def replace_manager(self, to: Membership) -> Grant | None:
        """End the manager's grant and give it to another, with what there is to do; the former one, None if there was none."""
        self._check(to, Relation.CASE_MANAGER)
        former = self.manager
        if former is not None and former.membership_id == to.pk:
            raise CannotJoin(_("This worker is the case manager already."), field="to")
        if former is not None:
            self.end(former)
        for lesser in self.grants():
            if lesser.membership_id == to.pk and lesser.relation == Relation.SOCIAL_WORKER:
                self.end(lesser)
        self.add(to, Relation.CASE_MANAGER)
        if former is not None:
            self._pass_tasks(former.membership, to)
        return former

    def _pass_tasks(self, leaver: Membership, to: Membership) -> None:
        Task.objects.filter(subject=self.case.subject_id, owner=leaver, done_at=None).update(owner=to)

    def who_could(self, places: Iterable[Relation], agency: Agency) -> QuerySet[Membership]:
        """Workers of an agency who could take one of these places: the role fits, they work there now, nothing keeps them out.

        Left out is who stands in the circle already, but for social workers where the place is the case manager's.
        """
        relations = set(places)
        roles = {role for relation in relations for role in MAY_JOIN_AS[relation]}
        standing = self._active()
        if relations == {Relation.CASE_MANAGER}:
            standing = standing.filter(relation=Relation.CASE_MANAGER)
        rows = Membership.objects.current(self.actor.now).filter(agency=agency, role__in=roles)
        rows = rows.exclude(user__in=self._kept_out().values("user")).exclude(pk__in=standing.values("membership"))
        return rows.select_related("user", "agency").order_by("user__display_name", "role")

    def _kept_out(self) -> QuerySet[Conflict]:
        return Conflict.objects.filter(subject=self.case.subject_id, part="", lifted_at=None)

    def could_add(self, to: Membership, relation: Relation) -> bool:
        return not kept_from(to, relation, [self.case.subject_id], self.actor.now)

    def _check(self, to: Membership, relation: Relation) -> None:
        if not (to.is_current(self.actor.now) and to.user.is_active):
            raise CannotJoin(_("This worker does not work there any more."), field="to")
        if Role(to.role) not in MAY_JOIN_AS[relation]:
            raise CannotJoin(_("This role can't take that place in the circle of care."), field="to")
        if self._kept_out().filter(user=to.user_id).exists():
            raise CannotJoin(_("This person can't be brought into this file."), field="to")


def kept_from(to: Membership, relation: Relation, subjects: Iterable[uuid.UUID], now: datetime) -> set[uuid.UUID]:
    """Of these children those in whose circle a worker can't stand in this relation: one query, however many."""
    subjects = set(subjects)
    if not (to.is_current(now) and to.user.is_active) or Role(to.role) not in MAY_JOIN_AS[relation]:
        return subjects
    rows = Conflict.objects.filter(subject__in=subjects, user=to.user_id, part="", lifted_at=None)
    return set(rows.values_list("subject_id", flat=True))


def joins_as(role: Role) -> Relation:
    """What a worker of this role is brought in as. The case manager's place is assigned, not joined.

    Raises:
        CannotJoin: the role has no place in a circle of care.
    """
    for relation in CIRCLE:
        if relation is not Relation.CASE_MANAGER and role in MAY_JOIN_AS[relation]:
            return relation
    raise CannotJoin(_("This role can't take that place in the circle of care."), field="to")
