"""Hearings: fixed (also anew, in the place of another), and what they brought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.circle import in_circle
from amanat.cases.models import EventKind
from amanat.cases.stating import check_born, file_of, said
from amanat.legal.heard import YES, told_before
from amanat.legal.models import Hearing, HearingState, Proceeding
from amanat.people.models import Membership
from amanat.web.errors import PersonFacingError


@verb(Verb.HEARING_FIX)
def fix_hearing(
    proceeding: Proceeding,
    *,
    at: datetime,
    body: str,
    room: str = "",
    what_for: str = "",
    measures_asked: Sequence[str] = (),
    goes_along: Membership | None = None,
    along_words: str = "",
    already_held: bool = False,
    instead: Hearing | None = None,
    why_moved: str = "",
    actor: Actor,
) -> Hearing:
    """Write down when a hearing is. `instead`: the hearing in whose place it comes, which is moved.

    Raises:
        PersonFacingError: it lies in the past, and nobody said that it was held already; whoever goes along stands not in the circle;
            the one in whose place it comes is over.
    """
    case = proceeding.case
    file = file_of(case, actor, Part.LEGAL_FILE)
    _check(file, at, already_held, goes_along)
    if instead is not None:
        _move(file, proceeding, instead, why_moved)
    hearing = Hearing.objects.create(
        subject=case.subject,
        case=case,
        proceeding=proceeding,
        at=at,
        goes_along=goes_along,
        author=actor.membership,
        written_at=actor.now,
        content=said(
            body=body,
            room=room,
            what_for=what_for,
            measures_asked=list(measures_asked),
            along_words=along_words,
            written_late=at < actor.now,
            instead=instead.pk.hex if instead else "",
        ),
    )
    mark(case, EventKind.HEARING_FIXED, actor, part=Part.LEGAL_STATUS, meets_at=at.isoformat())
    return hearing


def _check(file: File, at: datetime, already_held: bool, goes_along: Membership | None) -> None:
    check_born(file, timezone.localdate(at), "at")
    if at < file.actor.now and not already_held:
        raise PersonFacingError(
            _("This hearing lies in the past."),
            _("Look whether the day is right. If it was held already, tick the box below, then write what it brought."),
            "at",
        )
    if goes_along is not None and not in_circle(file).filter(pk=goes_along.pk).exists():
        raise PersonFacingError(
            _("This worker does not stand in the circle of care any more."), _("Choose another one."), "goes_along"
        )


def _move(file: File, proceeding: Proceeding, hearing: Hearing, why: str) -> None:
    if hearing.proceeding_id != proceeding.pk:
        raise ValueError(f"{hearing!r} is no hearing of these proceedings")
    _take(file, hearing)
    hearing.state = HearingState.MOVED
    hearing.content = (file.open(hearing, "content") or {}) | said(why_moved=why)
    hearing.version += 1
    hearing.save(update_fields=["state", "content", "version"])


def _take(file: File, hearing: Hearing) -> None:
    """Raises:
    PersonFacingError: somebody wrote meanwhile what became of it.
    """
    hearing.refresh_from_db(fields=["state", "content", "version"])
    hearing.subject = file.row.subject
    if hearing.state != HearingState.FIXED:
        raise PersonFacingError(
            _("What became of this hearing is written down already."), _("Look at the proceedings again.")
        )


@verb(Verb.HEARING_RECORD)
def record_hearing(
    hearing: Hearing,
    *,
    state: HearingState,
    outcome: str,
    measures_granted: Sequence[str] = (),
    child_heard: str = "",
    how_child: str = "",
    why_again: str = "",
    actor: Actor,
) -> Hearing:
    """Write down what a hearing brought, or that it did not take place.

    Raises:
        PersonFacingError: it has not begun yet; what became of it is written down already; the child told it before, and nothing says
            why again.
    """
    case = hearing.case
    file = file_of(case, actor, Part.LEGAL_FILE)
    _take(file, hearing)
    if state == HearingState.HELD and hearing.at > actor.now:
        raise PersonFacingError(
            _("This hearing has not begun yet."), _("If its day was changed, fix it anew."), "state"
        )
    if child_heard == YES and not why_again and told_before(file):
        raise PersonFacingError(_("Write why the child has to tell it again."), field="why_again")
    told = said(outcome=outcome, measures_granted=list(measures_granted), child_heard=child_heard, how_child=how_child)
    told |= said(why_again=why_again)
    hearing.state, hearing.version = state, hearing.version + 1
    hearing.content = (file.open(hearing, "content") or {}) | told | {"by": actor.user.display_name}
    hearing.save(update_fields=["state", "version", "content"])
    happened = min(hearing.at, actor.now)
    mark(case, EventKind.HEARING_HELD, actor, part=Part.LEGAL_STATUS, at=happened)
    return hearing
