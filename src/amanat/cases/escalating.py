"""Telling of alerts: the first person as it is raised, the next one each time the clock of the pack runs out, until it is taken."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from typing import Final

from django.db import transaction

from amanat.cases import alerts
from amanat.cases.models import Alert, AlertTold
from amanat.packs import clocks
from amanat.people import duty, messages
from amanat.people.clock import clock
from amanat.people.looks import look
from amanat.people.models import User
from amanat.vault.rounds import Rounds

EVERY: Final = 5.0  # seconds between two looks whether an alert is due
AT_ONCE: Final = 50


def tell_next(alert: Alert, now: datetime) -> list[AlertTold]:
    """Tell whoever comes next, in the caller's transaction. Where everybody knows, those who supervise hear of it once more."""
    before = alerts.told_of(alert)
    new = [
        AlertTold(
            alert=alert,
            membership=one.membership,
            instead_of=one.instead_of,
            as_supervisor=one.as_supervisor,
            at=now,
        )
        for one in _next(alert, {*(told.membership.user_id for told in before), alert.raised_by.user_id}, now)
    ]
    AlertTold.objects.bulk_create(new)
    reached = [told.membership.user for told in new or before if told.as_supervisor or new]
    messages.post(reached, messages.ALERT, now)
    look({told.membership.user_id for told in (*before, *new)} | watching(alert, now))
    return new


def _next(alert: Alert, told: set[uuid.UUID], now: datetime) -> list[duty.Next]:
    out, there = set(alerts.kept_out(alert)), duty.works_there(now)
    places = alerts.duty_list(alert.agency_id).filter(membership__role__in=alerts.roles_for(alert.kind))
    return duty.whom(
        list(places),
        alerts.supervisors(alert.agency_id, now),
        told=told,
        now=now,
        can=lambda membership: there(membership) and membership.user_id not in out,
    )


def watching(alert: Alert, now: datetime) -> set[uuid.UUID]:
    """Whose first page shows the alert while nobody has it: those who supervise the agency."""
    return set(alerts.supervisors(alert.agency_id, now).values_list("user", flat=True)) - set(alerts.kept_out(alert))


def let_look(alert: Alert, also: Iterable[User], now: datetime) -> None:
    """Screens that showed the alert show what has become of it."""
    told = {one.membership.user_id for one in alerts.told_of(alert)}
    look(told | watching(alert, now) | {user.pk for user in also})


class Escalator(Rounds):
    """Whom the clock finds due. Two of them at once, or one killed in between, tell nobody twice. A thread of the task process."""

    name = "alerts-escalator"
    waits = "telling the next one of an alert waits"

    def __init__(self, every: float = EVERY) -> None:
        super().__init__(every)

    def turn(self) -> bool:
        now = clock()
        due = Alert.objects.filter(tell_next_at__lte=now).order_by("tell_next_at")
        found = list(due.values_list("pk", "tell_next_at")[:AT_ONCE])
        with ExitStack() as all_of_them:  # one that can't be told keeps no other back
            for pk, at in reversed(found):
                all_of_them.callback(self._escalate, pk, at, now)
        return len(found) == AT_ONCE

    def _escalate(self, pk: uuid.UUID, at: datetime | None, now: datetime) -> None:
        """Whoever moves the clock on is the one who tells; somebody who takes the alert stops it."""
        with transaction.atomic():
            later = clocks.clock("alert_next").rings(now)
            if Alert.objects.filter(pk=pk, tell_next_at=at, taken_at=None).update(tell_next_at=later):
                tell_next(Alert.objects.select_related("raised_by").get(pk=pk), now)
