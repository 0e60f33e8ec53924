"""What comes to rest when somebody has what an alert asked for. Within verbs that hold the case."""

from __future__ import annotations

from amanat.access.actor import Actor
from amanat.cases import escalating
from amanat.cases.actions.marking import mark
from amanat.cases.circle import Circle
from amanat.cases.models import Alert, AlertKind, AlertTold, Case, EventKind
from amanat.packs import clocks
from amanat.people import messages
from amanat.people.models import Agency, Membership


def taken(alert: Alert, to: Membership, actor: Actor) -> Alert:
    """Somebody has the alert: nobody else is told any more. Nothing happens to one that somebody had before."""
    gone = {"taken_by": to, "taken_at": actor.now, "tell_next_at": None}
    if Alert.objects.filter(pk=alert.pk, taken_at=None).update(**gone):
        mark(alert.case, EventKind.ALERT_TAKEN, actor, alert=alert.kind, to=str(to.user))
        escalating.let_look(alert, [to.user, alert.raised_by.user], actor.now)
    alert.taken_by, alert.taken_at, alert.tell_next_at = to, actor.now, None
    return alert


def passed_on(alert: Alert, former: Agency, to: Membership, actor: Actor) -> None:
    """The case went from one agency to another while an alert waited: that one's duty list is told anew, after whoever has the case now.
    A case that needed a manager has one."""
    if alert.kind == AlertKind.NEW_CASE:
        taken(alert, to, actor)
        return
    escalating.let_look(alert, [alert.raised_by.user], actor.now)
    alert.told.filter(membership__agency=former).delete()
    alert.agency, alert.tell_next_at = to.agency, clocks.clock("alert_next").rings(actor.now)
    alert.save(update_fields=["agency", "tell_next_at"])
    AlertTold.objects.get_or_create(alert=alert, membership=to, defaults={"at": actor.now})
    messages.post([to.user], messages.ALERT, actor.now)
    escalating.tell_next(alert, actor.now)


def has_manager(case: Case, to: Membership, actor: Actor) -> None:
    """The first case manager is there, by whichever verb: whoever opened the case from a call held a place only until now."""
    circle = Circle(case, actor)
    opened = set(case.events.filter(kind=EventKind.FROM_CALL).values_list("author", "written_at"))
    for grant in circle.grants():
        if grant.membership_id != to.pk and (grant.membership_id, grant.since) in opened:
            circle.end(grant)
    for alert in Alert.objects.filter(case=case, kind=AlertKind.NEW_CASE, taken_at=None).select_related(
        "raised_by__user"
    ):
        alert.case = case
        taken(alert, to, actor)


def over(case: Case, kind: AlertKind, actor: Actor) -> None:
    """What alerts of a kind about this child asked for is there: they are over, on whichever of its cases. Of those that wait nobody is
    told any more: whoever says so has them."""
    rows = Alert.objects.filter(subject=case.subject_id, kind=kind, is_over=False)
    for alert in rows.select_related("case__subject", "raised_by__user", "taken_by__user"):
        Alert.objects.filter(pk=alert.pk).update(is_over=True)
        if alert.taken_by is None:
            taken(alert, actor.membership, actor)
        else:
            escalating.let_look(alert, [alert.taken_by.user, alert.raised_by.user], actor.now)
