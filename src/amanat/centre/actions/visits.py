"""Visits: approving or refusing one, and writing down how it went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.alerting import begin_alert
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import AlertKind, Case, EventKind
from amanat.cases.persons import Around, around
from amanat.centre import places, tallies, visits
from amanat.centre.actions.holding import house_near
from amanat.centre.models import Visit, VisitState
from amanat.web.errors import PersonFacingError


class SuspectMayNotVisit(PersonFacingError):
    """Somebody who is recorded as a suspect can't be let in."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody whom you chose is recorded as a suspect, or not on the list any more."),
            _("A suspect does not visit a child. You can refuse the visit, with a reason."),
            field="who",
        )


@verb(Verb.VISIT_APPROVE)
def decide_visit(
    case: Case,
    *,
    who: Sequence[str],
    at: datetime,
    verdict: str,
    wish: str,
    wish_words: str = "",
    supervised: bool = True,
    supervisor: str = "",
    reason: str = "",
    actor: Actor,
) -> Visit:
    """Approve a visit, or refuse it. `who`: people around the child, by reference; `verdict`: approved or refused; `wish`: a code
    of `visit_wish`, what the child wishes; `supervisor`: who stays with them.

    Raises:
        SuspectMayNotVisit: it is approved, and one of them is a suspect.
        PersonFacingError: it is refused, or approved against the child's wish, and nothing says why; it lies in the past;
            a supervised visit names nobody who stays with them.
    """
    lock(case)
    house_near(case, actor)
    persons = _chosen(open_file(actor, case), who)
    if approved := verdict == VisitState.APPROVED:
        _check_known(persons, who)
        _check_approved(at, wish, reason, stays=bool(supervisor) or not supervised, actor=actor)
    elif not reason:
        raise PersonFacingError(_("Write why the visit is refused."), field="reason")
    visit = Visit.objects.create(
        subject=case.subject,
        case=case,
        at=at,
        state=VisitState.APPROVED if approved else VisitState.REFUSED,
        decided_by=actor.membership,
        decided_at=actor.now,
        content=_kept(
            who=list(who),
            wish=wish,
            wish_words=wish_words,
            supervised=supervised,
            supervisor=supervisor,
            reason=reason,
        ),
    )
    names = ", ".join(one.name.text or one.called for one in persons)
    mark(case, EventKind.VISIT_DECIDED, actor, part=Part.CENTRE, to=names, decided=visit.state, text=reason)
    return visit


def _check_known(persons: Sequence[Around], who: Sequence[str]) -> None:
    if len(persons) < len(set(who)) or any(one.is_suspect for one in persons):
        raise SuspectMayNotVisit()


def _check_approved(at: datetime, wish: str, reason: str, *, stays: bool, actor: Actor) -> None:
    if at < actor.now:
        raise PersonFacingError(_("This time has passed. Choose a later one."), field="at")
    if wish == visits.NOT_WANTED and not reason:
        raise PersonFacingError(
            _("The child does not want this visit."),
            _("Refuse it, or write why it takes place all the same."),
            "reason",
        )
    if not stays:
        raise PersonFacingError(_("Write who stays with them."), field="supervisor")


@verb(Verb.VISIT_RECORD)
def record_visit(
    case: Case,
    *,
    visit: Visit,
    took_place: bool,
    came: Sequence[str] = (),
    checked: bool = False,
    words: str,
    child_after: str = "",
    actor: Actor,
) -> Visit:
    """Write down how a visit went. `came`: of those who were to come; `checked`: whether their papers were looked at.

    If somebody came who is a suspect by now, it is written down, and the duty list is told.

    Raises:
        PersonFacingError: it was refused or recorded before, lies in the future, or nobody came to a visit that took place.
    """
    lock(case)
    file, house = open_file(actor, case), house_near(case, actor)
    told = visits.visit_of(file, visit.pk)
    if told is None:
        raise ValueError(f"{visit!r} is no visit of this file")
    if not told.is_open:
        raise PersonFacingError(_("This visit was refused, or written down before."))
    if took_place and told.row.at > actor.now:
        raise PersonFacingError(_("This visit still lies ahead."), field="took_place")
    if took_place and not came:
        raise PersonFacingError(_("Choose who came."), field="came")
    row = told.row
    row.state = VisitState.HELD if took_place else VisitState.NOT_HELD
    row.recorded_by, row.recorded_at = actor.membership, actor.now
    had = list(came) if took_place else []
    row.outcome = _kept(came=had, checked=checked, words=words, child_after=child_after)
    row.save(update_fields=["state", "recorded_by", "recorded_at", "outcome"])
    mark(case, EventKind.VISITED, actor, part=Part.CENTRE, at=min(row.at, actor.now), text=words)
    if took_place:
        tallies.count(house, places.day_in(house, row.at), tallies.VISIT)
    if took_place and any(one.ref in came for one in told.suspects) and not case.is_closed:
        begin_alert(case, kind=AlertKind.P1, words=words, actor=actor)
    return row


def _kept(**told: Any) -> dict[str, Any]:
    """What is kept of what was told: nothing that is empty or was not ticked."""
    return {key: held for key, held in told.items() if held}


def _chosen(file: File, who: Sequence[str]) -> list[Around]:
    return [one for one in around(file) if one.ref in who]
