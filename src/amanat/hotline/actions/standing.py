"""Shared by the verbs of calls: the locks, whose call it is, room for one more, and the screens that should look."""

from __future__ import annotations

from typing import Final

from django.db.models import F
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import not_kept_out
from amanat.hotline import hearing
from amanat.hotline.models import Call, CallState, Matter
from amanat.people import looks
from amanat.people.models import Agency, Membership
from amanat.web.errors import PersonFacingError

MOST_ON_HOLD: Final = 2
# What the verbs change of a call or a matter, and so has to be read again under its lock.
OF_A_CALL = (
    "state",
    "operator_id",
    "answered_at",
    "held_since",
    "held_seconds",
    "ended_at",
    "outcome",
    "channel",
    "priority",
    "version",
)
OF_A_MATTER = ("last_at", "closed_at", "priority", "holder_id", "call_back_at", "version")


def lock(row: Call | Matter) -> None:
    """Lock the row for this transaction, and bring it up to date. A matter before its calls, everywhere: so nobody waits in a ring.

    Raises:
        PersonFacingError: the call was moved into another matter meanwhile; what is written would be sealed under the wrong one.
    """
    if isinstance(row, Call):
        lock(row.matter)
    columns = OF_A_CALL if isinstance(row, Call) else OF_A_MATTER
    rows = type(row).objects.select_for_update(of=("self",), no_key=True).filter(pk=row.pk)
    held = rows.values("subject_id", *columns).get()
    if held.pop("subject_id") != row.subject_id:
        raise PersonFacingError(_("This call stands in another matter by now."), _("Open it anew from there."))
    for column, value in held.items():
        setattr(row, column, value)


def lock_mine(call: Call, actor: Actor) -> None:
    """Lock the actor's calls, then this one, which must be theirs and not over.

    Raises:
        PersonFacingError: it is a colleague's, or it has ended.
    """
    lock_calls_of(actor)
    lock(call)
    if call.state == CallState.ENDED:
        raise PersonFacingError(
            _("This call has ended."), _("What was written down of it stays, and can still be added to.")
        )
    if call.operator_id != actor.membership.pk:
        raise not_yours(call)


def check_open(matter: Matter) -> None:
    """Called with the matter locked.

    Raises:
        PersonFacingError: it is closed.
    """
    if matter.closed_at is not None:
        raise PersonFacingError(_("This matter is closed."), _("Reopen it first."))


def not_yours(call: Call) -> PersonFacingError:
    """That it is a colleague's call, and what to do."""
    if call.operator_id is None:
        return PersonFacingError(_("Nobody has answered this call yet."), _("Answer it first."))
    operator = Membership.objects.select_related("user").get(pk=call.operator_id)
    return PersonFacingError(
        _("%(name)s is in talk here.") % {"name": operator.user.display_name},
        _("If they can't go on, take on the matter; then the call is yours."),
    )


def lock_calls_of(actor: Actor) -> None:
    """Two acts of one operator wait for each other, so that what they have in hand can be counted."""
    Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.membership.pk)


def in_hand(actor: Actor, state: CallState) -> list[Call]:
    calls = Call.objects.filter(operator=actor.membership, state=state, ended_at=None)
    return list(not_kept_out(actor, calls))  # a colleague takes over what a conflict has closed to them


def make_room(actor: Actor) -> None:
    """Put the call that the actor is in talk on hold, so that another can begin. Called with their calls locked.

    Raises:
        PersonFacingError: as many are on hold as one can keep apart.
    """
    talking = in_hand(actor, CallState.TALKING)
    if not talking:
        return
    if len(in_hand(actor, CallState.ON_HOLD)) >= MOST_ON_HOLD:
        raise PersonFacingError(
            _("You are in talk, and two calls are on hold already."), _("End one of them, or hand one over.")
        )
    for call in talking:
        put_on_hold(call, actor)


def put_on_hold(call: Call, actor: Actor) -> None:
    call.state, call.held_since = CallState.ON_HOLD, actor.now
    call.save(update_fields=["state", "held_since"])


def count_hold(call: Call, actor: Actor) -> None:
    """What it waited until now is counted; it does not wait any more. Not saved."""
    if call.held_since is not None:
        call.held_seconds += int((actor.now - call.held_since).total_seconds())
        call.held_since = None


def touch(matter: Matter, actor: Actor) -> None:
    """That something happened in the matter. What is written on after a hand-over is no answer to it: it waits for its new holder."""
    if matter.holder_id == actor.membership.pk:
        matter.last_at = actor.now
        matter.save(update_fields=["last_at"])


def caller_is_new(matter: Matter, but: Call) -> None:
    """Other calls of the matter show who calls in a field of theirs: what stands on an open page is not the last word any more."""
    Call.objects.filter(matter=matter).exclude(pk=but.pk).update(version=F("version") + 1)


def screens_look(agency: Agency, actor: Actor) -> None:
    """The screens of the agency's operators should look again."""
    looks.look(hearing.who_hears(agency, actor.now))
