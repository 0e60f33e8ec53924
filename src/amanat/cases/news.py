"""What a worker hears of on *My day* without having looked for it: emergency accesses, and cases that came to them lately."""

from __future__ import annotations

from django.db.models import OuterRef, Q, Subquery

from amanat.access.actor import Actor
from amanat.access.files import visible_to
from amanat.access.models import EmergencyAccess, Grant
from amanat.access.policy import CIRCLE, MAY_JOIN_AS, Relation, Verb
from amanat.cases.models import Case, Event, EventKind
from amanat.cases.queries import NEW_FOR, new_in_circle
from amanat.cases.shown import label


def opened_by_others(actor: Actor) -> list[EmergencyAccess]:
    """Emergency accesses of the last week to files in whose circles of care the actor stands, the newest first.

    Each has `case_id`, the newest case of its subject that the actor may know of.
    """
    if not _joins_circles(actor):
        return []
    places = Grant.objects.active(actor.now).filter(membership__in=actor.stands_for, relation__in=CIRCLE)
    known = visible_to(actor, Case.objects.filter(subject=OuterRef("subject"))).order_by("-opened_in", "-id")
    rows = EmergencyAccess.objects.filter(subject__in=places.values("subject"), opened_at__gte=actor.now - NEW_FOR)
    rows = rows.exclude(membership__user=actor.user).annotate(case_id=Subquery(known.values("pk")[:1]))
    rows = rows.exclude(case_id=None).select_related("membership__user", "membership__agency", "subject__child")
    return list(rows.order_by("-opened_at"))


def opened_by_me(actor: Actor) -> list[tuple[EmergencyAccess, str]]:
    """The actor's own of the last week and those judged in it, each with the judgement's label, "" while there is none.

    By code name alone, which the actor wrote when they asked: the file may be closed to them again.
    """
    if not actor.may(Verb.EMERGENCY_OPEN):
        return []
    since = actor.now - NEW_FOR
    rows = EmergencyAccess.objects.filter(
        Q(opened_at__gte=since) | Q(judged_at__gte=since), membership__user=actor.user
    )
    found = rows.exclude(opened_at=None).select_related("subject__child").order_by("-opened_at")
    return [(access, label("emergency_judgement", access.judgement) if access.judgement else "") for access in found]


def handed_over(actor: Actor) -> list[Event]:
    """The newest line about each case that somebody else made the actor case manager of within the week, with who did it."""
    if not _joins_circles(actor):
        return []
    places = new_in_circle(actor).filter(relation=Relation.CASE_MANAGER)
    cases = visible_to(actor, Case.objects.filter(subject__in=places.values("subject")))
    rows = Event.objects.filter(
        kind__in=(EventKind.HANDED_OVER, EventKind.ASSIGNED), case__in=cases, written_at__gte=actor.now - NEW_FOR
    )
    rows = rows.exclude(author__user=actor.user).select_related("case__child", "author__user").order_by("written_at")
    return list({event.case_id: event for event in rows}.values())


def _joins_circles(actor: Actor) -> bool:
    return any(actor.role in roles for roles in MAY_JOIN_AS.values())
