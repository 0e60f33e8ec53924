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
from amanat.cases.circle import Circle
from amanat.cases.models import AlertKind, Case, EventKind
from amanat.cases.stating import check_day, check_open, file_of, said
from amanat.monitoring import followups
from amanat.monitoring.actions import rounds
from amanat.monitoring.followups import KNOWN, NOT_SAFE, UNKNOWN, is_too_far
from amanat.monitoring.models import Ended, FollowUp, Try
from amanat.people.models import Membership
from amanat.web.errors import PersonFacingError


@verb(Verb.FOLLOW_UP_ARRANGE)
def arrange(case: Case, *, begins: date, anew: bool = False, actor: Actor) -> list[FollowUp]:
    """Arrange those of the pack that are not there yet, counted from the day on which the child left or was to leave.

    `anew`: another round, in the place of what is left of the one before.

    Raises:
        PersonFacingError: the case is closed, all are arranged already, or the day has not come.
    """
    file = file_of(case, actor, Part.PLAN)
    check_open(case)
    check_day(file, begins, "begins")
    there = followups.arranged(case)
    if anew and there:
        rows = rounds.begin(case, begins, Ended.BY_HAND, actor)
    else:
        rows = rounds.save(case, actor, followups.proposed(begins, there), round=followups.round_of(case) or 1)
    if not rows:
        raise PersonFacingError(_("All follow-ups are arranged already."), _("Add one by need, or begin a new round."))
    mark(case, EventKind.FOLLOW_UPS_SET, actor, part=Part.PLAN)
    return rows


@verb(Verb.FOLLOW_UP_ARRANGE)
def arrange_one(case: Case, *, due_on: date, why: str, who: Membership | None = None, actor: Actor) -> FollowUp:
    """Arrange one by need. `who`: somebody of the circle of care, None: whoever manages the case.

    Raises:
        PersonFacingError: the case is closed; the day is past, or years away; `who` stands in the circle no more.
    """
    file_of(case, actor, Part.PLAN)
    check_open(case)
    _check_ahead(due_on, actor)
    _check_who(case, who, actor)
    row = rounds.new(case, actor, due=due_on, why={"text": why}, who=who)
    row.save(force_insert=True)
    mark(case, EventKind.FOLLOW_UPS_SET, actor, part=Part.PLAN)
    return row


@verb(Verb.FOLLOW_UP_ARRANGE)
def move(follow_up: FollowUp, *, due_on: date, who: Membership | None = None, actor: Actor) -> FollowUp:
    """Set another day, or whose it is. Which one of the round it is stays.

    Raises:
        PersonFacingError: the case is closed, the follow-up is over; the day is past, or years away; `who` stands in the circle no more.
    """
    case = follow_up.case
    file_of(case, actor, Part.PLAN)
    check_open(case)
    held = _open_one(follow_up)
    if due_on != held.due:
        _check_ahead(due_on, actor)
    _check_who(case, who, actor)
    held.due, held.who = due_on, who
    held.save(update_fields=["due", "who"])
    mark(case, EventKind.FOLLOW_UPS_SET, actor, part=Part.PLAN)
    return held


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
    held = _open_one(follow_up)
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


def _open_one(follow_up: FollowUp) -> FollowUp:
    held = FollowUp.objects.select_related("subject").get(pk=follow_up.pk)
    if held.over_at is not None:
        raise PersonFacingError(_("This follow-up is over."), _("Arrange another one by need."))
    return held


def _check_ahead(due_on: date, actor: Actor) -> None:
    today = timezone.localdate(actor.now)
    if due_on < today:
        raise PersonFacingError(_("This day is over."), _("Choose a day from today on."), "due_on")
    if is_too_far(due_on, today):
        raise PersonFacingError(_("This is more than five years away."), field="due_on")


def _check_who(case: Case, who: Membership | None, actor: Actor) -> None:
    if who is not None and who.pk not in {grant.membership_id for grant in Circle(case, actor).grants()}:
        raise PersonFacingError(_("They stand in the circle of care no more."), _("Choose somebody else."), "who")
