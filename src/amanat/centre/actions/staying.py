"""While a child stays: longer than at first, out and back, missing and found, what it brought along, from whom it is kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed, File, open_file, visible_to
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.alerting import begin_alert
from amanat.cases.actions.marking import lock, mark
from amanat.cases.actions.settling import over
from amanat.cases.models import AlertKind, Case, EventKind
from amanat.centre import belongings, places, terms
from amanat.centre.actions.holding import check_near, check_seen, in_house, open_stay, save
from amanat.centre.models import Absence, AbsenceKind, Apart, Stay, StayState, Term
from amanat.centre.models.stays import OPEN
from amanat.web.errors import PersonFacingError


@verb(Verb.STAY_EXTEND)
def extend(case: Case, *, last_day: date, ground: str, words: str, seen: int | None = None, actor: Actor) -> Term:
    """Let a stay last until another day. `ground` is a code of the pack's list `stay_ground`.

    Raises:
        PersonFacingError: the child is in no house, the day is not later than the last one, or later than the pack lets a stay on
            this ground last.
        Stale: somebody changed the stay meanwhile.
    """
    lock(case)
    stay = in_house(case, actor)
    check_seen(stay, seen)
    if last_day <= (stay.planned_until or places.day_in(stay.house, actor.now)):
        raise PersonFacingError(_("This is not later than the last day now."), field="last_day")
    assert stay.since is not None, "a child in a house was admitted"
    longest = terms.longest_until(places.day_in(stay.house, stay.since))
    if longest is not None and last_day > longest and not terms.lasts_beyond(ground):
        raise PersonFacingError(
            _("On this ground a stay can’t last so long under the rules of this country."),
            _("Choose an earlier day, or the ground that lets it last longer."),
            field="last_day",
        )
    stay.planned_until = last_day
    save(stay)
    term = Term.objects.create(
        subject=stay.subject,
        stay=stay,
        until=last_day,
        set_by=actor.membership,
        set_at=actor.now,
        content={"ground": ground, "words": words},
    )
    mark(case, EventKind.STAY_EXTENDED, actor, part=Part.CENTRE, text=words)
    return term


@verb(Verb.STAY_GO_OUT)
def go_out(
    case: Case,
    *,
    where: str,
    who: str = "",
    back_by: datetime,
    words: str = "",
    seen: int | None = None,
    actor: Actor,
) -> Absence:
    """Note that a child goes out, with whom, and by when it is to be back. Its bed stays its own.

    Raises:
        PersonFacingError: it is not in the house, or the time has passed.
        Stale: somebody changed the stay meanwhile.
    """
    lock(case)
    stay = in_house(case, actor)
    check_seen(stay, seen)
    if stay.state != StayState.IN:
        raise PersonFacingError(_("The child is not in the house."))
    if back_by <= actor.now:
        raise PersonFacingError(_("This time has passed. Choose a later one."), field="back_by")
    absence = _away(stay, AbsenceKind.OUT, actor.now, actor, back_by, {"where": where, "who": who, "words": words})
    mark(case, EventKind.WENT_OUT, actor, part=Part.CENTRE, text=where)
    return absence


@verb(Verb.STAY_GO_OUT)
def come_back(case: Case, *, words: str = "", seen: int | None = None, actor: Actor) -> Absence:
    """Note that a child who was out is back.

    Raises:
        PersonFacingError: it is not out.
        Stale: somebody changed the stay meanwhile.
    """
    lock(case)
    stay = in_house(case, actor)
    check_seen(stay, seen)
    absence = _back(stay, AbsenceKind.OUT, actor.now, words, actor)
    mark(case, EventKind.CAME_BACK, actor, part=Part.CENTRE, text=words)
    return absence


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
        _end_absence(stay, AbsenceKind.OUT, max(since, _began(stay)), "", actor)
    told = {"where": where, "words": words, "done": _ticked({}, done, actor)}
    absence = _away(stay, AbsenceKind.MISSING, since, actor, None, told)
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
    absence = _open_absence(in_house(case, actor), AbsenceKind.MISSING)
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
    """Record that a missing child was found and is back in the house. Nobody is scolded for it. The alarm ends: nobody is told any more.

    Raises:
        PersonFacingError: it is not missing, or the time has not come or lies before it went missing.
    """
    lock(case)
    stay = in_house(case, actor)
    if at > actor.now:
        raise PersonFacingError(_("This time has not come yet."), field="at")
    if at < _open_absence(stay, AbsenceKind.MISSING).since:
        raise PersonFacingError(_("The child was not missing yet then."), field="at")
    absence = _back(stay, AbsenceKind.MISSING, at, words, actor)
    mark(case, EventKind.FOUND, actor, part=Part.SAFETY, text=words)
    over(case, AlertKind.MISSING, actor)
    return absence


@verb(Verb.STAY_ADMIT)
def write_belongings(
    case: Case, *, things: Sequence[str], words: str = "", seen: int | None = None, actor: Actor
) -> Stay:
    """Write the list of what a child brought anew; what was given back of it stays marked.

    Raises:
        PersonFacingError: the child has no stay.
        Stale: somebody changed the stay meanwhile.
    """
    lock(case)
    stay = in_house(case, actor)
    check_seen(stay, seen)
    before = held_things(open_file(actor, case), stay)
    stay.belongings = {"items": belongings.listed(things, before), "words": words}
    save(stay)
    return stay


@verb(Verb.STAY_KEEP_APART)
def keep_apart(case: Case, *, other_child: str, why: str, actor: Actor) -> Apart:
    """Say that this child and another, named by its code name, do not sleep in one house. Why is told of this one's file alone.

    Raises:
        PersonFacingError: no child of the agency's houses or list that the actor may know of has this code name, it is this one, or it
            is said already; as in `check_near`.
    """
    lock(case)
    check_near(open_stay(case), actor, case)
    others = Stay.objects.filter(agency=actor.membership.agency_id, state__in=OPEN)
    others = others.filter(
        case__in=visible_to(actor, Case.objects.all())
    )  # of others one does not learn whether they are here
    other = others.filter(case__child__code_name__iexact=other_child.strip()).select_related("subject").first()
    if other is None:
        raise PersonFacingError(
            _("No child who stays or waits here has this code name."),
            _("Look at the board. If its file is not open to you, ask whoever is on in the house."),
            field="other_child",
        )
    if other.subject_id == case.subject_id:
        raise PersonFacingError(_("This is the child itself."), field="other_child")
    pair = Apart.objects.filter(subject=case.subject_id, other=other.subject_id, lifted_at=None)
    if pair.exists():
        raise PersonFacingError(_("This is said already."), field="other_child")
    return Apart.objects.create(
        subject=case.subject,
        case=case,
        other=other.subject,
        said_by=actor.membership,
        said_at=actor.now,
        why=why,
    )


@verb(Verb.STAY_KEEP_APART)
def lift_apart(case: Case, *, apart: Apart, actor: Actor) -> Apart:
    """Let two children sleep in one house again.

    Raises:
        PersonFacingError: it was lifted before; as in `check_near`.
    """
    lock(case)
    check_near(open_stay(case), actor, case)
    if not Apart.objects.filter(pk=apart.pk, subject=case.subject_id, lifted_at=None).update(lifted_at=actor.now):
        raise PersonFacingError(_("This was lifted before."))
    apart.refresh_from_db()
    return apart


def held_things(file: File, stay: Stay) -> list[dict[str, Any]]:
    """The list of what a child brought; empty where it is not open."""
    told = file.open(stay, "belongings") if file.sees(Part.CENTRE) else None
    return list((told or {}).get("items", []))


def end_any_absence(stay: Stay, at: datetime, actor: Actor) -> None:
    """With the stay ends that the child is out, or missing."""
    for absence in Absence.objects.filter(stay=stay, until=None):
        absence.until = max(at, absence.since)
        absence.save(update_fields=["until"])


def _ticked(before: dict[str, str], done: Sequence[str], actor: Actor) -> dict[str, str]:
    return before | {code: actor.now.isoformat() for code in done if code not in before}


def _away(
    stay: Stay, kind: AbsenceKind, since: datetime, actor: Actor, back_by: datetime | None, told: dict[str, Any]
) -> Absence:
    stay.state, stay.back_by = (StayState.OUT if kind is AbsenceKind.OUT else StayState.MISSING), back_by
    save(stay)
    return Absence.objects.create(
        subject=stay.subject,
        stay=stay,
        kind=kind,
        since=since,
        back_by=back_by,
        noted_by=actor.membership,
        content={key: value for key, value in told.items() if value} or None,
    )


def _back(stay: Stay, kind: AbsenceKind, at: datetime, words: str, actor: Actor) -> Absence:
    absence = _end_absence(stay, kind, at, words, actor)
    stay.state, stay.back_by = StayState.IN, None
    save(stay)
    return absence


def _end_absence(stay: Stay, kind: AbsenceKind, at: datetime, words: str, actor: Actor) -> Absence:
    absence = _open_absence(stay, kind)
    file = open_file(actor, stay.case)
    absence.until = at
    if words and file.sees(Part.CENTRE):
        absence.content = (file.open(absence, "content") or {}) | {"back": words}
    absence.save()
    return absence


def _began(stay: Stay) -> datetime:
    return _open_absence(stay, AbsenceKind.OUT).since


def _open_absence(stay: Stay, kind: AbsenceKind) -> Absence:
    """Raises:
    PersonFacingError: the child is not away like that.
    """
    absence = Absence.objects.filter(stay=stay, kind=kind, until=None).select_related("subject").first()
    if absence is None:
        raise PersonFacingError(
            _("The child is not out.") if kind is AbsenceKind.OUT else _("The child is not reported missing.")
        )
    return absence
