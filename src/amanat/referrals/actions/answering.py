"""What the agency that was asked does: sees a referral, accepts it, declines it, lets a colleague take it over."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.models import Consent
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.people.models import Membership
from amanat.referrals import agreeing, moving, standing_open, telling, unmet
from amanat.referrals.models import RUNNING, Kind, Referral, State
from amanat.referrals.moving import MovedMeanwhile
from amanat.referrals.states import Move, Who
from amanat.web.errors import PersonFacingError


@verb(Verb.REFERRAL_SEE)
def see(referral: Referral, *, actor: Actor) -> Referral:
    """Say that it came; once is enough."""
    moving.hold(referral)
    if referral.state == State.SENT:
        moving.move(referral, Move.SEE, Who.ADDRESSEE, now=actor.now, actor=actor)
        telling.tell_sender(referral, actor.now)
    return referral


@verb(Verb.REFERRAL_ACCEPT, to=lambda referral: referral.receiver and referral.receiver.user)
def accept(
    referral: Referral,
    *,
    to: Membership | None = None,
    comes_at: datetime | None = None,
    words: str = "",
    actor: Actor,
    seen: int | None = None,
) -> Referral:
    """Take it on: `to` (else the actor) receives the child, and sees from now on what the consent names.

    Raises:
        MovedMeanwhile: it was answered, revoked or expired meanwhile.
        ConsentMissing: the consent ended meanwhile.
        PersonFacingError: this worker can't receive it, the child would come in the past or far too late, the case is closed,
            or the whole case is asked for (`taking_over.take_case`).
    """
    moving.hold(referral, seen)
    if referral.kind == Kind.TRANSFER:
        raise PersonFacingError(_("This asks for the whole case. Choose who becomes the case manager."), field="to")
    moving.check(referral, Move.ACCEPT, Who.ADDRESSEE)
    standing_open.check(referral)
    to = to or actor.membership
    check_receiver(referral, to, actor)
    if comes_at is not None and comes_at < actor.now:
        raise PersonFacingError(_("This time has passed. Choose a later one."), field="comes_at")
    moving.check_comes(referral, comes_at, actor.now)
    referral.consent = agreeing.consent_to_receive(referral, actor.now)
    moving.move(
        referral,
        Move.ACCEPT,
        Who.ADDRESSEE,
        now=actor.now,
        actor=actor,
        words=words,
        receiver=to,
        comes_at=comes_at,
        consent=referral.consent,
    )
    moving.give_place(referral, to, actor.now)
    moving.mark_case(referral, actor, text=words)
    _tell(referral, actor)
    return referral


def _tell(referral: Referral, actor: Actor) -> None:
    telling.tell_sender(referral, actor.now)
    if referral.receiver_id != actor.membership.pk:
        telling.tell_receiver(referral, actor.now)


def check_receiver(referral: Referral, to: Membership, actor: Actor) -> None:
    """Raises:
    PersonFacingError: they do no casework at the agency that was asked, or a conflict keeps them out.
    """
    if not telling.could_receive(referral, actor.now).filter(pk=to.pk).exists():
        raise PersonFacingError(_("This worker can't receive this child."), _("Choose a colleague."), field="to")


@verb(Verb.REFERRAL_DECLINE)
def decline(referral: Referral, *, reason: str, words: str = "", actor: Actor, seen: int | None = None) -> Referral:
    """Say no, with a reason of the pack's list `decline_reason`; also after accepting, when it can't be done after all.

    Raises:
        MovedMeanwhile: it was answered, revoked or expired meanwhile, or the service has begun.
        PersonFacingError: the list has no such reason.
    """
    moving.hold(referral, seen)
    moving.code_of("decline_reason", reason, "reason")
    moving.move(referral, Move.DECLINE, Who.ADDRESSEE, now=actor.now, actor=actor, words=words, reason=reason)
    moving.end_place(referral, actor.now)
    moving.mark_case(referral, actor, text=words, declined_as=reason)
    telling.tell_sender(referral, actor.now)
    unmet.check(referral, actor.now)
    return referral


@verb(Verb.REFERRAL_TAKE_OVER)
def take_over(referral: Referral, *, words: str = "", actor: Actor, seen: int | None = None) -> Referral:
    """Receive the child in place of a colleague of the same agency, or once more by a new consent. The former receiver and the
    supervisors of the agency hear of it.

    Raises:
        MovedMeanwhile: it is not accepted, or ended meanwhile.
        ConsentMissing: the consent ended.
        PersonFacingError: the actor has it already, or can't receive it; or does not say why (`needs_reason`).
    """
    moving.hold(referral, seen)
    if referral.state not in RUNNING:
        raise MovedMeanwhile(referral)
    check_receiver(referral, actor.membership, actor)
    carried = agreeing.carries_on(referral) and referral.consent is not None and referral.consent.holds(actor.now)
    consent = referral.consent if carried else agreeing.consent_to_receive(referral, actor.now)
    _check_taking_over(referral, consent, words, actor)
    former = referral.receiver
    lasts = next((grant.until for grant in moving.places_of(referral, actor.now)), None) if carried else None
    moving.end_place(referral, actor.now, passes_on=carried)
    referral.receiver, referral.consent = actor.membership, consent
    referral.version += 1
    moving.wind(referral, actor.now)
    referral.save(update_fields=["receiver", "consent", "rings_at", "version"])
    moving.give_place(referral, actor.membership, actor.now, until=lasts)
    moving.note_step(referral, Verb.REFERRAL_TAKE_OVER, now=actor.now, membership=actor.membership, words=words)
    telling.tell_sender(referral, actor.now)
    telling.tell_of_taking_over(referral, former, actor)
    return referral


def _check_taking_over(referral: Referral, consent: Consent | None, words: str, actor: Actor) -> None:
    if referral.receiver_id == actor.membership.pk and referral.consent == consent:
        raise PersonFacingError(_("You have it already."))
    if needs_reason(referral, actor) and not words.strip():
        raise PersonFacingError(_("Write why you take over. Your colleague and your supervisor see it."), field="words")


def needs_reason(referral: Referral, actor: Actor) -> bool:
    """Who receives the child, and their deputy while they are on leave, takes it once more without a word."""
    return referral.receiver_id not in actor.stands_for
