"""What the receiver does: begins the service, keeps notes of their own, ends it with what became of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases import lodging
from amanat.referrals import moving, standing_open, telling, unmet
from amanat.referrals.lodgings import SHELTER
from amanat.referrals.models import RUNNING, Referral, Step
from amanat.referrals.moving import MovedMeanwhile
from amanat.referrals.states import Move, Who
from amanat.web.errors import PersonFacingError


@verb(Verb.REFERRAL_START)
def start(referral: Referral, *, words: str = "", actor: Actor, seen: int | None = None) -> Referral:
    """The child has come, the service begins. `words` are for the sender.

    Raises:
        MovedMeanwhile: it was not accepted, or was revoked meanwhile.
        PersonFacingError: the case is closed.
    """
    moving.hold(referral, seen)
    standing_open.check(referral)
    moving.move(referral, Move.START, Who.RECEIVER, now=actor.now, actor=actor, words=words)
    moving.mark_case(referral, actor, text=words)
    telling.tell_sender(referral, actor.now)
    return referral


@verb(Verb.REFERRAL_FINISH)
def finish(referral: Referral, *, outcome: str, words: str = "", actor: Actor, seen: int | None = None) -> Referral:
    """End the service, with an outcome of the pack's list `referral_outcome`; with it ends what the receiver sees.

    Raises:
        MovedMeanwhile: it has not begun, or was revoked meanwhile.
        PersonFacingError: the list has no such outcome, or the child still has a bed in a house of the agency.
    """
    moving.hold(referral, seen)
    if referral.need == SHELTER and referral.agency is not None and lodging.sleeps(referral.case, referral.agency):
        raise PersonFacingError(_("The child still has a bed in a house of yours."), _("End the stay first."))
    moving.code_of("referral_outcome", outcome, "outcome")
    moving.move(referral, Move.FINISH, Who.RECEIVER, now=actor.now, actor=actor, words=words, outcome=outcome)
    moving.end_place(referral, actor.now)
    moving.mark_case(referral, actor, text=words, ended_as=outcome)
    telling.tell_sender(referral, actor.now)
    unmet.check(referral, actor.now)
    return referral


@verb(Verb.REFERRAL_NOTE)
def note(referral: Referral, *, words: str, actor: Actor) -> Step:
    """A note on the service, for the agency that gives it alone.

    Raises:
        MovedMeanwhile: it has ended.
        PersonFacingError: nothing is written.
    """
    moving.hold(referral)
    if referral.state not in RUNNING:
        raise MovedMeanwhile(referral)
    if not words.strip():
        raise PersonFacingError(_("Write the note."), field="words")
    return moving.note_step(
        referral,
        Verb.REFERRAL_NOTE,
        now=actor.now,
        membership=actor.membership,
        words=words,
        part=Part.SERVICE_NOTES,
    )
