"""Follow-ups: arranged by the pack's months or by need; each try to reach the child is recorded, also the one in vain."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.alerting import begin_alert
from amanat.cases.actions.marking import mark
from amanat.cases.models import AlertKind, Case, EventKind
from amanat.cases.stating import check_day, check_open, file_of, said
from amanat.monitoring import followups
from amanat.monitoring.followups import KNOWN, NOT_SAFE, UNKNOWN, is_too_far, proposed
from amanat.monitoring.models import FollowUp, Try
from amanat.web.errors import PersonFacingError


@verb(Verb.FOLLOW_UP_ARRANGE)
def arrange(case: Case, *, begins: date, actor: Actor) -> list[FollowUp]:
    """Arrange those of the pack that are not there yet, counted from the day on which the child left or was to leave.

    Raises:
        PersonFacingError: the case is closed, all are arranged already, or the day has not come.
    """
    file = file_of(case, actor, Part.PLAN)
    check_open(case)
    check_day(file, begins, "begins")
    rows = [_row(case, actor, name=one.name, due=due) for one, due in proposed(case, begins)]
    if not rows:
        raise PersonFacingError(_("All follow-ups are arranged already."), _("Add one by need."))
    for row in rows:
        row.save(force_insert=True)
    mark(case, EventKind.FOLLOW_UPS_SET, actor, part=Part.PLAN)
    return rows


@verb(Verb.FOLLOW_UP_ARRANGE)
def arrange_one(case: Case, *, due_on: date, why: str, actor: Actor) -> FollowUp:
    """Arrange one by need.

    Raises:
        PersonFacingError: the case is closed; the day is past, or years away.
    """
    file_of(case, actor, Part.PLAN)
    check_open(case)
    today = timezone.localdate(actor.now)
    if due_on < today:
        raise PersonFacingError(_("This day is over."), _("Choose a day from today on."), "due_on")
    if is_too_far(due_on, today):
        raise PersonFacingError(_("This is more than five years away."), field="due_on")
    row = _row(case, actor, due=due_on, why={"text": why})
    row.save(force_insert=True)
    mark(case, EventKind.FOLLOW_UPS_SET, actor, part=Part.PLAN)
    return row


@verb(Verb.FOLLOW_UP_RECORD)
def record(
    follow_up: FollowUp,
    *,
    on: date,
    way: str,
    result: str,
    words: str,
    child_says: str = "",
    next: date | None = None,  # noqa: A002 - the day of the next try
    actor: Actor,
) -> Try:
    """Record a try. `result` is a code of `follow_up_result`, `way` of `follow_up_way`.

    Who was not reached stays unknown, and the follow-up open while a `next` day is given. Who is not safe goes to the duty list at once.

    Raises:
        PersonFacingError: the case is closed, the follow-up is over; the day has not come; the next try lies in the past.
    """
    case = follow_up.case
    file = file_of(case, actor, Part.PLAN)
    check_open(case)
    held = FollowUp.objects.get(pk=follow_up.pk)
    if held.over_at is not None:
        raise PersonFacingError(_("This follow-up is over."), _("Arrange another one by need."))
    check_day(file, on)
    again = next if result == UNKNOWN else None
    if again and again < timezone.localdate(actor.now):
        raise PersonFacingError(_("This day is over."), _("Choose a day from today on."), "next")
    row = Try.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        follow_up=held,
        content=said(
            on=on.isoformat(),
            way=way,
            result=result,
            words=words,
            child_says=child_says,
            next=again.isoformat() if again else "",
        ),
    )
    if again is None:
        FollowUp.objects.filter(pk=held.pk).update(over_at=actor.now)
    _mark(case, result, on, words, actor)
    return row


def _mark(case: Case, result: str, on: date, words: str, actor: Actor) -> None:
    """A child that nobody reached finishes no step of the procedure."""
    mark(case, EventKind.NOT_REACHED if result == UNKNOWN else EventKind.FOLLOWED_UP, actor, part=Part.PLAN)
    if result in KNOWN | {followups.DECLINED}:
        case.last_contact = max(case.last_contact, on)
        case.save(update_fields=["last_contact"])
    if result == NOT_SAFE:
        begin_alert(case, kind=AlertKind.ANSWER, words=words, actor=actor)


def _row(case: Case, actor: Actor, **more: object) -> FollowUp:
    return FollowUp(subject=case.subject, case=case, author=actor.membership, at=actor.now, **more)
