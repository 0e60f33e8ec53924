"""Erasing a child's file, or a matter of a hotline: asked for by one person, carried out by another, one of them a data protection officer.

The other one is a supervisor of the agency that owns the file. Only where no supervisor can (there is none, or a conflict keeps
each of them out) two data protection officers do it. Nobody does it whom a conflict keeps out of any part of the file.
"""

from __future__ import annotations

from django.db.models import Max
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.models import FileRow
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.audit.locks import Lock, hold
from amanat.cases import holds_asked
from amanat.cases.answering import heads_of
from amanat.desk.actions.locking import check_conflict, files_of, is_kept_out, lock
from amanat.desk.holding import standing
from amanat.desk.models import Answer, Erasure, ErasureState, Ground, Request, RequestKind
from amanat.desk.people import is_officer
from amanat.desk.retention import check_over
from amanat.hotline.models import Call, CallState, Matter
from amanat.vault.erasing import erase
from amanat.web.errors import PersonFacingError, Refused


class OnHold(PersonFacingError):
    """A legal hold keeps the file."""

    def __init__(self, row: FileRow) -> None:
        super().__init__(
            _("A legal hold stands on this matter. Nothing of it is erased.")
            if isinstance(row, Matter)
            else _("A legal hold stands on this file. Nothing of it is erased."),
            _("The data protection officer lifts it when its reason is over."),
        )


class HoldAsked(PersonFacingError):
    """Somebody asked for a legal hold, and nobody answered."""

    def __init__(self) -> None:
        super().__init__(
            _("A legal hold on this file was asked for and is not decided. Nothing of it is erased before."),
            _("The data protection officer places the hold, or declines it with a reason."),
        )


class StillOpen(PersonFacingError):
    """A case of the child is not closed, or the matter is not."""

    def __init__(self, row: FileRow) -> None:
        of_matter = isinstance(row, Matter)
        super().__init__(
            _("This matter is still open.") if of_matter else _("A case of this child is still open."),
            _("Close it first, then ask for the erasure."),
        )


class NotTheSecond(Refused):
    """This person can't be the one who carries it out."""


@verb(Verb.ERASURE_ASK)
def ask(row: FileRow, *, ground: str, reason: str, actor: Actor) -> Erasure:
    """Ask for a file to be erased; another person carries it out.

    Raises:
        Refused: a conflict keeps the actor out of a part of the file.
        OnHold, HoldAsked, StillOpen: it can't be erased now; nor can a matter about which somebody is on the phone.
        NotOver: the ground is the period of keeping, and that is not over.
        PersonFacingError: it is asked for already.
    """
    _check_file(row)
    check_conflict(row, actor)
    if Erasure.objects.filter(subject=row.subject_id, state=ErasureState.WAITING).exists():
        raise PersonFacingError(_("This is asked for already and waits for the second person."))
    if ground == Ground.PERIOD:
        check_over(row.subject_id, actor.now)
    return Erasure.objects.create(
        subject=row.subject,
        ground=Ground(ground),
        asked_by=actor.membership,
        asked_at=actor.now,
        words={"reason": reason},
    )


def _told(_row: FileRow, erasure: Erasure) -> str:
    """What the log says under the office: no name, no file."""
    return str(erasure)


@verb(Verb.ERASURE_CARRY_OUT, about=_told, asked=("erasure",), erases=True)
def carry_out(row: FileRow, *, erasure: Erasure, actor: Actor) -> Erasure:
    """Erase the file: the data key, what stands in the index, the rows, drafts, imports and sealed documents. There is no way back.

    Raises:
        NotTheSecond: the actor asked for it, or is not the other one of the two who have to be there.
        Refused: a conflict keeps the actor, or by now the one who asked, out of a part of the file.
        OnHold, HoldAsked, StillOpen: it can't be erased any more.
        PersonFacingError: it was decided before, or a request of another kind is not answered.
    """
    _check_file(row)
    _check_second(row, erasure, actor)
    _end_requests(row, actor)
    _decide(erasure, ErasureState.DONE, actor)
    hold(Lock.OFFICE)  # one number after the other
    erasure.number = (Erasure.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    erasure.save(update_fields=["number"])
    erase([row.subject_id], actor.now)
    return erasure


@verb(Verb.ERASURE_DECLINE)
def decline(row: FileRow, *, erasure: Erasure, reason: str, actor: Actor) -> Erasure:
    """Let the file stay. Who asked may take it back in the same way.

    Raises:
        PersonFacingError: it was decided before.
    """
    _decide(erasure, ErasureState.DECLINED, actor)
    return erasure


def may_carry_out(row: FileRow, erasure: Erasure, actor: Actor) -> bool:
    """Whether the actor can be the second person here, for a page that offers it."""
    return erasure.waits and not is_kept_out(row, [actor.user]) and _is_the_other(row, erasure, actor)


def what_holds(row: FileRow) -> PersonFacingError | None:
    """The legal hold that keeps a file from being erased, or that one is asked for."""
    if standing(row.subject_id).exists():
        return OnHold(row)
    return HoldAsked() if holds_asked.waits(row.subject_id) else None


def _check_file(row: FileRow) -> None:
    files = lock(row)
    if (held := what_holds(row)) is not None:
        raise held
    if not all(one.is_closed for one in files):
        raise StillOpen(row)
    if isinstance(row, Matter) and Call.objects.filter(matter=row).exclude(state=CallState.ENDED).exists():
        raise PersonFacingError(_("A call about it has not ended."), _("End the call first."))


def _check_second(row: FileRow, erasure: Erasure, actor: Actor) -> None:
    check_conflict(row, actor)
    if not _is_the_other(row, erasure, actor):
        raise NotTheSecond(_("Another person has to carry this out."))
    if is_kept_out(row, [erasure.asked_by.user]):
        raise Refused(
            _("A conflict keeps the one who asked out of this file by now."),
            _("Decline it, and let somebody else ask."),
        )


def _end_requests(row: FileRow, actor: Actor) -> None:
    """By the erasure, a request for it is answered; any other needs an answer before."""
    waiting = Request.objects.filter(subject=row.subject_id, answered_at=None)
    if waiting.exclude(kind=RequestKind.ERASURE).exists():
        raise PersonFacingError(
            _("Another request of this child or guardian is not answered yet."), _("Answer it first.")
        )
    waiting.update(answer=Answer.GRANTED, answered_by=actor.membership, answered_at=actor.now)


def _is_the_other(row: FileRow, erasure: Erasure, actor: Actor) -> bool:
    """Another person than the one who asked, and of the two one an officer, the other a supervisor wherever one can."""
    if erasure.asked_by.user_id == actor.user.pk:
        return False
    officers = [is_officer(member) for member in (erasure.asked_by, actor.membership)]
    if not all(officers):
        return any(officers)
    owners = set(files_of(row).values_list("agency", flat=True))
    return not heads_of({row.subject_id: owners}, actor.now)[row.subject_id]


def _decide(erasure: Erasure, state: ErasureState, actor: Actor) -> None:
    """Raises:
    PersonFacingError: it was decided before.
    """
    waiting = Erasure.objects.filter(pk=erasure.pk, state=ErasureState.WAITING)
    if not waiting.update(state=state, decided_by=actor.membership, decided_at=actor.now):
        raise PersonFacingError(_("This was decided before."))
    erasure.refresh_from_db(fields=["state", "decided_by", "decided_at"])
