"""Shifts: arranging and cancelling them, how many have to be on, and taking one over."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import lock
from amanat.centre import hand_over, shifts
from amanat.centre.actions.arranging import hold
from amanat.centre.models import House, NoteRead, Shift, ShiftRule
from amanat.centre.residents import bring_in, residents_of
from amanat.people.models import Membership, User
from amanat.web.errors import PersonFacingError, Refused


class NotesUnread(PersonFacingError):
    """A shift is taken over only when every hand-over note was read."""

    def __init__(self) -> None:
        super().__init__(
            _("There are hand-over notes that you have not read."), _("Read each one, then say so below."), field="read"
        )


@verb(Verb.SHIFT_ARRANGE)
def arrange_shift(house: House, *, worker: Membership, begins_at: datetime, ends_at: datetime, actor: Actor) -> Shift:
    """Put a worker on in a house.

    Raises:
        Refused: the house is another agency's.
        PersonFacingError: the times make no shift, the worker can't be on there, is the actor, or is on somewhere at that time already.
    """
    _check_own(house, actor)
    if (
        worker.user_id == actor.user.pk
    ):  # a shift opens the file of each child of the house: nobody gives it to themselves
        raise PersonFacingError(
            _("Nobody puts themselves on."), _("Ask a colleague or the supervisor to put you on."), "worker"
        )
    _check_times(begins_at, ends_at)
    if not shifts.who_could(house, actor.now).filter(pk=worker.pk).exists():
        raise PersonFacingError(_("This worker can't be on in this house."), field="worker")
    _lock(worker)
    at_once = Shift.objects.filter(
        worker__user=worker.user_id, cancelled_at=None, starts__lt=ends_at, ends__gt=begins_at
    )
    if at_once.exists():
        raise PersonFacingError(
            _("This worker is on at that time already."), _("Choose another time, or cancel the other shift."), "worker"
        )
    return Shift.objects.create(
        house=house, worker=worker, starts=begins_at, ends=ends_at, arranged_by=actor.membership, arranged_at=actor.now
    )


@verb(Verb.SHIFT_ARRANGE)
def cancel_shift(shift: Shift, *, actor: Actor) -> Shift:
    """Take a shift out of the plan. One that ran stays.

    Raises:
        Refused: the house is another agency's.
        PersonFacingError: it is over, or was begun.
    """
    _check_own(shift.house, actor)
    row = Shift.objects.select_for_update(no_key=True).get(pk=shift.pk)
    if row.begun_at is not None or row.ends <= actor.now:
        raise PersonFacingError(
            _("This shift has begun, so it stays."), _("Arrange another one for who comes instead.")
        )
    row.cancelled_at = actor.now
    row.save(update_fields=["cancelled_at"])
    return row


@verb(Verb.HOUSE_ARRANGE)
def set_least(house: House, *, by_day: int, by_night: int, actor: Actor) -> ShiftRule:
    """How many have to be on in a house by day and at night.

    Raises:
        Refused: the house is another agency's.
    """
    _check_own(house, actor)
    said = {"by_day": by_day, "by_night": by_night, "set_by": actor.membership, "set_at": actor.now}
    rule, _made = ShiftRule.objects.update_or_create(house=house, defaults=said)
    return rule


@verb(Verb.SHIFT_TAKE_OVER)
def begin_shift(shift: Shift, *, actor: Actor) -> Shift:
    """Open the hand-over notes: the worker stands in the circle of each child of the house until the shift ends.

    Raises:
        Refused: it is somebody else's shift.
        PersonFacingError: it is too early, or over.
    """
    row = _own(shift, actor)
    if row.begun_at is None:
        row.begun_at = actor.now
        row.save(update_fields=["begun_at"])
    residents = residents_of(row.house)
    lock(*(stay.case for stay in residents))
    hold(row.house)  # cases first, then the house, like whoever admits: a child who comes at this moment is among them
    bring_in(actor.membership, residents.all(), until=row.ends, actor=actor)  # who has left meanwhile is not among them
    return row


@verb(Verb.SHIFT_TAKE_OVER)
def take_over(shift: Shift, *, read: Collection[str] = (), actor: Actor) -> Shift:
    """Say that every hand-over note of every child was read: from now on the shift is theirs. `read`: the notes, by reference.

    Raises:
        Refused: it is somebody else's shift.
        NotesUnread: a note that the worker has to read is not among them; also one that was written while they were reading.
        PersonFacingError: the notes were not opened yet; the shift is too early, or over.
    """
    row = _own(shift, actor)
    if row.begun_at is None:
        raise PersonFacingError(_("Open the hand-over notes first."))
    to_read = [note.pk for one in hand_over.to_take_over(row, actor) for note in one.unread]
    if not set(to_read) <= {uuid.UUID(ref) for ref in read}:
        raise NotesUnread()
    _note_read(to_read, actor)
    row.taken_over_at = row.taken_over_at or actor.now
    row.save(update_fields=["taken_over_at"])
    return row


def _note_read(notes: Sequence[uuid.UUID], actor: Actor) -> None:
    rows = [NoteRead(note_id=note, worker=actor.membership, at=actor.now) for note in notes]
    NoteRead.objects.bulk_create(rows, ignore_conflicts=True)


def _own(shift: Shift, actor: Actor) -> Shift:
    """The actor's own shift, under its lock, while it can be taken over."""
    row = Shift.objects.select_for_update(of=("self",), no_key=True).select_related("house__site").get(pk=shift.pk)
    if row.worker_id != actor.membership.pk or row.cancelled_at is not None:
        raise Refused()
    if actor.now < row.starts - shifts.SOONEST:
        raise PersonFacingError(_("This shift begins later."), _("You can take it over an hour before it begins."))
    if row.ends <= actor.now:
        raise PersonFacingError(_("This shift is over."), _("Whoever is on now takes over from there."))
    return row


def _check_own(house: House, actor: Actor) -> None:
    if house.agency_id != actor.membership.agency_id:
        raise Refused()


def _check_times(starts: datetime, ends: datetime) -> None:
    if ends <= starts:
        raise PersonFacingError(_("A shift ends after it begins."), field="ends_at")
    if ends - starts > shifts.LONGEST:
        raise PersonFacingError(_("A shift lasts 24 hours at most."), _("Arrange two of them."), field="ends_at")


def _lock(worker: Membership) -> None:
    """Two who arrange shifts of one person at once come one after the other, whichever of their memberships each chose."""
    User.objects.select_for_update(no_key=True).get(pk=worker.user_id)
