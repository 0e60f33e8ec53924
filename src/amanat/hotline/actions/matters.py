"""The verbs on a matter: taking it on, handing it over, notes, closing and reopening; and finding matters by a number."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.hotline import marks
from amanat.hotline.actions import standing
from amanat.hotline.matters import IN_TALK, colleagues, matters_of
from amanat.hotline.models import Call, CallerMark, CallState, Matter, Note, NoteKind
from amanat.people.models import Membership
from amanat.web.errors import PersonFacingError, Stale

FOUND = 50


def hold(matter: Matter, actor: Actor, seen: int | None = None) -> None:
    """Lock the matter, check that it is still as `seen`, raise its version, and let it stand as touched now. Not saved.

    Raises:
        Stale: it changed since.
    """
    standing.lock(matter)
    if seen is not None and matter.version != seen:
        raise Stale({}, matter.version)
    matter.version += 1
    matter.last_at = max(matter.last_at, actor.now)


def left_open(matter: Matter, actor: Actor) -> list[Call]:
    """Calls about it that a colleague has in hand, in talk or on hold."""
    rows = Call.objects.filter(matter=matter, state__in=IN_TALK, ended_at=None).exclude(operator=actor.membership)
    return list(rows.select_related("operator__user").order_by("rang_at"))


@verb(Verb.MATTER_TAKE)
def take(matter: Matter, *, calls: bool = False, actor: Actor, seen: int | None = None) -> Matter:
    """Take a matter on. `calls`: also the calls that a colleague left open, for one whose session ended; they wait on hold.

    Raises:
        PersonFacingError: it is closed, or the actor can't have so many calls on hold.
        Stale: it changed since `seen`.
    """
    standing.lock_calls_of(actor)
    hold(matter, actor, seen)
    standing.check_open(matter)
    for call in left_open(matter, actor) if calls else ():
        _take_call(call, actor)
    matter.holder = actor.membership
    matter.save(update_fields=["holder", "last_at", "version"])
    standing.screens_look(matter.agency, actor)
    return matter


def _take_call(call: Call, actor: Actor) -> None:
    standing.lock(call)
    if call.state not in IN_TALK:
        return  # it was ended meanwhile
    if len(standing.in_hand(actor, CallState.ON_HOLD)) >= standing.MOST_ON_HOLD:
        raise PersonFacingError(_("Two calls are on hold already."), _("End one of them, or hand one over."))
    call.operator = actor.membership
    call.save(update_fields=["operator"])
    if call.state == CallState.TALKING:
        standing.put_on_hold(call, actor)


@verb(Verb.MATTER_HAND_OVER, to=lambda note: note.matter.holder and note.matter.holder.user)
def hand_over(matter: Matter, *, to: Membership | None, text: str, actor: Actor, seen: int | None = None) -> Note:
    """Hand a matter over with a note, to a colleague, or (without `to`) to whoever takes it on.

    Raises:
        PersonFacingError: it is closed, or the worker is no operator who may know of it.
        Stale: it changed since `seen`.
    """
    hold(matter, actor, seen)
    standing.check_open(matter)
    if to is not None and not colleagues(matter, actor).filter(pk=to.pk).exists():
        raise PersonFacingError(_("This worker is not one of the operators who can take it on."), field="to")
    matter.holder = to
    matter.save(update_fields=["holder", "last_at", "version"])
    written = _note(matter, NoteKind.HAND_OVER, text, actor)
    standing.screens_look(matter.agency, actor)
    return written


@verb(Verb.MATTER_NOTE)
def note(matter: Matter, *, text: str, actor: Actor) -> Note:
    """Write a note on a matter. It can't be changed afterwards; another one says what was wrong."""
    hold(matter, actor)
    matter.save(update_fields=["last_at", "version"])
    return _note(matter, NoteKind.NOTE, text, actor)


@verb(Verb.MATTER_CLOSE)
def close(matter: Matter, *, reason: str, actor: Actor, seen: int | None = None) -> Matter:
    """Close a matter; the reason stands as a note. A call back that was due is no longer on the list.

    Raises:
        PersonFacingError: it is closed, or somebody is on the phone about it.
        Stale: it changed since `seen`.
    """
    hold(matter, actor, seen)
    if matter.closed_at is not None:
        raise PersonFacingError(_("This matter is closed already."))
    if Call.objects.filter(matter=matter).exclude(state=CallState.ENDED).exists():
        raise PersonFacingError(_("A call about it has not ended."), _("End the call first."))
    matter.closed_at, matter.call_back_at = actor.now, None
    matter.save(update_fields=["closed_at", "call_back_at", "last_at", "version"])
    _note(matter, NoteKind.NOTE, reason, actor)
    return matter


@verb(Verb.MATTER_REOPEN)
def reopen(matter: Matter, *, reason: str, actor: Actor, seen: int | None = None) -> Matter:
    """Open a closed matter again; the reason stands as a note.

    Raises:
        PersonFacingError: it is open.
        Stale: it changed since `seen`.
    """
    hold(matter, actor, seen)
    if matter.closed_at is None:
        raise PersonFacingError(_("This matter is open already."))
    matter.closed_at = None
    matter.save(update_fields=["closed_at", "last_at", "version"])
    _note(matter, NoteKind.NOTE, reason, actor)
    return matter


def _note(matter: Matter, kind: NoteKind, text: str, actor: Actor) -> Note:
    return Note.objects.create(
        subject=matter.subject,
        matter=matter,
        kind=kind,
        part=Part.CALL,
        author=actor.membership,
        written_at=actor.now,
        words={"text": text},
    )


@verb(Verb.HOTLINE_FIND)
def find_by_number(number: str, *, actor: Actor) -> list[Matter]:
    """The matters with a call from this number, however it is written, of those that the actor may know of; the newest first.

    Raises:
        PersonFacingError: there is no number in what was typed.
    """
    digest = marks.digest_of(actor.membership.agency, number)
    if digest is None:
        raise PersonFacingError(
            _("There is no phone number in this."),
            _("Write all its digits, with the country in front."),
            field="number",
        )
    marked = CallerMark.objects.filter(digest=digest, matter__agency=actor.membership.agency_id)
    return list(matters_of(actor).filter(pk__in=marked.values("matter")).order_by("-last_at", "-id")[:FOUND])
