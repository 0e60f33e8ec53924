"""The clock of referrals: reminds before a deadline, tells more people after it, ends what nobody answered."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from amanat.access.actor import Actor
from amanat.access.consents import ConsentMissing
from amanat.access.policy import Part
from amanat.cases.actions.writing import add_task
from amanat.cases.models import TaskKind
from amanat.people.clock import clock
from amanat.referrals import agreeing, clocks, moving, telling, withdrawing
from amanat.referrals.actions.following_up import ends
from amanat.referrals.models import WAITS, Referral, State
from amanat.referrals.states import Move, Noted
from amanat.referrals.terms import urgency
from amanat.vault.rounds import Rounds

EVERY: Final = 5.0  # seconds between two looks whether one is due
AT_ONCE: Final = 50


class Timekeeper(Rounds):
    """Two of them at once, or one killed in between, do nothing twice. A thread of the task process."""

    name = "referrals-clock"
    waits = "reminding of a referral waits"

    def __init__(self, every: float = EVERY) -> None:
        super().__init__(every)

    def turn(self) -> bool:
        now = clock()
        due = Referral.objects.filter(rings_at__lte=now).order_by("rings_at")
        found = list(due.values_list("pk", flat=True)[:AT_ONCE])
        with ExitStack() as all_of_them:  # one that fails keeps no other back
            for pk in reversed(found):
                all_of_them.callback(ring, pk, now)
        return len(found) == AT_ONCE


def ring(pk: uuid.UUID, now: datetime) -> None:
    """Do what is due for one referral, under the lock of its case; nothing if somebody moved it meanwhile."""
    with transaction.atomic():
        rows = Referral.objects.select_related(
            "subject", "case__subject", "case__agency", "agency", "organisation", "receiver__user", "sent_by__user"
        )
        referral = rows.get(pk=pk)
        moving.hold(referral)
        if referral.rings_at is None or referral.rings_at > now:
            return
        with timezone.override(agreeing.zone_of(referral)):
            _act(referral, now)


def _act(referral: Referral, now: datetime) -> None:
    due = clocks.clock_of(referral, urgency(referral.urgency))
    if agreeing.carries_on(referral):
        _after_the_bridge(referral, now)
    elif agreeing.is_over(referral, now):
        withdrawing.lapsed(referral, now)
    elif due.expires is not None and due.expires <= now:
        ends(referral, Move.EXPIRE, now=now, actor=None)
    elif agreeing.ends_soon(referral, now):
        _tell_that_it_ends(referral, now)
    elif due.due is not None and due.due <= now and referral.escalated_at is None:
        _escalate(referral, now)
    else:
        _remind(referral, now)


def _tell_that_it_ends(referral: Referral, now: datetime) -> None:
    """The consent has a last day: both sides hear of it before, and the case manager has a day to ask again."""
    over, owner = agreeing.over_at(referral), telling.answers_for(referral, now)
    assert over is not None
    _wound(referral, Noted.CONSENT_ENDS, now)
    telling.tell_sender(referral, now)
    telling.tell_receiver(referral, now)
    by = Actor.of(owner, now)
    add_task(referral.case, TaskKind.REFERRAL_CONSENT, referral.number, over, owner, by, Part.REFERRAL_SUMMARY)


def _remind(referral: Referral, now: datetime) -> None:
    """Whose turn it is hears that the time is nearly over."""
    referral.reminded_at = now
    _wound(referral, Noted.REMINDED, now)
    if referral.state in WAITS and referral.agency_id is not None:
        telling.tell_addressee(referral, now)
    elif referral.agency_id is not None and referral.state != State.DRAFT:
        telling.tell_receiver(referral, now)
    else:
        telling.tell_sender(referral, now)


def _escalate(referral: Referral, now: datetime) -> None:
    """The time is over: everybody at the agency that is asked, the sender and the coordinator hear of it. What was accepted and does not
    go on becomes the case manager's task."""
    referral.escalated_at = now
    _wound(referral, Noted.ESCALATED, now)
    telling.tell_sender(referral, now)
    if referral.state == State.DRAFT:
        return
    telling.tell_addressee(referral, now, everybody=True)
    telling.tell_coordinators(referral, now)
    if referral.state not in WAITS:
        owner = telling.answers_for(referral, now)
        text, due = f"{referral.number} {referral.to}", now + urgency(referral.urgency).nobody
        add_task(referral.case, TaskKind.REFERRAL_STUCK, text, due, owner, Actor.of(owner, now), Part.REFERRAL_SUMMARY)


def _wound(referral: Referral, what: str, now: datetime) -> None:
    moving.wind(referral, now)
    referral.version += 1
    referral.save(update_fields=["rings_at", "reminded_at", "escalated_at", "version"])
    moving.note_step(referral, what, now=now)


def _after_the_bridge(referral: Referral, now: datetime) -> None:
    """The day after a withdrawal is over. With a consent, or an override, the service goes on; without, it ends."""
    try:
        consent = agreeing.consent_for(referral, now)
    except ConsentMissing:
        ends(referral, Move.END_CONSENT, now=now, actor=None)
        return
    moving.rest_on(referral, consent, now)
    _remind(referral, now)
