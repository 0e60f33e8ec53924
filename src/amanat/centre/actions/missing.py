"""A child who is missing: reported, what was done to find it, found. It is missing until somebody finds it, also where its stay ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.alerting import begin_alert
from amanat.cases.actions.marking import lock, mark
from amanat.cases.actions.settling import over
from amanat.cases.models import AlertKind, Case, EventKind
from amanat.centre.actions.holding import check_near, in_house
from amanat.centre.actions.staying import away, back, end_absence, outing
from amanat.centre.models import Absence, AbsenceKind, Exit, Stay, StayState
from amanat.centre.models.stays import GONE
from amanat.web.errors import PersonFacingError


@verb(Verb.STAY_MISSING)
def report_missing(
    case: Case,
    *,
    since: datetime,
    where: str = "",
    words: str,
    done: Sequence[str] = (),
    actor: Actor,
) -> Absence:
    """Report a child missing: the duty list is alerted at once, and the clock of the pack's step runs. `done`: codes of `missing_step`.

    Raises:
        PersonFacingError: it is in no house, is reported missing already, or the time has not come or lies before the admission.
    """
    lock(case)
    stay = in_house(case, actor)
    if stay.state == StayState.MISSING:
        raise PersonFacingError(_("The child is reported missing already."))
    if since > actor.now:
        raise PersonFacingError(_("This time has not come yet."), field="since")
    if stay.since is not None and since < stay.since:
        raise PersonFacingError(_("The child was not admitted yet then."), field="since")
    if stay.state == StayState.OUT:
        out = outing(stay)
        end_absence(out, max(since, out.since), "", actor)
    told = {"where": where, "words": words, "done": _ticked({}, done, actor)}
    absence = away(stay, AbsenceKind.MISSING, since, actor, None, told)
    mark(case, EventKind.MISSING, actor, part=Part.SAFETY, at=actor.now, text=words)
    begin_alert(case, kind=AlertKind.MISSING, words=words, actor=actor)
    return absence


@verb(Verb.STAY_MISSING)
def tick_steps(case: Case, *, done: Sequence[str], words: str = "", actor: Actor) -> Absence:
    """Note which steps for a missing child were done, each with the moment at which it was ticked. One that was is not taken back.

    Raises:
        PersonFacingError: the child is not missing.
        Closed: the actor does not see what was written so far.
    """
    lock(case)
    file = open_file(actor, case)
    absence = _missing(case, actor)
    if not file.sees(Part.CENTRE):
        raise Closed(Part.CENTRE)
    told = file.open(absence, "content") or {}
    told["done"] = _ticked(told.get("done", {}), done, actor)
    if words:
        told["more"] = [*told.get("more", []), {"at": actor.now.isoformat(), "by": str(actor.user), "words": words}]
    absence.content = told
    absence.save()
    return absence


@verb(Verb.STAY_MISSING)
def found(case: Case, *, at: datetime, words: str, actor: Actor) -> Absence:
    """Record that a missing child was found: it is back in the house, or its stay has ended meanwhile. Nobody is scolded for it. The alarm
    ends: nobody is told any more.

    Raises:
        PersonFacingError: it is not missing, or the time has not come or lies before it went missing.
    """
    lock(case)
    absence = _missing(case, actor)
    if at > actor.now:
        raise PersonFacingError(_("This time has not come yet."), field="at")
    if at < absence.since:
        raise PersonFacingError(_("The child was not missing yet then."), field="at")
    back(absence.stay, absence, at, words, actor)
    _say(EventKind.FOUND, absence, words, actor)
    return absence


def ends_with(stay: Stay, case: Case, ended_as: Exit, at: datetime, actor: Actor) -> None:
    """With a stay ends that the child is out. One that is missing is missing still, unless the exit says where it is. For verbs, which
    hold the case.

    Raises:
        PersonFacingError: the child did not come back, and nobody reported it missing.
    """
    if ended_as == Exit.NOT_BACK and stay.state != StayState.MISSING:
        raise PersonFacingError(
            _("Nobody has reported this child missing."),
            _("Report it first: then the duty list hears of it, and somebody looks for the child."),
            field="ended_as",
        )
    for absence in _open_absences(case):
        if absence.kind == AbsenceKind.OUT:
            end_absence(absence, max(at, absence.since), "", actor)
        elif ended_as not in GONE:
            line = EventKind.SEARCH_ENDED if ended_as == Exit.DIED else EventKind.FOUND
            _end_search(absence, max(at, absence.since), actor, line)


def is_here(case: Case, at: datetime, actor: Actor) -> None:
    """A child who was missing is admitted: it is found. For verbs."""
    for absence in _open_absences(case):
        _end_search(absence, max(at, absence.since), actor, EventKind.FOUND)


def _end_search(absence: Absence, at: datetime, actor: Actor, line: EventKind) -> None:
    end_absence(absence, at, "", actor)
    _say(line, absence, "", actor)


def _say(line: EventKind, absence: Absence, words: str, actor: Actor) -> None:
    """On the case on which the search runs. Of a child that died nobody says that it was found."""
    case = absence.stay.case
    mark(case, line, actor, part=Part.SAFETY, text=words)
    over(case, AlertKind.MISSING, actor)


def _open_absences(case: Case) -> list[Absence]:
    """Where the child is out or missing, on whichever of its cases."""
    rows = Absence.objects.filter(subject=case.subject_id, until=None)
    found = list(rows.select_related("subject", "stay__case__subject", "stay__subject", "stay__house__site"))
    for absence in found:
        if absence.stay.case_id == case.pk:
            absence.stay.case = case  # the one that the verb holds
    return found


def _missing(case: Case, actor: Actor) -> Absence:
    """Raises:
    PersonFacingError: the child is not missing; as in `check_near`.
    """
    absence = next((one for one in _open_absences(case) if one.kind == AbsenceKind.MISSING), None)
    if absence is None:
        raise PersonFacingError(_("The child is not reported missing."))
    check_near(absence.stay, actor, case)
    return absence


def _ticked(before: dict[str, str], done: Sequence[str], actor: Actor) -> dict[str, str]:
    return before | {code: actor.now.isoformat() for code in done if code not in before}
