"""What verbs of stays ask first: the file and the stay under the lock of the case, and whether the actor has to do with them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.cases import lodging
from amanat.cases.actions.marking import lock
from amanat.cases.models import Case
from amanat.centre.log import house_of
from amanat.centre.models import Bed, House, Stay, StayState
from amanat.centre.models.stays import OPEN
from amanat.names import signs
from amanat.web.errors import PersonFacingError, Stale


def file_of(case: Case, actor: Actor) -> File:
    """The file under the lock of the case, which is open, and of the actor's agency or taken in by a referral."""
    lock(case)
    if case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Reopen it first."))
    file = open_file(actor, case)
    if not lodging.may_take_in(file):
        raise PersonFacingError(
            _("The case is another agency’s, and nobody asked yours for shelter, or nobody said yes."),
            _("A referral for shelter that your agency accepted lets you take the child in."),
        )
    return file


def check_own_house(house: House | None, actor: Actor) -> None:
    if house is not None and house.agency_id != actor.membership.agency_id:
        raise PersonFacingError(_("This house is another agency’s."), _("Ask for a place by a referral."))


def house_with(bed: Bed) -> House:
    return House.objects.select_related("subject", "site", "agency").get(rooms__beds=bed.pk)


def open_stay(case: Case) -> Stay | None:
    """The stay of the child that is not over, on whichever of its cases."""
    rows = Stay.objects.filter(subject=case.subject_id, state__in=OPEN)
    return rows.select_related("subject", "house__site", "house__agency", "house__subject").first()


def in_house(case: Case, actor: Actor) -> Stay:
    """Raises:
    PersonFacingError: the child is in no house, or in one with which the actor has nothing to do.
    """
    stay = open_stay(case)
    if stay is None or not stay.is_in_house:
        raise PersonFacingError(_("The child stays in no house."), _("Admit it first."))
    check_near(stay, actor, case)
    return stay


def check_near(stay: Stay | None, actor: Actor, case: Case) -> None:
    """Who is in the circle by a consent works with a child where their own agency took it in.

    Raises:
        PersonFacingError: the case is another agency's, and so is the place.
    """
    agency = actor.membership.agency_id
    if case.agency_id != agency and (stay is None or stay.agency_id != agency):
        raise PersonFacingError(_("The child has no place in a house of your agency."), _("Ask whoever has the case."))


def house_near(case: Case, actor: Actor) -> House | None:
    """The house in which the child has a bed now, for verbs of its days.

    Raises:
        PersonFacingError: as in `check_near`.
    """
    if case.agency_id == actor.membership.agency_id:
        return house_of(case)
    stay = open_stay(case)
    check_near(stay, actor, case)
    return stay.house if stay is not None and stay.is_in_house else None


def check_seen(stay: Stay, seen: int | None) -> None:
    """Raises:
    Stale: it changed since.
    """
    if seen is not None and stay.version != seen:
        raise Stale({}, stay.version)


def stay_of(file: File, state: StayState) -> Stay:
    actor, case = file.actor, file.row
    assert isinstance(case, Case)
    number = signs.unused(lambda: signs.drawn(8), lambda drawn: Stay.objects.filter(number=drawn).exists())
    return Stay(
        subject=case.subject,
        case=case,
        agency=actor.membership.agency,
        number=number,
        state=state,
        asked_at=actor.now,
        asked_by=actor.membership,
    )


def save(stay: Stay) -> None:
    """With the next version, where it was there before."""
    stay.version += 0 if stay._state.adding else 1
    stay.save()
