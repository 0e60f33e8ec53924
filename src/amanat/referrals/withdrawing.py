"""What becomes of referrals when a consent is withdrawn: both sides see it, and nobody is put on the street by it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from amanat.access.actor import Actor
from amanat.access.consents import CARRY_ON, ConsentMissing
from amanat.access.files import open_file
from amanat.access.models import Consent, Grant
from amanat.access.policy import Relation
from amanat.cases.actions import consenting
from amanat.cases.actions.consenting import CARRY_ON_FOR, DECIDE_WITHIN, carry_on, resting_on, why_it_runs_on
from amanat.cases.actions.writing import add_task
from amanat.cases.models import Case, TaskKind
from amanat.cases.withdrawals import Ending
from amanat.people.models import Membership
from amanat.referrals import agreeing, inviting, moving
from amanat.referrals.actions.following_up import ends
from amanat.referrals.agreeing import consent_for
from amanat.referrals.models import IN_HANDS, RUNNING, Referral
from amanat.referrals.states import Move
from amanat.referrals.telling import answers_for, tell_receiver

# Needs whose service does not end before the safety decision: shelter and medical help.
RUNS_ON: Final = frozenset({"shelter", "medical"})


def running(places: list[Grant]) -> set[Grant]:
    """The places of receivers whose service runs on."""
    receivers = [grant for grant in places if grant.relation == Relation.RECEIVER]
    rows = Referral.objects.filter(
        state__in=RUNNING, need__in=RUNS_ON, consent__in={one.consent_id for one in receivers}
    )
    held = set(rows.values_list("receiver", "consent"))
    return {one for one in receivers if (one.membership_id, one.consent_id) in held}


def end(case: Case, consent: Consent, bridge: Consent | None, actor: Actor) -> None:
    """Referrals by this consent end, but for services that run on: those rest on what carries them on, and end with it. No agency
    comes to a conference by it."""
    for referral in _resting_on(consent):
        if consent.purpose != CARRY_ON and referral.state in RUNNING and referral.need in RUNS_ON:
            _run_on(referral, bridge, actor, by=actor.membership)
        else:
            ends(referral, Move.END_CONSENT, now=actor.now, actor=actor)
    inviting.take_back(case, consent, actor)


def _resting_on(consent: Consent) -> QuerySet[Referral]:
    rows = Referral.objects.filter(consent=consent, state__in=IN_HANDS)
    return rows.select_related("subject", "case__agency", "agency", "organisation", "receiver__user", "sent_by__user")


def lapsed(referral: Referral, now: datetime) -> None:
    """The last day of its consent is over. Whatever rests on that goes on by another one in force; if there is none, what runs ends as
    after a withdrawal. What waits for an answer keeps its own time: without a consent nobody can say yes.
    """
    consent, by = referral.consent, Actor.of(answers_for(referral, now), now)
    assert consent is not None
    left = [one for one in _resting_on(consent) if not _goes_on(one, by) and one.state in RUNNING]
    places = list(resting_on(consent, by))
    kept = running(places) | {grant for grant in places if grant.relation in consenting.RUNNING}
    bridge = carry_on(referral.case, consent, [one for one in places if one in kept], by) if kept else None
    for one in left:
        if one.need in RUNS_ON:
            _run_on(one, bridge, by, by=None)
        else:
            ends(one, Move.END_CONSENT, now=now, actor=None)


def _goes_on(referral: Referral, actor: Actor) -> bool:
    """By another consent, if one in force is enough."""
    try:
        consent = consent_for(referral, actor.now, open_file(actor, referral.case))
    except ConsentMissing:
        return False
    moving.rest_on(referral, consent, actor.now)
    return True


def _run_on(referral: Referral, bridge: Consent | None, actor: Actor, by: Membership | None) -> None:
    """The clock ends it with the bridge, unless it has a consent again by then. A place outside has no bridge, though others by the
    same consent may: nothing more is shared with it, and the case manager decides."""
    assert referral.consent is not None
    said = why_it_runs_on(referral.consent)
    moving.note_step(referral, Move.END_CONSENT, now=actor.now, membership=by)
    if bridge is not None and referral.agency_id is not None:
        referral.consent = bridge
        referral.rings_at = actor.now + CARRY_ON_FOR
        tell_receiver(referral, actor.now)
    else:
        owner = answers_for(referral, actor.now)
        add_task(referral.case, TaskKind.SAFETY_DECISION, said, actor.now + DECIDE_WITHIN, owner, actor)
        moving.wind(referral, actor.now)
    referral.version += 1
    referral.save(update_fields=["consent", "rings_at", "version"])
    moving.fit_place(referral, actor.now)


def running_outside(case: Case) -> bool:
    return agreeing.went_on().filter(subject=case.subject_id, agency=None, state__in=RUNNING).exists()


ENDING: Final = Ending(running, end, running_outside)
