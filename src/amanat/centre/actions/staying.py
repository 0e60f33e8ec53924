"""While a child stays: longer than at first, out and back, what it brought along, from whom it is kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file, visible_to
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import Case, EventKind
from amanat.centre import belongings, kept_beds, places, terms, under_one_roof
from amanat.centre.actions.arranging import hold
from amanat.centre.actions.holding import check_near, check_seen, in_house, open_stay, save
from amanat.centre.models import Absence, AbsenceKind, Apart, Stay, StayState, Term
from amanat.centre.models.stays import OPEN
from amanat.web.errors import PersonFacingError, Stale


@verb(Verb.STAY_EXTEND)
def extend(case: Case, *, last_day: date, ground: str, words: str, seen: int | None = None, actor: Actor) -> Term:
    """Let a stay last until another day. `ground` is a code of the pack's list `stay_ground`. Is the bed kept for another child before
    that day, who answers for that one hears of it.

    Raises:
        PersonFacingError: the child is in no house, the day is not later than the last one, or later than the pack lets a stay on
            this ground last.
        Stale: somebody changed the stay meanwhile, or kept or freed the bed.
    """
    there = open_stay(case)
    kept = kept_beds.kept_after(there, last_day) if there else None
    lock(case, *([kept.stay.case] if kept else []))
    stay = in_house(case, actor)
    check_seen(stay, seen)
    assert stay.house is not None, "the child is in a house"
    hold(stay.house)  # nobody keeps a bed there before this is over
    if kept_beds.kept_after(stay, last_day) != kept:
        raise Stale({}, stay.version)
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
    if kept is not None:
        kept_beds.flag(kept, actor)
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
    absence = away(stay, AbsenceKind.OUT, actor.now, actor, back_by, {"where": where, "who": who, "words": words})
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
    absence = back(stay, outing(stay), actor.now, words, actor)
    mark(case, EventKind.CAME_BACK, actor, part=Part.CENTRE, text=words)
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
    """Say that this child and another, named by its code name, do not sleep in one house. Why is told of this one's file alone. If
    they do so now, who answers for this one hears of it.

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
    apart = Apart.objects.create(
        subject=case.subject,
        case=case,
        other=other.subject,
        said_by=actor.membership,
        said_at=actor.now,
        why=why,
    )
    under_one_roof.flag(case, other.subject_id, actor)
    return apart


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


def away(
    stay: Stay, kind: AbsenceKind, since: datetime, actor: Actor, back_by: datetime | None, told: dict[str, Any]
) -> Absence:
    """The child is out, or missing, from now on. For verbs."""
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


def back(stay: Stay, absence: Absence, at: datetime, words: str, actor: Actor) -> Absence:
    """It is there again. A stay that ended meanwhile stays so. For verbs."""
    end_absence(absence, at, words, actor)
    if stay.is_in_house:
        stay.state, stay.back_by = StayState.IN, None
        save(stay)
    return absence


def end_absence(absence: Absence, at: datetime, words: str, actor: Actor) -> None:
    file = open_file(actor, absence.stay.case)
    absence.until = at
    if words and file.sees(Part.CENTRE):
        absence.content = (file.open(absence, "content") or {}) | {"back": words}
    absence.save()


def outing(stay: Stay) -> Absence:
    """Raises:
    PersonFacingError: the child is not out.
    """
    rows = Absence.objects.filter(stay=stay, kind=AbsenceKind.OUT, until=None)
    absence = rows.select_related("subject", "stay__case").first()
    if absence is None:
        raise PersonFacingError(_("The child is not out."))
    return absence
