"""Handing over a whole caseload when somebody leaves: every place in a circle of care, in as many queries for one as for a hundred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import visible_to
from amanat.access.models import Conflict, Grant
from amanat.access.policy import CIRCLE, MAY_JOIN_AS, Part, Relation, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.following import follow
from amanat.cases.actions.handing import NotInAgency
from amanat.cases.models import Case, Event, EventKind, Task
from amanat.people.models import Membership, Role
from amanat.web.errors import PersonFacingError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Stayed:
    """A case that the colleague did not get, and why."""

    case: Case
    why: StrOrPromise


@dataclass
class PassedOn:
    """What became of a caseload. Iterating gives the cases that were passed, so that the log has an entry for each child.

    `shown` are those of the passed ones of which the supervisor may know; the others stand in files of other agencies.
    """

    passed: list[Case] = field(default_factory=list)
    shown: list[Case] = field(default_factory=list)
    stayed: list[Stayed] = field(default_factory=list)

    def __iter__(self) -> Iterator[Case]:
        return iter(self.passed)

    @property
    def elsewhere(self) -> int:
        """How many were passed in files of other agencies."""
        return len(self.passed) - len(self.shown)


@verb(Verb.CASE_BULK_HAND_OVER)
def hand_over_caseload(leaver: Membership, *, to: Membership, reason: str, actor: Actor) -> PassedOn:
    """Pass everything that somebody who leaves holds in circles of care to a colleague of the same agency.

    Files from which a conflict keeps the supervisor out stay untouched and untold.

    Raises:
        NotInAgency: the two, or the supervisor, belong to different agencies.
        PersonFacingError: the colleague is the leaver, or does not work there any more.
    """
    if {leaver.agency_id, to.agency_id} != {actor.membership.agency_id}:
        raise NotInAgency()
    if to.user_id == leaver.user_id:
        raise PersonFacingError(_("Choose somebody else than who leaves."), field="to")
    if not (to.is_current(actor.now) and to.user.is_active):
        raise PersonFacingError(_("This worker does not work there any more."), field="to")
    return _Passing(leaver, to, actor).run(reason)


def places_of(memberships: Iterable[Membership], actor: Actor) -> QuerySet[Grant]:
    """The places in circles of care that these hold, but for files from which a conflict keeps the actor out."""
    kept_out = Conflict.objects.filter(user=actor.user, part="", lifted_at=None)
    rows = Grant.objects.active(actor.now).filter(membership__in=memberships, relation__in=CIRCLE)
    return rows.exclude(subject__in=kept_out.values("subject"))


def loads(memberships: QuerySet[Membership], actor: Actor) -> dict[Membership, int]:
    """Those of the memberships that hold places in circles of care, each with the number of children."""
    counted = places_of(memberships, actor).values("membership").annotate(children=Count("subject", distinct=True))
    by_id = {row["membership"]: row["children"] for row in counted}
    return {membership: by_id[membership.pk] for membership in memberships if membership.pk in by_id}


class _Passing:
    """One caseload on its way from one worker to another, inside the verb's transaction."""

    def __init__(self, leaver: Membership, to: Membership, actor: Actor) -> None:
        self.leaver = leaver
        self.to = to
        self.actor = actor

    def run(self, reason: str) -> PassedOn:
        cases = self._locked()
        subjects = [case.subject_id for case in cases]
        held = list(places_of([self.leaver], self.actor).filter(subject__in=subjects))
        kept_out = self._kept_out(cases)
        why_not = {grant.subject_id: why for grant in held if (why := self._why_not(grant, kept_out))}
        passed = [case for case in cases if case.subject_id not in why_not]
        moving = [grant for grant in held if grant.subject_id not in why_not]
        self._move(moving)
        self._mark(passed, reason)
        known = visible_to(self.actor, Case.objects.filter(pk__in=[case.pk for case in cases]))
        visible = set(known.values_list("pk", flat=True))
        return PassedOn(
            passed,
            [case for case in passed if case.pk in visible],
            [
                Stayed(case, why_not[case.subject_id])
                for case in cases
                if case.subject_id in why_not and case.pk in visible
            ],
        )

    def _locked(self) -> list[Case]:
        """The newest case of each child; all of them are locked, in the order of `marking.lock`, before a place is touched."""
        rows = Case.objects.filter(subject__in=places_of([self.leaver], self.actor).values("subject"))
        rows = rows.select_for_update(of=("self",), no_key=True).select_related("subject", "child")
        by_age = sorted(rows.order_by("id"), key=lambda case: (case.opened_in, case.pk))
        newest = {case.subject_id: case for case in by_age}
        return sorted(newest.values(), key=lambda case: case.child.code_name)

    def _kept_out(self, cases: list[Case]) -> set[object]:
        here = Conflict.objects.filter(user=self.to.user, part="", lifted_at=None)
        return set(here.filter(subject__in=[case.subject_id for case in cases]).values_list("subject", flat=True))

    def _why_not(self, grant: Grant, kept_out: set[object]) -> StrOrPromise:
        if Role(self.to.role) not in MAY_JOIN_AS[Relation(grant.relation)]:
            return _("The colleague's role can't take this place.")
        return _("A conflict is recorded.") if grant.subject_id in kept_out else ""

    def _move(self, moving: list[Grant]) -> None:
        now, subjects = self.actor.now, [grant.subject_id for grant in moving]
        theirs = Grant.objects.filter(membership=self.to, subject__in=subjects, until=None)
        standing = set(theirs.values_list("subject_id", "relation"))
        Grant.objects.filter(pk__in=[grant.pk for grant in moving]).update(until=now)
        managed = [grant.subject_id for grant in moving if grant.relation == Relation.CASE_MANAGER]
        theirs.filter(subject__in=managed, relation=Relation.SOCIAL_WORKER).update(until=now)
        Grant.objects.bulk_create(
            Grant(
                subject_id=grant.subject_id,
                membership=self.to,
                relation=grant.relation,
                since=now,
                until=grant.until,
                consent_id=grant.consent_id,
                parts=grant.parts,
            )
            for grant in moving
            if (grant.subject_id, grant.relation) not in standing
        )
        Task.objects.filter(subject__in=subjects, owner=self.leaver, done_at=None).update(owner=self.to)

    def _mark(self, cases: list[Case], reason: str) -> None:
        Case.objects.filter(pk__in=[case.pk for case in cases]).update(version=F("version") + 1)
        Event.objects.bulk_create(
            Event(
                case=case,
                subject=case.subject,
                kind=EventKind.HANDED_OVER,
                part=Part.EXISTENCE,
                author=self.actor.membership,
                happened_at=self.actor.now,
                written_at=self.actor.now,
                note={"text": reason, "to": str(self.to.user)},
            )
            for case in cases
        )
        follow(cases, EventKind.HANDED_OVER)
