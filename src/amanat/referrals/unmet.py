"""A need that nobody took: the case manager has a task, the case says so, the coordinator hears of it. Nobody falls between."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from amanat.access.actor import Actor
from amanat.access.policy import Part
from amanat.cases.actions.following import set_next_due
from amanat.cases.actions.marking import mark
from amanat.cases.actions.writing import add_task
from amanat.cases.models import Case, EventKind, Task, TaskKind
from amanat.referrals.models import IN_HANDS, Kind, Referral, Response, State, Unmet
from amanat.referrals.telling import answers_for, tell_coordinators, tell_sender
from amanat.referrals.terms import urgency

# It ended, and the child still needs it.
NOT_MET = frozenset({"not_come", "not_given"})
UNMET = Q(ended_at=None, task__done_at=None)  # of `Unmet`
MET = Q(state=State.DONE) & ~Q(outcome__in=NOT_MET)


def now_unmet() -> QuerySet[Unmet]:
    """Those that wait for the case manager."""
    return Unmet.objects.filter(UNMET)


def of_case(case: Case) -> list[Unmet]:
    rows = now_unmet().filter(case__subject=case.subject_id)
    return list(rows.select_related("task", "response").order_by("since", "id"))


def check(referral: Referral, now: datetime) -> Unmet | None:
    """After a referral ended: if nobody else has the need in hand, somebody has to see to it. Within verbs and clocks that hold it."""
    if referral.kind != Kind.SERVICE:
        return None
    same = Referral.objects.filter(response=referral.response_id, need=referral.need, kind=Kind.SERVICE)
    if same.filter(Q(state__in=IN_HANDS) | MET).exists():
        return None
    standing = now_unmet().filter(response=referral.response_id, need=referral.need).first()
    return standing or _begin(referral, now)


def _begin(referral: Referral, now: datetime) -> Unmet:
    Unmet.objects.filter(response=referral.response_id, need=referral.need, ended_at=None).update(ended_at=now)
    owner = answers_for(referral, now)
    by, due = Actor.of(owner, now), now + urgency(referral.urgency).nobody
    case = referral.case
    task = add_task(case, TaskKind.NOBODY_TOOK, f"{referral.number} ", due, owner, by, Part.REFERRAL_SUMMARY)
    unmet = Unmet.objects.create(
        response=referral.response,
        case=case,
        need=referral.need,
        urgency=referral.urgency,
        task=task,
        since=now,
    )
    mark(case, EventKind.NOBODY_TOOK, by, part=Part.REFERRAL_SUMMARY, referral=referral.number, need=referral.need)
    tell_sender(referral, now)
    tell_coordinators(referral, now)
    return unmet


def asked_again(response: Response, need: str, actor: Actor) -> None:
    """The need is asked of somebody else: what there was to do is done."""
    for unmet in Unmet.objects.filter(response=response, need=need, ended_at=None).select_related("task"):
        unmet.ended_at = actor.now
        unmet.save(update_fields=["ended_at"])
        done = Task.objects.filter(pk=unmet.task_id, done_at=None)
        if done.update(done_at=actor.now, done_by=actor.membership):
            set_next_due(response.case)
            mark(response.case, EventKind.FINISHED, actor)
