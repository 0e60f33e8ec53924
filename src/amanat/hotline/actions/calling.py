"""The verbs of a call while it runs: starting and answering, writing down, holding and going on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed, File, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.hotline import agreed, content, hearing, marks, recruiters, tallies
from amanat.hotline.actions import passing_on, standing
from amanat.hotline.beginning import begin_call, begin_matter
from amanat.hotline.models import Call, CallState, Matter
from amanat.web.errors import PersonFacingError, Stale


@verb(Verb.CALL_START)
def start(*, channel: str, matter: Matter | None = None, actor: Actor) -> Call:
    """Begin to talk: somebody called whom no telephone system announced, or is called back in the matter, as it was agreed there.

    What the operator was in talk with waits on hold.

    Raises:
        PersonFacingError: they are in talk and two calls wait already, or the matter is closed.
        Refused: the matter is not theirs to work on.
    """
    standing.lock_calls_of(actor)
    carried: dict[str, Any] = {}
    if matter is not None:
        file = open_file(actor, matter)
        file.check(Verb.CALL_ANSWER)
        standing.lock(matter)
        standing.check_open(matter)
        carried = agreed.carried(file, matter)
    standing.make_room(actor)
    held = matter or begin_matter(actor.membership.agency, actor.now, holder=actor.membership)
    call = begin_call(
        held,
        channel,
        actor.now,
        state=CallState.TALKING,
        operator=actor.membership,
        answered_at=actor.now,
        outgoing=matter is not None,
        **carried,
    )
    if matter is not None:
        marks.mark_caller(call, carried["number"] or "")
        _goes_on(call, actor)
    else:
        tallies.count_offered(call)
        tallies.count_answered(call)
    return call


@verb(Verb.CALL_ANSWER)
def answer(call: Call, *, actor: Actor) -> Call:
    """Take a call that rings. Of two who take it at once, one has it; the other reads who.

    Raises:
        PersonFacingError: somebody has it already, it is over, or the actor has no hand free.
    """
    standing.lock_calls_of(actor)
    standing.lock(call)
    if call.state == CallState.ENDED:
        raise PersonFacingError(_("This call is over."), _("The matter stays; you can call back."))
    if call.state != CallState.RINGING:
        raise _answered_by(call)
    standing.make_room(actor)
    call.state, call.operator, call.answered_at = CallState.TALKING, actor.membership, actor.now
    call.save(update_fields=["state", "operator", "answered_at"])
    _goes_on(call, actor)
    tallies.count_answered(call)
    return call


def _answered_by(call: Call) -> PersonFacingError:
    assert call.operator is not None
    return PersonFacingError(
        _("%(name)s answered this call already.") % {"name": call.operator.user.display_name},
        _("There is nothing to do for you here."),
    )


def _goes_on(call: Call, actor: Actor) -> None:
    """The matter, which is locked, is in the actor's hands now; nobody needs to be called back, they are being talked to."""
    matter = call.matter
    if call.outgoing and matter.call_back_at is not None:
        tallies.count_call_back_done(matter, actor.now)
        matter.call_back_at = None
    matter.holder, matter.last_at = matter.holder or actor.membership, actor.now
    matter.save(update_fields=["holder", "last_at", "call_back_at"])
    hearing.look_again(matter.agency, call.rang_at, actor.now)


@verb(Verb.CALL_WRITE)
def write_call(call: Call, *, actor: Actor, seen: int | None = None, **fields: Any) -> Call:
    """Write down what a call is about: the fields of its page (`content.PLACES`, channel, priority, number, caller_name).

    A field that is not given stays. Nothing changes where nothing is new.

    Raises:
        Closed: a part of it is not open to the actor.
        Stale: somebody wrote since `seen`.
    """
    file = open_file(actor, call.matter)
    _check_writes(file)
    standing.lock(call)
    call.refresh_from_db(fields=["content", "number"])
    call.matter.refresh_from_db(fields=["caller"])
    before = content.fields_of(file, call)
    if seen is not None and call.version != seen:
        raise Stale(content.as_sent(before), call.version)
    now = before | fields
    if now == before:
        return call
    was = content.opened(file, call)
    told = content.content_from(now, was)
    counted = tallies.of_ended(call, was)
    call.channel, call.priority, call.content, call.number = now["channel"], now["priority"], told, now["number"]
    call.version += 1
    call.save(update_fields=["channel", "priority", "content", "number", "version"])
    _write_matter(file, call, now)
    marks.mark_caller(call, now["number"])
    if _recruiter(was) != _recruiter(told):
        recruiters.remark(call.matter, actor=actor)
    tallies.count_anew(call, counted, tallies.of_ended(call, told))
    passing_on.what_is_new(call, before, now, actor)
    return call


def _recruiter(told: Mapping[str, Any]) -> list[str]:
    travel = told.get("travel") or {}
    return [travel.get(name) or "" for name in ("recruiter", "recruiter_phone")]


def _check_writes(file: File) -> None:
    for part in (Part.CALL, Part.CONTACTS, Part.IDENTITY):
        if not file.writes(part):
            raise Closed(part)


def _write_matter(file: File, call: Call, now: dict[str, Any]) -> None:
    """What of it stands on the matter: who calls, and how urgent it is."""
    matter = call.matter
    standing.touch(matter, file.actor)
    matter.priority = call.priority or matter.priority
    changed = ["priority"]
    if now["caller_name"] != content.caller_name(file, matter):
        matter.caller = (file.open(matter, "caller") or {}) | {"names": now["caller_name"]}
        changed.append("caller")
        standing.caller_is_new(matter, call)
    matter.save(update_fields=changed)


@verb(Verb.CALL_HOLD)
def hold(call: Call, *, actor: Actor) -> Call:
    """Let a call wait.

    Raises:
        PersonFacingError: two wait already, or it is not the actor's call, or not in talk.
    """
    standing.lock_mine(call, actor)
    if call.state == CallState.ON_HOLD:
        raise PersonFacingError(_("This call is on hold already."))
    if len(standing.in_hand(actor, CallState.ON_HOLD)) >= standing.MOST_ON_HOLD:
        raise PersonFacingError(_("Two calls are on hold already."), _("End one of them, or hand one over."))
    standing.put_on_hold(call, actor)
    return call


@verb(Verb.CALL_HOLD)
def go_on(call: Call, *, actor: Actor) -> Call:
    """Talk again with whoever waits; what the actor is in talk with waits instead.

    Raises:
        PersonFacingError: it is not the actor's call, or does not wait.
    """
    standing.lock_mine(call, actor)
    if call.state == CallState.TALKING:
        raise PersonFacingError(_("You are in talk on this call."))
    standing.count_hold(call, actor)
    call.state = CallState.TALKING
    talking = standing.in_hand(actor, CallState.TALKING)
    call.save(update_fields=["state", "held_since", "held_seconds"])
    for other in talking:
        standing.put_on_hold(other, actor)
    return call
