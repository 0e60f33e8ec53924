"""The end of a stay: planned or not, with what is given back, and the bed free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases import departures
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import Case, EventKind
from amanat.centre import belongings, places, residents
from amanat.centre.actions import missing
from amanat.centre.actions.holding import check_seen, in_house, save
from amanat.centre.actions.placing import end_bed
from amanat.centre.actions.staying import held_things
from amanat.centre.models import Exit, Stay, StayBed, StayState, Visit, VisitState
from amanat.web.errors import PersonFacingError

TO_CARER = (Exit.FAMILY, Exit.ALTERNATIVE_CARE, Exit.RETURN)


@verb(Verb.STAY_END)
def end(
    case: Case,
    *,
    ended_as: str,
    at: datetime,
    to: str = "",
    words: str = "",
    returned: Sequence[int] = (),
    kept: str = "",
    follow_up_on: date | None = None,
    seen: int | None = None,
    actor: Actor,
) -> Stay:
    """End a stay: the bed is free at once, and the timeline begins what follows a stay (follow-ups). Who knew of the child by a shift
    in the house knows of it no longer. Visits that were still to come are called off. A child who is missing stays so, see `missing`.

    `returned`: the numbers, in the list of belongings, of what the child took along; `kept`: what became of the rest.

    Raises:
        PersonFacingError: the child is in no house; the time has not come, or lies before the admission or the last move; things
            stay behind and nobody wrote what becomes of them; the follow-up is before the exit; it did not come back, and nobody
            reported it missing.
        Stale: somebody changed the stay meanwhile.
    """
    lock(case)
    stay = in_house(case, actor)
    check_seen(stay, seen)
    _check_time(stay, at, actor)
    if follow_up_on and follow_up_on < places.day_in(stay.house, at):
        raise PersonFacingError(_("This is before the day of the exit."), field="follow_up_on")
    _give_back(stay, case, returned, kept, actor)
    missing.ends_with(stay, case, Exit(ended_as), at, actor)
    end_bed(stay, actor, at)
    stay.state, stay.until, stay.exit = StayState.ENDED, at, Exit(ended_as)
    told: dict[str, Any] = {"to": to, "words": words, "kept": kept}
    told["follow_up_on"] = follow_up_on.isoformat() if follow_up_on else ""
    stay.leaving = {key: value for key, value in told.items() if value} or None
    save(stay)
    mark(case, EventKind.LEFT_CENTRE, actor, part=Part.CENTRE, at=at, text=words)
    assert stay.house is not None, "the child was in a house"
    residents.let_out(stay, stay.house, actor)
    _call_off_visits(case, at)
    departures.left(case, _departure(stay, at, follow_up_on), actor)
    return stay


def _departure(stay: Stay, at: datetime, first_visit: date | None) -> departures.Departure:
    return departures.Departure(at, first_visit, to_carer=stay.exit in TO_CARER, died=stay.exit == Exit.DIED)


def _call_off_visits(case: Case, at: datetime) -> None:
    """Those that were to take place in the house after the child left."""
    rows = Visit.objects.filter(subject=case.subject_id, state=VisitState.APPROVED, at__gte=at)
    rows.update(state=VisitState.CALLED_OFF)


def _check_time(stay: Stay, at: datetime, actor: Actor) -> None:
    assert stay.since is not None, "a child in a house was admitted"
    if at > actor.now:
        raise PersonFacingError(_("This time has not come yet."), _("End the stay when the child has left."), "at")
    if at < stay.since:
        raise PersonFacingError(
            _("The child was admitted after this time, so it can’t have left then."),
            _("Look which of the two times is right."),
            "at",
        )
    last = StayBed.objects.filter(stay=stay, until=None).first()
    if last is not None and at < last.since:
        raise PersonFacingError(_("The child moved to another bed after this time."), field="at")


def _give_back(stay: Stay, case: Case, returned: Sequence[int], kept: str, actor: Actor) -> None:
    file = open_file(actor, case)
    things = held_things(file, stay)
    left = [one for one in belongings.still_here(things) if one["number"] not in returned]
    if left and not kept.strip():
        raise PersonFacingError(
            _("Some things stay behind."), _("Write where they are kept, or who has them."), field="kept"
        )
    if things:
        back = belongings.given_back(things, returned, places.day_in(stay.house, actor.now).isoformat())
        stay.belongings = (file.open(stay, "belongings") or {}) | {"items": back}
