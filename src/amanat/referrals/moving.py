"""How a referral goes from one state to another: by the table, under the lock of its case, with a step that stays."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.models import Consent, Grant
from amanat.access.policy import Part, Relation
from amanat.cases.actions.marking import lock, mark
from amanat.cases.circle import close_bridge, nothing_to_decide
from amanat.cases.models import NOTHING_DUE, Case, EventKind
from amanat.people.models import Membership
from amanat.referrals import agreeing, clocks, flows, states
from amanat.referrals.models import RUNNING, Referral, Response, State, Step
from amanat.referrals.models_conferences import Conference
from amanat.referrals.states import Move, Who
from amanat.referrals.terms import urgency
from amanat.web.errors import PersonFacingError, Stale

# What a verb changes of a referral, and so has to be read again under its lock.
STANDING = (
    "state",
    "since",
    "sent_at",
    "due_at",
    "rings_at",
    "reminded_at",
    "escalated_at",
    "receiver",
    "comes_at",
    "consent",
    "reason",
    "outcome",
    "version",
)
_LINES = {
    State.ACCEPTED: EventKind.REFERRAL_ACCEPTED,
    State.DECLINED: EventKind.REFERRAL_DECLINED,
    State.STARTED: EventKind.REFERRAL_STARTED,
    State.DONE: EventKind.REFERRAL_DONE,
    State.REVOKED: EventKind.REFERRAL_REVOKED,
    State.EXPIRED: EventKind.REFERRAL_EXPIRED,
}


class MovedMeanwhile(PersonFacingError):
    """The table has no such way from where the referral stands now."""

    def __init__(self, referral: Referral) -> None:
        told = {"number": referral.number, "state": State(referral.state).label}
        super().__init__(
            _("The referral %(number)s is in another state now: %(state)s.") % told,
            _("Look at it once more; what you wrote is still here."),
        )


def hold(referral: Referral, seen: int | None = None) -> None:
    """Lock the case and bring the referral up to date.

    Raises:
        Stale: it changed since `seen`.
    """
    lock(referral.case)
    Referral.objects.select_for_update(of=("self",), no_key=True).filter(pk=referral.pk).values_list("pk").first()
    referral.refresh_from_db(fields=STANDING)
    if seen is not None and referral.version != seen:
        raise Stale({}, referral.version)


def check_of(case: Case, row: Response | Referral | Conference) -> None:
    """Raises:
    ValueError: it is about another case than the one that the policy was asked about.
    """
    if row.case_id != case.pk:
        raise ValueError("It is about another case.")


def check(referral: Referral, move: Move, who: Who) -> states.Way:
    """Raises:
    MovedMeanwhile: the table has no such way for them.
    """
    way = states.way(referral.state, move, referral.kind)
    if way is None or who not in way.who:
        raise MovedMeanwhile(referral)
    return way


def move(
    referral: Referral,
    what: Move,
    who: Who,
    *,
    now: datetime,
    actor: Actor | None = None,
    words: str = "",
    as_verb: str = "",
    **changes: Any,
) -> Step:
    """Along one line of the table; for verbs and clocks that hold it.

    Raises:
        MovedMeanwhile: there is no such line.
    """
    way = check(referral, what, who)
    for name, value in changes.items():
        setattr(referral, name, value)
    referral.state, referral.since = way.after, now
    referral.reminded_at = referral.escalated_at = None
    referral.version += 1
    referral.due_at = clocks.clock_of(referral, urgency(referral.urgency)).due
    wind(referral, now)
    referral.save()
    flows.count(referral, way, now)
    return note_step(
        referral,
        as_verb or what,
        before=way.before,
        now=now,
        membership=actor.membership if actor else None,
        words=words,
    )


def wind(referral: Referral, now: datetime) -> None:
    """Set when the clock acts next. What runs on after a withdrawal is looked at when that time is over, whatever else moves."""
    if not (referral.state in RUNNING and agreeing.carries_on(referral)):
        own = clocks.rings(referral, urgency(referral.urgency), now)
        referral.rings_at = clocks.earlier(own, agreeing.rings(referral, now))


def rest_on(referral: Referral, consent: Consent, now: datetime) -> None:
    """Go on by another consent; so does the receiver's place."""
    if referral.state in RUNNING:
        end_place(referral, now)
    referral.consent = consent
    referral.version += 1
    wind(referral, now)
    referral.save(update_fields=["consent", "rings_at", "version"])
    if referral.state in RUNNING and referral.receiver is not None:
        give_place(referral, referral.receiver, now)


