"""Alerts: raising one, taking it, giving it to somebody. Who is told next and when is `cases.escalating`."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Relation, Verb
from amanat.access.verbs import verb
from amanat.cases import alerts, escalating
from amanat.cases.actions.handing import change_manager
from amanat.cases.actions.marking import hold, lock, mark
from amanat.cases.actions.settling import taken
from amanat.cases.circle import Circle, joins_as
from amanat.cases.models import Alert, AlertKind, AlertTold, Case, EventKind, Task
from amanat.packs import clocks
from amanat.people import messages
from amanat.people.models import Membership, Role
from amanat.web.errors import PersonFacingError, Refused


class TakenMeanwhile(PersonFacingError):
    """Somebody else has the alert already."""

    def __init__(self, by: Membership | None) -> None:
        told = {"name": by.user.display_name if by else ""}
        super().__init__(
            _("%(name)s has taken this alert already.") % told, _("Nothing is left to do for you here. Thank you.")
        )


@verb(Verb.ALERT_RAISE)
def raise_alert(case: Case, *, kind: AlertKind, words: str, actor: Actor) -> Alert:
    """Let somebody on duty take this up now.

    Raises:
        PersonFacingError: the case is closed.
    """
    lock(case)
    if case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Reopen it first."))
    return begin_alert(case, kind=kind, words=words, actor=actor)


def begin_alert(case: Case, *, kind: AlertKind, words: str, actor: Actor) -> Alert:
    """An alert, also of other verbs, which hold the case; the first one of the duty list is told within their transaction.

    One of the same kind that waits already is the same alert; what was written stands in the timeline each time.
    """
    mark(case, EventKind.ALERT_RAISED, actor, alert=kind.value, text=words)
    standing = Alert.objects.filter(case=case, kind=kind, taken_at=None).first()
    if standing is not None:
        return standing
    alert = Alert.objects.create(
        case=case,
        subject=case.subject,
        kind=kind,
        agency=case.agency,
        raised_by=actor.membership,
        raised_at=actor.now,
        tell_next_at=clocks.clock("alert_next").rings(actor.now),
    )
    escalating.tell_next(alert, actor.now)
    return alert


@verb(Verb.ALERT_TAKE)
def take_alert(alert: Alert, *, actor: Actor) -> Alert:
    """Whoever takes it is the case manager from now on, or stands in the circle of care (see `alerts.MAKES_MANAGER`).

    Raises:
        TakenMeanwhile: somebody else was faster.
        Refused: the actor was not told, raised it, or may not take one of this kind.
    """
    hold(alert.case)
    if not alerts.known_to(actor).filter(pk=alert.pk).exists():
        raise Refused()
    _check_waits(alert)
    if not alerts.could_take(actor).filter(pk=alert.pk).exists():
        raise Refused(_("This alert is for somebody else to take."), _("A supervisor can give it to you."))
    return _goes_to(alert, actor.membership, actor)


@verb(Verb.ALERT_ASSIGN, to=lambda alert: alert.taken_by.user)
def assign_alert(alert: Alert, *, to: Membership, actor: Actor) -> Alert:
    """Give an alert to a colleague, who has it from now on as if they had taken it.

    Raises:
        TakenMeanwhile: somebody took it before.
        PersonFacingError: this colleague could not take it.
        Refused: it is another agency's.
    """
    hold(alert.case)
    _check_waits(alert)
    if not alerts.could_give(actor).filter(pk=alert.pk).exists():
        raise Refused()
    if not alerts.who_could(alert, actor.now).filter(pk=to.pk).exists():
        raise PersonFacingError(_("This colleague can't take this alert now."), _("Choose another one."), field="to")
    AlertTold.objects.get_or_create(alert=alert, membership=to, defaults={"at": actor.now})
    messages.post([to.user], messages.GIVEN, actor.now)
    return _goes_to(alert, to, actor)


def answered(task: Task, actor: Actor) -> None:
    """The task about an answer was done: with the last of them the alert that they lead to has somebody too. For the verb that finishes
    it."""
    if task.alert_id is None:
        return
    waiting = Alert.objects.filter(pk=task.alert_id, taken_at=None).exclude(tasks__done_at=None)
    for alert in waiting.select_related("case"):
        taken(alert, actor.membership, actor)


def _check_waits(alert: Alert) -> None:
    """Under the lock of the case."""
    now = Alert.objects.select_related("taken_by__user").get(pk=alert.pk)
    if now.taken_at is not None:
        raise TakenMeanwhile(now.taken_by)


def _goes_to(alert: Alert, to: Membership, actor: Actor) -> Alert:
    case = alert.case
    if alert.kind in alerts.MAKES_MANAGER:
        _make_manager(alert, to, actor)
    elif not any(grant.membership_id == to.pk for grant in Circle(case, actor).grants()):
        Circle(case, actor).add(to, joins_as(Role(to.role)))
    return taken(alert, to, actor)


def _make_manager(alert: Alert, to: Membership, actor: Actor) -> None:
    """The former one stays as social worker."""
    case, circle = alert.case, Circle(alert.case, actor)
    manager = circle.manager
    if manager is not None and manager.membership_id == to.pk:
        return
    former = change_manager(case, to, actor)
    if former and circle.could_add(former.membership, Relation.SOCIAL_WORKER):
        circle.add(former.membership, Relation.SOCIAL_WORKER)
