"""The circle of care of a case: who stands in it as what. Only verbs call what changes it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.models import Conflict, Consent, Grant
from amanat.access.policy import CIRCLE, MAY_JOIN_AS, Relation
from amanat.cases.models import Case
from amanat.people.models import Membership, Role
from amanat.web.errors import PersonFacingError


class CannotJoin(PersonFacingError):
    """This worker can't stand in this circle in this relation."""


class Circle:
    """The open grants of a case's subject to its circle."""

    def __init__(self, case: Case, actor: Actor) -> None:
        self.case = case
        self.actor = actor

    def grants(self) -> list[Grant]:
        """Who stands in the circle now, the case manager first, then by the order of the policy's columns."""
        rows = Grant.objects.active(self.actor.now).filter(subject=self.case.subject_id, relation__in=CIRCLE)
        rows = rows.select_related("membership__user", "membership__agency", "consent")
        return sorted(rows, key=lambda row: (CIRCLE.index(Relation(row.relation)), row.membership.user.display_name))

    @property
    def manager(self) -> Grant | None:
        return next((grant for grant in self.grants() if grant.relation == Relation.CASE_MANAGER), None)

    def add(self, to: Membership, relation: Relation, consent: Consent | None = None) -> Grant:
        """Raises:
        CannotJoin: another role is needed, the membership has ended, or a conflict keeps this person out.
        """
        self._check(to, relation)
        grant, _made = Grant.objects.get_or_create(
            subject=self.case.subject,
            membership=to,
            relation=relation.value,
            until=None,
            defaults={"since": self.actor.now, "consent": consent},
        )
        return grant

    def end(self, grant: Grant) -> None:
        grant.until = self.actor.now
        grant.save(update_fields=["until"])

    def replace_manager(self, to: Membership) -> Grant | None:
        """End the manager's grant and give it to another; the former one, None if there was none."""
        self._check(to, Relation.CASE_MANAGER)
        former = self.manager
        if former is not None:
            self.end(former)
        for lesser in self.grants():
            if lesser.membership_id == to.pk and lesser.relation == Relation.SOCIAL_WORKER:
                self.end(lesser)
        self.add(to, Relation.CASE_MANAGER)
        return former

    def could_add(self, to: Membership, relation: Relation) -> bool:
        try:
            self._check(to, relation)
        except CannotJoin:
            return False
        return True

    def _check(self, to: Membership, relation: Relation) -> None:
        if not (to.is_current(self.actor.now) and to.user.is_active):
            raise CannotJoin(_("This worker does not work there any more."), field="to")
        if Role(to.role) not in MAY_JOIN_AS[relation]:
            raise CannotJoin(_("This role can't take that place in the circle of care."), field="to")
        if Conflict.objects.filter(subject=self.case.subject_id, user=to.user_id, part="", lifted_at=None).exists():
            raise CannotJoin(_("This person can't be brought into this file."), field="to")
