"""A whole case goes to another agency: asked for by who has it, taken by who says yes. Never pulled, never before a yes."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from amanat.access.actor import Actor
from amanat.access.models import Grant
from amanat.access.policy import CIRCLE, Relation, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.actions.settling import passed_on
from amanat.cases.circle import Circle
from amanat.cases.in_the_way import passing
from amanat.cases.models import Alert, Case, EventKind, Task
from amanat.people.models import Agency, Membership
from amanat.referrals import agreeing, moving, standing_open, telling
from amanat.referrals.actions.answering import check_receiver
from amanat.referrals.actions.following_up import ends
from amanat.referrals.models import WAITS, Kind, Referral, State
from amanat.referrals.states import Move, Noted, Who


@verb(Verb.REFERRAL_TAKE_CASE, to=lambda referral: referral.receiver.user)
def take_case(
    referral: Referral, *, to: Membership, words: str = "", actor: Actor, seen: int | None = None
) -> Referral:
    """Say yes to a referral that asks for ownership: the case is this agency's from now on, `to` its case manager.

    In one transaction the former agency's circle ends, but for who stands in it by a consent, and every other open transfer of the
    child is revoked: two yeses at once leave one owner.

    Raises:
        MovedMeanwhile: it was answered, revoked or expired meanwhile.
        ConsentMissing: the consent ended meanwhile.
        CannotJoin: this worker can't be the case manager.
        PersonFacingError: they work elsewhere, a conflict keeps them out, the case is closed, or something is in the
            way of passing it on (`cases.in_the_way`).
    """
    moving.hold(referral, seen)
    moving.check(referral, Move.TAKE_CASE, Who.ADDRESSEE)
    check_receiver(referral, to, actor)
    agreeing.consent_to_receive(referral, actor.now)
    case, former = referral.case, referral.case.agency
    standing_open.check(referral)
    passing.check(case)
    told = telling.manager_of(case, actor.now)
    moving.move(referral, Move.TAKE_CASE, Who.ADDRESSEE, now=actor.now, actor=actor, words=words, receiver=to)
    _hand_over(case, former, to, actor)
    number = referral.number
    mark(case, EventKind.TRANSFERRED, actor, to=str(to.agency), was=str(former), text=words, referral=number)
    _revoke_others(referral, actor)
    telling.tell_sender(referral, actor.now)
    if told is not None:
        telling.tell_workers([told], actor.now)
    telling.tell_receiver(referral, actor.now)
    return referral


def _hand_over(case: Case, former: Agency, to: Membership, actor: Actor) -> None:
    """The child's cases, places and alerts. Whoever stands in the circle by a consent stays."""
    owned = Case.objects.filter(subject=case.subject_id, agency=former)
    for one in owned:
        one.agency, one.version = to.agency, one.version + 1
        one.save(update_fields=["agency", "version"])
    case.refresh_from_db(fields=["agency", "version"])
    circle = Circle(case, actor)
    _end_places(case, former, circle, actor.now)
    circle.replace_manager(to)
    left = Task.objects.filter(subject=case.subject_id, case__agency=to.agency, owner__agency=former, done_at=None)
    left.update(owner=to)
    waiting = Alert.objects.filter(subject=case.subject_id, agency=former, taken_at=None)
    for alert in waiting.select_related("case", "raised_by__user"):
        alert.case = case if alert.case_id == case.pk else alert.case
        passed_on(alert, former, to, actor)


def _end_places(case: Case, former: Agency, circle: Circle, now: datetime) -> None:
    """Also places that begin later or have an end: nothing of the former agency is left but by consent."""
    lasting = Grant.objects.filter(Q(until=None) | Q(until__gt=now), subject=case.subject_id, consent=None)
    theirs = lasting.filter(membership__agency=former, relation__in=CIRCLE).select_related("membership")
    for grant in theirs.exclude(relation=Relation.CASE_MANAGER):
        circle.end(grant)


def _revoke_others(referral: Referral, actor: Actor) -> None:
    others = Referral.objects.filter(subject=referral.subject_id, kind=Kind.TRANSFER)
    open_ones = others.filter(state__in=(State.DRAFT, *WAITS)).exclude(pk=referral.pk)
    for other in open_ones.select_related("subject", "case__agency", "agency", "receiver__user"):
        what = Move.DISCARD if other.state == State.DRAFT else Move.REVOKE
        ends(other, what, now=actor.now, actor=actor, as_verb=Noted.TRANSFERRED)
