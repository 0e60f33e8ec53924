"""Rounds of follow-ups: an exit from a centre books one, who and when; another exit begins the next and ends what is left of the first.

Called within other verbs, which hold the case.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from amanat.access.actor import Actor
from amanat.access.policy import Part
from amanat.cases.actions.marking import mark
from amanat.cases.actions.writing import add_task
from amanat.cases.circle import Circle
from amanat.cases.departures import Departure
from amanat.cases.models import Case, EventKind, TaskKind
from amanat.monitoring import followups, pack
from amanat.monitoring.hand_overs import since_admission
from amanat.monitoring.models import Ended, FollowUp
from amanat.packs.lasting import months_later

WITHIN = timedelta(days=1)  # ours: by when somebody looks after a record that was not signed at the exit


def on_departure(case: Case, departure: Departure, actor: Actor) -> None:
    """What an exit means for follow-ups (`cases.departures`)."""
    if departure.died:
        end_open(case, Ended.STOPPED, actor)
    else:
        _book(case, departure, actor)


def begin(case: Case, begins: date, why: Ended, actor: Actor, left_at: datetime | None = None) -> list[FollowUp]:
    """The next round, counted from a day; what is left of the one before ends."""
    end_open(case, why, actor)
    found = followups.proposed(begins, ())
    return save(case, actor, found, round=followups.round_of(case) + 1, left_at=left_at)


def save(case: Case, actor: Actor, found: list[tuple[pack.Item, date]], **more: object) -> list[FollowUp]:
    rows = [new(case, actor, name=item.name, due=due, **more) for item, due in found]
    for row in rows:
        row.save(force_insert=True)
    return rows


def new(case: Case, actor: Actor, **more: object) -> FollowUp:
    return FollowUp(subject=case.subject, case=case, author=actor.membership, at=actor.now, **more)


def end_open(case: Case, why: Ended, actor: Actor) -> None:
    """Those of the pack's months; those by need go on, unless nobody can be followed any more."""
    rows = FollowUp.objects.filter(case=case, over_at=None)
    rows = rows if why == Ended.STOPPED else rows.exclude(name="")
    rows.update(over_at=actor.now, ended=why)


def _book(case: Case, departure: Departure, actor: Actor) -> None:
    begins = timezone.localdate(departure.at)
    if followups.waits_for_exit(case):
        _move(case, begins, departure.at, actor)
    else:
        begin(case, begins, Ended.NEW_ROUND, actor, departure.at)
    if departure.first_visit:
        new(case, actor, due=departure.first_visit, why={"code": followups.AGREED_AT_EXIT}).save(force_insert=True)
    mark(case, EventKind.FOLLOW_UPS_SET, actor, part=Part.PLAN)
    if departure.to_carer and not since_admission(case).exclude(signed_at=None).exists():
        _ask_for_the_record(case, actor)


def _move(case: Case, begins: date, left_at: datetime, actor: Actor) -> None:
    """A round that was arranged before the exit counts from it; what was tried already stays where it is."""
    number = followups.round_of(case)
    rows = FollowUp.objects.filter(case=case, round=number)
    months = {item.name: item.months for item in pack.follow_ups()}
    for row in rows.filter(over_at=None, tries=None).exclude(name=""):
        row.due = months_later(begins, months[row.name]) if row.name in months else row.due
        row.save(update_fields=["due"])
    rows.exclude(name="").update(left_at=left_at)
    save(case, actor, followups.proposed(begins, followups.arranged(case)), round=number, left_at=left_at)


def _ask_for_the_record(case: Case, actor: Actor) -> None:
    manager = Circle(case, actor).manager
    owner = manager.membership if manager else actor.membership
    with override(owner.user.language):
        asked = _("The child went to a carer and no signed record says who handed it to whom.")
    add_task(case, TaskKind.HAND_OVER, asked, actor.now + WITHIN, owner, actor)
    mark(case, EventKind.FLAGGED, actor, text=asked)