def note_step(
    referral: Referral,
    verb: str,
    *,
    now: datetime,
    before: str = "",
    membership: Membership | None = None,
    words: str = "",
    part: Part = Part.REFERRAL_SUMMARY,
) -> Step:
    """A line of its history. Without `before` it stays where it is."""
    return Step.objects.create(
        referral=referral,
        subject=referral.subject,
        verb=verb,
        from_state=before or referral.state,
        to_state=referral.state,
        membership=membership,
        at=now,
        part=part,
        words=words or None,
    )


def mark_case(referral: Referral, actor: Actor, **note: Any) -> None:
    """The line in the timeline of the sender's file, for everybody who sees the referral there."""
    kind = _LINES.get(State(referral.state))
    if kind is not None:
        mark(
            referral.case,
            kind,
            actor,
            part=Part.REFERRAL_SUMMARY,
            referral=referral.number,
            need=referral.need,
            to=str(referral.to),
            **note,
        )


def places_of(referral: Referral, now: datetime) -> Sequence[Grant]:
    """The receiver's place, while it lasts."""
    if referral.receiver_id is None:
        return []
    lasting = Grant.objects.filter(Q(until=None) | Q(until__gt=now), relation=Relation.RECEIVER)
    theirs = lasting.filter(subject=referral.subject_id, membership=referral.receiver_id)
    return list(theirs.filter(consent=referral.consent_id))


def give_place(referral: Referral, to: Membership, now: datetime, until: datetime | None = None) -> None:
    """Let a worker of the agency see the parts that were asked for, as far as the consent names them, at most `until`.

    One worker may receive two referrals of a child by two consents; the table takes one open place, so the second has an end that
    never comes.
    """
    held = Grant.objects.filter(subject=referral.subject_id, membership=to, relation=Relation.RECEIVER)
    if held.active(now).filter(consent=referral.consent_id).exists():
        fit_place(referral, now)
        return
    until = until or (NOTHING_DUE if held.filter(until=None).exists() else None)
    Grant.objects.create(
        subject=referral.subject,
        membership=to,
        relation=Relation.RECEIVER.value,
        since=now,
        until=until,
        consent_id=referral.consent_id,
        parts=_reached(_resting_with(referral, to.pk)),
    )


def fit_place(referral: Referral, now: datetime) -> None:
    """Let the receiver's place reach what the referrals need that rest on it now, and no more."""
    places = [grant.pk for grant in places_of(referral, now)]
    Grant.objects.filter(pk__in=places).update(parts=_reached(_resting_with(referral, referral.receiver_id)))


def _reached(running: QuerySet[Referral]) -> list[str]:
    named = {part for parts in running.values_list("parts", flat=True) for part in parts}
    return [part.value for part in Part if part in named]


def _resting_with(referral: Referral, receiver: uuid.UUID | None) -> QuerySet[Referral]:
    """What runs of this child with a worker by the same consent."""
    return Referral.objects.filter(
        subject=referral.subject_id, receiver=receiver, consent=referral.consent_id, state__in=RUNNING
    )


def end_place(referral: Referral, now: datetime, *, passes_on: bool = False) -> None:
    """With the service ends what the receiver sees, unless another referral that they receive rests on the same consent. `passes_on`:
    somebody else gets the place by the same one."""
    places = Grant.objects.filter(pk__in=[grant.pk for grant in places_of(referral, now)])
    others = _resting_with(referral, referral.receiver_id).exclude(pk=referral.pk)
    if others.exists():
        places.update(parts=_reached(others))
    else:
        places.update(until=now)
        if not passes_on:
            close_bridge(referral.case, referral.consent, now)
    if referral.agency_id is None and referral.state not in RUNNING:
        _decided_outside(referral, now)


def _decided_outside(referral: Referral, now: datetime) -> None:
    """Nobody has a place there that would end with it."""
    if agreeing.went_on().filter(pk=referral.pk).exists():
        nothing_to_decide(referral.case, now)


def check_comes(referral: Referral, comes_at: datetime | None, now: datetime) -> None:
    """No child waits unseen for a year: nobody is reminded before the child is to come.

    Raises:
        PersonFacingError: the child would come later than the pack waits for an outcome.
    """
    latest = now + urgency(referral.urgency).outcome
    if comes_at is not None and comes_at > latest:
        day = formats.date_format(timezone.localtime(latest), "SHORT_DATETIME_FORMAT")
        raise PersonFacingError(
            _("With this urgency the child has to come earlier. The latest time: %(latest)s.") % {"latest": day},
            _("Choose an earlier time, or decline, so that somebody else can be asked."),
            field="comes_at",
        )


def code_of(codes: str, code: str, field: str) -> str:
    """Raises:
    PersonFacingError: the pack's list does not offer it.
    """
    if code not in dict(packs.current().codes(codes).choices()):
        raise PersonFacingError(_("Choose one of the list."), field=field)
    return code
