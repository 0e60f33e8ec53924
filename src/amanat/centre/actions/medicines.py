"""Medicines: ordering one and ending it, giving a dose, and the second initials by a colleague."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import lock, mark
from amanat.cases.actions.writing import add_task
from amanat.cases.circle import Circle
from amanat.cases.models import Case, EventKind, TaskKind
from amanat.centre import medicines, places, shifts, tallies
from amanat.centre.actions.holding import house_near
from amanat.centre.models import Dose, MedicineOrder
from amanat.web.errors import PersonFacingError
from amanat.web.formats import written

LOOK = timedelta(hours=1)
SOONER = gettext_lazy(
    "A medicine was given sooner than its order says. Ask a health worker whether something has to be done."
)


class DoseTwice(PersonFacingError):
    """Another dose was given so lately that this one would be too much."""

    def __init__(self, last: medicines.Given) -> None:
        told = {
            "time": written(timezone.localtime(last.row.given_at), "SHORT_DATETIME_FORMAT"),
            "name": last.row.given_by.user.display_name,
        }
        super().__init__(
            _("This medicine was given at %(time)s by %(name)s.") % told,
            _("Do not give it again now. If it was given all the same, say so below and write why."),
            field="why_sooner",
        )


@verb(Verb.MEDICINE_ORDER)
def order_medicine(
    case: Case,
    *,
    medicine: str,
    dose: str,
    begins: date,
    until: date | None = None,
    how: str = "",
    hours: int = 0,
    at_most: int = 0,
    if_needed: bool = False,
    why: str = "",
    actor: Actor,
) -> MedicineOrder:
    """Order a medicine. `hours`: the least time between two doses; `at_most`: doses in 24 hours; 0 leaves it open, but not both.

    Raises:
        PersonFacingError: it ends before it begins, sets no limit at all, or is given as needed without a least time between two doses.
    """
    lock(case)
    _check_ordered(begins, until, hours, at_most, if_needed=if_needed)
    content = {
        "medicine": medicine,
        "dose": dose,
        "how": how,
        "hours": hours,
        "at_most": at_most,
        "if_needed": if_needed,
    }
    order = MedicineOrder(
        subject=case.subject,
        case=case,
        begins=begins,
        until=until,
        ordered_by=actor.membership,
        ordered_at=actor.now,
        content={key: held for key, held in content.items() if held},
    )
    order.why = why or None
    order.save(force_insert=True)
    mark(
        case, EventKind.MEDICINE_ORDERED, actor, part=Part.HEALTH_ALERTS, decided="ordered", text=f"{medicine}, {dose}"
    )
    return order


def _check_ordered(begins: date, until: date | None, hours: int, at_most: int, *, if_needed: bool) -> None:
    if until is not None and until < begins:
        raise PersonFacingError(_("This is before the first day."), field="until")
    if if_needed and not hours:
        raise PersonFacingError(_("What is given as needed has a least time between two doses."), field="hours")
    if not hours and not at_most:
        raise PersonFacingError(
            _("Nothing says when a dose would be one too many."),
            _("Write the least hours between two doses, or how many there are in 24 hours at most."),
            field="hours",
        )


@verb(Verb.MEDICINE_ORDER)
def end_medicine(case: Case, *, order: MedicineOrder, reason: str, actor: Actor) -> MedicineOrder:
    """End an order: nothing is given by it any more.

    Raises:
        PersonFacingError: it was ended before.
    """
    lock(case)
    row = MedicineOrder.objects.select_related("case").get(pk=order.pk, subject=case.subject_id)
    if row.ended_at is not None:
        raise PersonFacingError(_("This order was ended before."))
    row.ended_at, row.ended_by = actor.now, actor.membership
    row.save(update_fields=["ended_at", "ended_by"])
    mark(case, EventKind.MEDICINE_ORDERED, actor, part=Part.HEALTH_ALERTS, decided="ended", text=reason)
    return row


@verb(Verb.MEDICINE_GIVE)
def give_dose(
    case: Case,
    *,
    order: MedicineOrder,
    result: str,
    given_at: datetime,
    words: str = "",
    all_the_same: bool = False,
    why_sooner: str = "",
    actor: Actor,
) -> Dose:
    """Write down a dose; a colleague confirms it with their own initials. `result` is a code of `dose_result`.

    A dose that comes too soon after another is refused. If it was given all the same it is kept, with why, and a flag is raised.

    Raises:
        DoseTwice: another one was taken within the least time between two (see `Ordered.apart`), or as many as a day allows.
        PersonFacingError: it lies in the future, or the order did not run on that day.
    """
    lock(case)
    file, house = open_file(actor, case), house_near(case, actor)
    ordered = medicines.order_of(file, order.pk)
    if ordered is None:
        raise ValueError(f"{order!r} is no order of this file")
    if given_at > actor.now:
        raise PersonFacingError(_("This lies in the future. Write what has happened."), field="given_at")
    if not ordered.runs_on(places.day_in(house, given_at)):
        raise PersonFacingError(_("This order does not hold on that day."), _("Ask the health worker."), "given_at")
    near = ordered.too_near(given_at) if result == medicines.TAKEN else None
    if near is not None and not (all_the_same and why_sooner):
        raise DoseTwice(near)
    content = {"result": result, "words": words, "why_sooner": why_sooner if near else ""}
    dose = Dose.objects.create(
        subject=case.subject,
        case=case,
        order=ordered.row,
        given_by=actor.membership,
        given_at=given_at,
        written_at=actor.now,
        content={key: held for key, held in content.items() if held},
    )
    tallies.count(house, places.day_in(house, given_at), tallies.DOSE, result)
    if near is not None:
        _flag(case, actor)
    return dose


@verb(Verb.MEDICINE_GIVE)
def witness_dose(case: Case, *, dose: Dose, actor: Actor) -> Dose:
    """The second initials: a colleague who was there says so.

    Raises:
        PersonFacingError: it is the giver, somebody has confirmed it before, or the house has shifts and the actor, who could have had
            one, was on none as it was given.
    """
    lock(case)
    house = house_near(case, actor)
    row = Dose.objects.select_related("given_by").get(pk=dose.pk, subject=case.subject_id)
    if row.given_by.user_id == actor.user.pk:
        raise PersonFacingError(_("You gave this dose yourself."), _("A colleague who was there confirms it."))
    if row.witness_id is not None:
        raise PersonFacingError(_("A colleague has confirmed this dose already."))
    if house is not None and not shifts.was_there(house, actor, row.given_at):
        raise PersonFacingError(
            _("You were not on a shift in this house when the dose was given."),
            _("A colleague who was on a shift then confirms it. If nobody was, it stays without a second signature."),
        )
    row.witness, row.witnessed_at = actor.membership, actor.now
    row.save(update_fields=["witness", "witnessed_at"])
    return row


def _flag(case: Case, actor: Actor) -> None:
    """For the case manager, now."""
    if case.is_closed:
        return
    manager = Circle(case, actor).manager
    owner = manager.membership if manager else actor.membership
    add_task(case, TaskKind.FLAG, str(SOONER), actor.now + LOOK, owner, actor, part=Part.HEALTH_ALERTS)
    mark(case, EventKind.FLAGGED, actor, part=Part.HEALTH_ALERTS, text=str(SOONER))
