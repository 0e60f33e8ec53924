"""The verbs that end a call, agree on a call back, and take an end back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.hotline import clocks, content, hearing, tallies
from amanat.hotline.actions import standing
from amanat.hotline.models import Call, CallState, Matter, MatterCase, Note, NoteKind, Outcome
from amanat.web.errors import PersonFacingError

# How long an end can be taken back; ours.
TAKEN_BACK_WITHIN: Final = timedelta(minutes=15)
# What an operator may say of an end; the others follow from what was done.
BY_HAND: Final = (
    Outcome.ADVISED,
    Outcome.SILENT,
    Outcome.ABUSIVE,
    Outcome.TEST,
    Outcome.WRONG_NUMBER,
    Outcome.NO_ANSWER,
)
# By when to try again, where the priority sets no time; ours.
AGAIN_WITHIN: Final = timedelta(hours=4)


@verb(Verb.CALL_END)
def end(call: Call, *, outcome: str, actor: Actor) -> Call:
    """End a call. Where a case was opened from it or its matter handed over, that is its outcome, whatever else was advised.
    Whoever did not answer is to be called back, still.

    Raises:
        PersonFacingError: it has ended, it is a colleague's, or it can't end so.
    """
    standing.lock_mine(call, actor)
    if outcome not in BY_HAND or (outcome == Outcome.NO_ANSWER and not call.outgoing):
        raise PersonFacingError(_("Choose how the call ended."), field="outcome")
    _end(call, _followed(call, actor) or Outcome(outcome), actor)
    if call.outcome == Outcome.NO_ANSWER:
        matter = call.matter
        demanded = clocks.call_back_by(call.priority or matter.priority, actor.now)
        _promise(matter, demanded or actor.now + AGAIN_WITHIN)
    return call


def _followed(call: Call, actor: Actor) -> Outcome | None:
    """What was done in the call: a case was opened, or the matter handed over."""
    if MatterCase.objects.filter(call=call).exists():
        return Outcome.EMERGENCY if call.priority == clocks.URGENT else Outcome.CASE_OPENED
    handed = Note.objects.filter(matter=call.matter_id, kind=NoteKind.HAND_OVER, author=actor.membership)
    return Outcome.HANDED_OVER if handed.filter(written_at__gte=call.answered_at or call.rang_at).exists() else None


def _end(call: Call, outcome: Outcome, actor: Actor) -> None:
    standing.count_hold(call, actor)
    call.state, call.outcome, call.ended_at = CallState.ENDED, outcome, actor.now
    call.save(update_fields=["state", "outcome", "ended_at", "held_since", "held_seconds"])
    standing.touch(call.matter, actor)
    hearing.look_again(call.matter.agency, actor.now, actor.now)
    tallies.count_ended(call, _content(call, actor))


def _content(call: Call, actor: Actor) -> dict[str, Any]:
    """As it stands now that the call is locked: a colleague may have written in it since the page was shown."""
    call.refresh_from_db(fields=["content"])
    return content.opened(open_file(actor, call.matter), call)


@verb(Verb.CALL_CALL_BACK)
def agree_call_back(call: Call, *, by: datetime, actor: Actor) -> Matter:
    """Agree to call back by a moment; a call that still runs ends with it.

    Raises:
        PersonFacingError: the moment is over.
    """
    if by <= actor.now:
        raise PersonFacingError(_("This moment is over. Choose a later one."), field="by")
    standing.lock_calls_of(actor)
    standing.lock(call)
    if call.state != CallState.ENDED:
        standing.lock_mine(call, actor)
        _end(call, Outcome.CALL_BACK, actor)
    return _promise(call.matter, by)


def _promise(matter: Matter, by: datetime) -> Matter:
    tallies.take_back_call_back(matter)
    matter.call_back_at = by
    matter.save(update_fields=["call_back_at"])
    tallies.count_call_back(matter)
    return matter


@verb(Verb.CALL_END)
def take_back_end(call: Call, *, actor: Actor) -> Call:
    """Go on with a call that was ended by mistake; what the actor is in talk with waits.

    Raises:
        PersonFacingError: it has not ended, was never theirs, or ended too long ago; or the matter was closed since.
    """
    standing.lock_calls_of(actor)
    standing.lock(call)
    _check_takes_back(call, actor)
    standing.check_open(call.matter)
    tallies.take_back_ended(call, _content(call, actor))
    if call.outcome in (Outcome.CALL_BACK, Outcome.NO_ANSWER):
        _take_back_call_back(call.matter)
    standing.make_room(actor)
    call.state, call.outcome, call.ended_at = CallState.TALKING, "", None
    call.save(update_fields=["state", "outcome", "ended_at"])
    return call


def _check_takes_back(call: Call, actor: Actor) -> None:
    if call.ended_at is None:
        raise PersonFacingError(_("This call has not ended."))
    if call.operator_id != actor.membership.pk:
        raise standing.not_yours(call)
    if actor.now - call.ended_at > TAKEN_BACK_WITHIN:
        raise PersonFacingError(
            _("This call ended too long ago to go on with it."), _("Call back in the matter: that is a new call.")
        )


def _take_back_call_back(matter: Matter) -> None:
    tallies.take_back_call_back(matter)
    matter.call_back_at = None
    matter.save(update_fields=["call_back_at"])
