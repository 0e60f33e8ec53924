"""Questions to the files: caseload, what is due, who is new, who stands in a circle. Each starts from what the actor may know of."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from amanat.access.actor import Actor
from amanat.access.consents import naming
from amanat.access.files import File, open_beside, open_files, visible_to
from amanat.access.models import Conflict, Consent, EmergencyAccess, Grant, WithdrawalNotice
from amanat.access.policy import CIRCLE, MAY_JOIN_AS, Part, Relation
from amanat.cases.happenings import procedure
from amanat.cases.models import Case, DueStep, Event, Stage, Task, TaskKind
from amanat.cases.shown import Line, case_of, name_of
from amanat.packs.differences import Thing
from amanat.people.models import Membership
from amanat.web.paging import COUNTED

DUE_SHOWN = 25
RAISED_SHOWN = 10
NEW_FOR = timedelta(days=7)
STEPS_AHEAD = timedelta(days=7)
_ALERTS_FIRST = Choice(When(kind=TaskKind.FORM_ALERT, then=Value(0)), default=Value(1))


def cases_of(actor: Actor) -> QuerySet[Case]:
    """The cases that the actor may know of, with what a line of a list needs."""
    rows = visible_to(actor, Case.objects.select_related("subject", "child", "agency"))
    return rows.defer("child__safety")


def managing(actor: Actor) -> QuerySet[Grant]:
    """The places as case manager that are the actor's, or those of somebody whom they stand in for."""
    held = Grant.objects.active(actor.now).of(actor.membership.pk, actor.stands_for)
    return held.filter(relation=Relation.CASE_MANAGER)


def new_in_circle(actor: Actor) -> QuerySet[Grant]:
    """Places in circles of care that the actor got within the last week."""
    since = actor.now - NEW_FOR
    return Grant.objects.active(actor.now).filter(
        membership__in=actor.stands_for, relation__in=CIRCLE, since__gte=since
    )


def lines(actor: Actor, cases: Iterable[Case]) -> list[Line]:
    """Rows of a list: two queries however many. Names are opened where the identity (or the name a child goes by) is seen."""
    files = open_files(actor, cases)
    managers = managers_of(actor, [file.row.subject_id for file in files])
    return [
        Line(file, name_of(file), managers.get(file.row.subject_id, "") if knows_circle(file) else "") for file in files
    ]


def knows_circle(file: File) -> bool:
    """Whether the actor learns who assists: whoever sees the file whole, or answers for its log."""
    return file.sees(Part.EXISTENCE) or file.sees(Part.AUDIT)


