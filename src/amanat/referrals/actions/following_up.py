"""What the sender does once it was sent: revokes, and notes what an organisation without Amanat has said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.cases.models import Case
from amanat.referrals import agreeing, moving, naming, states, telling, unmet
from amanat.referrals.models import Referral, State
from amanat.referrals.states import Move, Who
from amanat.web.errors import PersonFacingError


@verb(Verb.REFERRAL_REVOKE)
def revoke(case: Case, *, referral: Referral, words: str, actor: Actor, seen: int | None = None) -> Referral:
    """Take back what was asked; of a draft: leave it. The receiver sees nothing of the child any more.

    Raises:
        MovedMeanwhile: it has ended already.
        PersonFacingError: it does not say why, or names the child in it.
    """
    take_up(case, referral, seen)
    if not words.strip():
        raise PersonFacingError(_("Write why. The agency that was asked reads it."), field="words")
    _check_words(case, words, actor)
    what = Move.DISCARD if referral.state == State.DRAFT else Move.REVOKE
    ends(referral, what, now=actor.now, actor=actor, words=words)
    return referral


def _check_words(case: Case, words: str, actor: Actor) -> None:
    """Whoever was asked may read why without knowing who the child is."""
    file, child = open_file(actor, case), case.child
    child.subject = case.subject
    held = [file.open(child, name) or {} if file.opens(child, name) else {} for name in ("identity", "contacts")]
    if naming.tells([words], *held):
        raise PersonFacingError(
            _("This names the child: a name, a phone or a number of a document stands in it."),
            _("Write it without: who was asked may not know who the child is."),
            field="words",
        )


def ends(
    referral: Referral, what: Move, *, now: datetime, actor: Actor | None, words: str = "", as_verb: str = ""
) -> None:
    """End it from the sender's side, also for other verbs and the clock: the place ends, both sides look, the need is asked about."""
    who = Who.SENDER if actor is not None else Who.CLOCK
    moving.move(referral, what, who, now=now, actor=actor, words=words, as_verb=as_verb)
    moving.end_place(referral, now)
    if referral.state == State.DISCARDED:
        return
    moving.mark_case(referral, actor or Actor.of(telling.answers_for(referral, now), now), text=words)
    telling.tell_addressee(referral, now)
    telling.tell_receiver(referral, now)
    telling.tell_sender(referral, now)
    unmet.check(referral, now)


@dataclass(frozen=True)
class Told:
    """What an organisation without Amanat said, as a move of the table with its date or code."""

    move: Move
    comes_at: datetime | None = None
    reason: str = ""
    outcome: str = ""


_NEEDS: Final[Mapping[Move, tuple[str, str]]] = {
    Move.DECLINE: ("reason", "decline_reason"),
    Move.FINISH: ("outcome", "referral_outcome"),
}


@verb(Verb.REFERRAL_FOLLOW_UP)
def follow_up(
    case: Case, *, referral: Referral, told: Told, words: str = "", actor: Actor, seen: int | None = None
) -> Referral:
    """Note what was said by phone of a referral to an organisation that has no Amanat.

    Raises:
        MovedMeanwhile: the table has no such way.
        ConsentMissing: they accept, and the consent ended meanwhile.
        PersonFacingError: it went to an agency of the network, which answers itself; a code is none of the list; or
            the child would come far too late.
    """
    take_up(case, referral, seen)
    if referral.agency_id is not None:
        raise PersonFacingError(_("This agency works with Amanat and answers there itself."))
    moving.check(referral, told.move, Who.OUTSIDE)
    changes = _changes(told)
    if told.move == Move.ACCEPT:
        moving.check_comes(referral, told.comes_at, actor.now)
        changes |= {"consent": agreeing.consent_for(referral, actor.now, open_file(actor, case))}
    moving.move(
        referral,
        told.move,
        Who.OUTSIDE,
        now=actor.now,
        actor=actor,
        words=words,
        as_verb=Verb.REFERRAL_FOLLOW_UP,
        **changes,
    )
    moving.mark_case(referral, actor, text=words, declined_as=told.reason, ended_as=told.outcome)
    if referral.state in (State.DECLINED, State.DONE):
        moving.end_place(referral, actor.now)
        unmet.check(referral, actor.now)
    return referral


def _changes(told: Told) -> dict[str, Any]:
    changes: dict[str, Any] = {"comes_at": told.comes_at} if told.move == Move.ACCEPT else {}
    if told.move in _NEEDS:
        name, codes = _NEEDS[told.move]
        changes[name] = moving.code_of(codes, getattr(told, name), name)
    return changes


def take_up(case: Case, referral: Referral, seen: int | None = None) -> None:
    """Hold a referral of this case.

    Raises:
        ValueError: it is of another case.
        Stale: it changed since `seen`.
    """
    moving.check_of(case, referral)
    referral.case = case  # the one that the policy was asked about, so that `lock` sees whether it passed on meanwhile
    moving.hold(referral, seen)


def told_ways(referral: Referral) -> list[Move]:
    """What can be noted of it now."""
    return states.moves(referral.state, referral.kind, Who.OUTSIDE) if referral.agency_id is None else []
