"""What a worker hears of on *My day* without having looked for it: emergency accesses, and cases that came to them lately."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, Subquery

from amanat.access.actor import Actor
from amanat.access.files import visible_to
from amanat.access.models import EmergencyAccess, Grant
from amanat.access.policy import CIRCLE, MAY_JOIN_AS, Relation, Verb
from amanat.cases.alerts import MAKES_MANAGER
from amanat.cases.models import Alert, Case, Event, EventKind
from amanat.cases.queries import NEW_FOR, new_in_circle
from amanat.cases.shown import label

# By an alert only where it asked for a case manager; the line and the alert bear the same moment.
_GIVING = Q(kind__in=(EventKind.HANDED_OVER, EventKind.ASSIGNED)) | Q(
    Exists(Alert.objects.filter(case=OuterRef("case"), taken_at=OuterRef("written_at"), kind__in=MAKES_MANAGER)),
    kind=EventKind.ALERT_TAKEN,
)


Judged = tuple[EmergencyAccess, str]


def emergencies(actor: Actor) -> tuple[list[EmergencyAccess], list[Judged]]:
    """Emergency accesses of the last week, the newest first: those of others to files in whose circles of care the actor stands, each
    with `case_id`, the newest case of its subject that the actor may know of; and the actor's own, also those judged in it, each with
    the judgement's label, "" while there is none. One query.

    One's own stands there by code name alone, which the actor wrote when they asked: the file may be closed to them again.
    """
    since, nobody = actor.now - NEW_FOR, Q(pk__in=[])
    by_others, by_me = nobody, nobody
    if _joins_circles(actor):
        places = Grant.objects.active(actor.now).filter(membership__in=actor.stands_for, relation__in=CIRCLE)
        by_others = Q(subject__in=places.values("subject"), opened_at__gte=since) & ~Q(membership__user=actor.user)
    if actor.may(Verb.EMERGENCY_OPEN):
        lately = Q(opened_at__gte=since) | Q(judged_at__gte=since)
        by_me = lately & Q(membership__user=actor.user, opened_at__isnull=False)
    known = visible_to(actor, Case.objects.filter(subject=OuterRef("subject"))).order_by("-opened_in", "-id")
    rows = EmergencyAccess.objects.filter(by_others | by_me).annotate(case_id=Subquery(known.values("pk")[:1]))
    rows = rows.select_related("membership__user", "membership__agency", "subject__child").order_by("-opened_at")
    others: list[EmergencyAccess] = []
    own: list[Judged] = []
    for access in rows if by_others is not nobody or by_me is not nobody else ():
        if access.membership.user_id == actor.user.pk:
            own.append((access, label("emergency_judgement", access.judgement) if access.judgement else ""))
        elif access.case_id is not None:
            others.append(access)
    return others, own


def handed_over(actor: Actor) -> list[Event]:
    """The newest line about each case that somebody else made the actor case manager of within the week, with who did it."""
    if not _joins_circles(actor):
        return []
    places = new_in_circle(actor).filter(relation=Relation.CASE_MANAGER)
    cases = visible_to(actor, Case.objects.filter(subject__in=places.values("subject")))
    rows = Event.objects.filter(_GIVING, case__in=cases, written_at__gte=actor.now - NEW_FOR)
    rows = rows.exclude(author__user=actor.user).select_related("case__child", "author__user").order_by("written_at")
    return list({event.case_id: event for event in rows}.values())


def _joins_circles(actor: Actor) -> bool:
    return any(actor.role in roles for roles in MAY_JOIN_AS.values())