def managers_of(actor: Actor, subjects: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The case manager's name by subject."""
    grants = Grant.objects.active(actor.now).filter(subject__in=list(subjects), relation=Relation.CASE_MANAGER)
    return dict(grants.values_list("subject_id", "membership__user__display_name"))


def _open_tasks(actor: Actor) -> QuerySet[Task]:
    """What is still to be done on files that the actor may know of, the most urgent first: an alert before whatever is late."""
    rows = Task.objects.filter(done_at=None, case__in=visible_to(actor, Case.objects.all()))
    return rows.select_related("subject", "case__subject", "case__child", "case__agency", "owner__user").order_by(
        _ALERTS_FIRST, "due", "id"
    )


def my_tasks(actor: Actor) -> QuerySet[Task]:
    return _open_tasks(actor).filter(owner__in=actor.stands_for)


def raised_tasks(actor: Actor) -> QuerySet[Task]:
    """Flags that the actor raised and that somebody else has not looked at yet."""
    return _open_tasks(actor).filter(made_by__in=actor.stands_for).exclude(owner__in=actor.stands_for)


def tasks(actor: Actor) -> tuple[list[Task], list[Task]]:
    """The first of what is theirs to do, and of what they raised: one query."""
    mine = my_tasks(actor).values("pk")[:DUE_SHOWN]
    raised = raised_tasks(actor).values("pk")[:RAISED_SHOWN]
    found = list(_open_tasks(actor).filter(Q(pk__in=mine) | Q(pk__in=raised)))
    own = [task for task in found if task.owner_id in actor.stands_for]
    return own, [task for task in found if task.owner_id not in actor.stands_for]


def end_of_day(now: datetime) -> datetime:
    """The coming midnight in the active time zone."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def my_steps(actor: Actor) -> QuerySet[DueStep]:
    """Steps of the procedure that are late or due within a week, the most urgent first: where the actor is case manager all of
    them, where they stand otherwise in the circle of care those that name their place."""
    places = Grant.objects.active(actor.now).filter(membership__in=actor.stands_for)
    mine = Q(pk__in=[])
    for relation in (one for one in CIRCLE if actor.role in MAY_JOIN_AS[one]):
        here = Q(case__subject__in=places.filter(relation=relation).values("subject"))
        whose = Q(step__in=[step.name for step in procedure() if relation in step.who])
        mine |= here if relation is Relation.CASE_MANAGER else here & whose
    cases = visible_to(actor, Case.objects.filter(subject__in=places.filter(relation__in=CIRCLE).values("subject")))
    rows = DueStep.objects.filter(mine, case__in=cases, due__lt=actor.now + STEPS_AHEAD)
    return rows.select_related("case__subject", "case__child", "case__agency").order_by("due", "id")


def late_and_today(actor: Actor, rows: QuerySet[Any]) -> list[QuerySet[Any]]:
    """Of rows that are due: those that are overdue, and those that fall due before midnight. To be counted."""
    late, today = Q(due__lt=actor.now), Q(due__gte=actor.now, due__lt=end_of_day(actor.now))
    return [rows.filter(when).values("pk") for when in (late, today)]


class _Counted(Subquery):
    """How many rows a query gives; its own output is a number."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def counted(actor: Actor, *lists: QuerySet[Any]) -> tuple[int, ...]:
    """How long each of these lists is, counted up to 1,001: one query for all."""
    rows = [_Counted(rows.order_by()[: COUNTED + 1]) for rows in lists]
    counts: tuple[int, ...] = Membership.objects.filter(pk=actor.membership.pk).values_list(*rows).get()
    return counts


def late_cases(actor: Actor) -> QuerySet[Case]:
    """The open cases that the actor may know of and on which something is late."""
    return visible_to(actor, Case.objects.filter(next_due__lt=actor.now)).exclude(stage=Stage.CLOSED)


def unjudged(actor: Actor) -> QuerySet[EmergencyAccess]:
    """Emergency accesses that wait for a judgement, on files that the actor may know of."""
    cases = visible_to(actor, Case.objects.all())
    return EmergencyAccess.objects.filter(judged_at=None, subject__in=cases.values("subject"))


def related(file: File) -> list[File]:
    """Other cases of the same child, and those of siblings, as far as the actor may know of them."""
    case = file.row
    assert isinstance(case, Case)
    same = Q(subject=case.subject_id)
    if case.child.family_id:
        same |= Q(child__family=case.child.family_id)
    rows = cases_of(file.actor).filter(same).exclude(pk=case.pk).order_by("opened_in", "id")
    found = list(rows[:DUE_SHOWN])
    return open_beside(file, found) if found else []


_asked_by_rooms: dict[str, Callable[[], Subquery]] = {}


def let_the_head_ask(name: str, exists: Callable[[], Subquery]) -> None:
    """Let pages know of each case, within the query that loads it, something of rows of its `pk` or `subject`: who adds a caution
    asks for them only where there are. Called in `ready()`."""
    _asked_by_rooms[name] = exists


def with_what_its_head_asks() -> QuerySet[Case]:
    """Cases as their pages load them: `has_overrides`, and what rooms let the head ask, saves most of them a query."""
    overrides = Consent.objects.filter(subject=OuterRef("subject"), withdrawn_at=None).exclude(override_ground="")
    asked = {name: exists() for name, exists in _asked_by_rooms.items()}
    rows = Case.objects.select_related("subject", "child", "agency")
    return rows.annotate(has_overrides=Exists(overrides), **asked)


def grants_of(file: File) -> list[Grant]:
    """Who stands in the circle now (case manager first), and the actor's own emergency access if there is one."""
    here = Q(relation__in=CIRCLE) | Q(relation=Relation.EMERGENCY, membership__in=file.actor.stands_for)
    rows = Grant.objects.active(file.actor.now).filter(here, subject=file.row.subject_id)
    places = {relation: place for place, relation in enumerate(Relation)}
    found = rows.select_related("membership__user", "membership__agency")
    return sorted(found, key=lambda grant: (places[Relation(grant.relation)], grant.membership.user.display_name))


def events_of(case: Case) -> QuerySet[Event]:
    """The timeline of a case with who wrote it."""
    return case.events.select_related("author__user", "author__agency", "shared__subject")


def open_tasks_of(file: File) -> list[Task]:
    """What is to be done on a file. A flag for somebody else in a part that is closed to the reader is left out: that there is one would
    tell them something of it."""
    for_others = Q(kind=TaskKind.FLAG) & ~Q(owner__in=file.actor.stands_for)
    rows = case_of(file).tasks.filter(done_at=None).exclude(for_others & ~Q(part__in=file.visible_parts()))
    rows = rows.select_related("owner__user", "owner__agency").order_by(_ALERTS_FIRST, "due", "id")
    return list(rows[:DUE_SHOWN])


def emergencies_on(file: File) -> list[Grant]:
    """Emergency accesses that stand open on a file now, with who has them."""
    open_now = Grant.objects.active(file.actor.now).filter(subject=file.row.subject_id, relation=Relation.EMERGENCY)
    return list(open_now.select_related("membership__user", "membership__agency"))


def notices_for(actor: Actor) -> QuerySet[WithdrawalNotice]:
    """Withdrawn consents of which the actor's agency was told. `stood_by`: whether the actor stood in a circle of care by it."""
    mine = Grant.objects.filter(consent=OuterRef("consent"), membership__in=actor.stands_for)
    return (
        WithdrawalNotice.objects.filter(agency=actor.membership.agency_id)
        .select_related("consent__recorded_by__agency", "confirmed_by__user")
        .annotate(stood_by=Exists(mine))
    )


def consents_on(file: File) -> QuerySet[Consent]:
    """The consents and overrides of a file, the newest first; for whoever reads by a consent those that name their agency."""
    rows = naming(file.actor.membership.agency_id) if file.is_shared else Consent.objects.all()
    rows = rows.filter(subject=file.row.subject_id).select_related("recipient", "recorded_by__user")
    return rows.order_by("-given_on", "-id")


def conflicts_on(file: File) -> list[Conflict]:
    """Who is kept out of a file now, the latest first."""
    rows = Conflict.objects.filter(subject=file.row.subject_id, lifted_at=None)
    return list(rows.select_related("user", "recorded_by__user").order_by("-recorded_at", "id"))


def answered_with(things: Collection[Thing]) -> dict[Thing, int]:
    """How many cases stand at a code ("": at any) of a list that is kept in clear, for whoever changes a pack. A query a list."""
    found: dict[Thing, int] = {}
    for codes in sorted({codes for codes, _code in things} & {"stage", "risk", "priority"}):
        counts = dict(Case.objects.order_by().values_list(codes).annotate(Count("pk")))
        counts[""] = sum(count for code, count in counts.items() if code)
        found |= {(part, code): counts.get(code, 0) for part, code in things if part == codes}
    return found


def newest_case(actor: Actor, about: uuid.UUID) -> Case | None:
    """Of a subject's cases that the actor may know of, the one that was opened last."""
    return visible_to(actor, Case.objects.filter(subject=about)).order_by("opened_in", "id").last()
