"""The duty list of an agency: who is told of alerts, in which order, and when they rest. Supervisors arrange it."""

from __future__ import annotations

from datetime import time

from django.db.models import Max
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb, may_do
from amanat.access.verbs import verb
from amanat.people.looks import look
from amanat.people.models import Agency, DutyPlace, Membership, Role
from amanat.web.errors import PersonFacingError, Refused

ON_DUTY = [role for role in Role if may_do(Verb.ALERT_TAKE, role=role, relations=frozenset())]


@verb(Verb.DUTY_ARRANGE, about=lambda place: place.membership)
def add(
    *, membership: Membership, quiet_from: time | None = None, quiet_until: time | None = None, actor: Actor
) -> DutyPlace:
    """Put a colleague at the end of the list.

    Raises:
        Refused: they work in another agency.
        PersonFacingError: their role takes no alerts, they are on the list already, or the quiet hours are half said.
    """
    _check_agency(membership.agency_id == actor.membership.agency_id)
    _check_hours(quiet_from, quiet_until)
    if not (membership.role in ON_DUTY and membership.is_current(actor.now) and membership.user.is_active):
        raise PersonFacingError(_("This colleague can't take alerts."), field="membership")
    _hold(membership.agency)
    rows = DutyPlace.objects.filter(agency=membership.agency)
    if rows.filter(membership=membership).exists():
        raise PersonFacingError(_("This colleague is on the list already."), field="membership")
    last = rows.aggregate(last=Max("order"))["last"] or 0
    look([membership.user])
    return DutyPlace.objects.create(
        agency=membership.agency,
        membership=membership,
        order=last + 1,
        quiet_from=quiet_from,
        quiet_until=quiet_until,
    )


@verb(Verb.DUTY_ARRANGE, about=lambda place: place.membership)
def set_quiet_hours(place: DutyPlace, *, quiet_from: time | None, quiet_until: time | None, actor: Actor) -> DutyPlace:
    """When the list goes past them, unless nobody else is left; None for never.

    Raises:
        Refused: it is the list of another agency.
        PersonFacingError: one of the two is missing, or they are the same.
    """
    _check_agency(place.agency_id == actor.membership.agency_id)
    _check_hours(quiet_from, quiet_until)
    hours = {"quiet_from": quiet_from, "quiet_until": quiet_until}
    if not DutyPlace.objects.filter(pk=place.pk).update(**hours):
        raise PersonFacingError(_("This place was taken off the list meanwhile."))
    place.quiet_from, place.quiet_until = quiet_from, quiet_until
    return place


@verb(Verb.DUTY_ARRANGE, about=lambda place: place.membership)
def move(place: DutyPlace, *, up: bool, actor: Actor) -> None:
    """Before the one above, or behind the one below; nothing happens at either end.

    Raises:
        Refused: it is the list of another agency.
    """
    _check_agency(place.agency_id == actor.membership.agency_id)
    _hold(place.agency)
    rows = list(DutyPlace.objects.filter(agency=place.agency_id).order_by("order", "pk"))
    at = next((number for number, row in enumerate(rows) if row.pk == place.pk), None)
    if at is None:
        return
    other = at - 1 if up else at + 1
    if 0 <= other < len(rows):
        rows[at], rows[other] = rows[other], rows[at]
    _number(rows)


@verb(Verb.DUTY_ARRANGE, about=lambda place: place.membership)
def remove(place: DutyPlace, *, actor: Actor) -> None:
    """Take a colleague off the list; what they were told of stays theirs to take.

    Raises:
        Refused: it is the list of another agency.
    """
    _check_agency(place.agency_id == actor.membership.agency_id)
    _hold(place.agency)
    DutyPlace.objects.filter(pk=place.pk).delete()
    _number(list(DutyPlace.objects.filter(agency=place.agency_id).order_by("order", "pk")))


def _number(rows: list[DutyPlace]) -> None:
    for number, row in enumerate(rows, 1):
        row.order = number
    DutyPlace.objects.bulk_update(rows, ["order"])


def _hold(agency: Agency) -> None:
    """One change of a list after the other."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _check_agency(is_own: bool) -> None:
    if not is_own:
        raise Refused(_("This worker belongs to another agency."))


def _check_hours(begins: time | None, ends: time | None) -> None:
    if (begins is None) != (ends is None):
        raise PersonFacingError(
            _("Say when the quiet hours begin and when they end, or leave both empty."),
            field="quiet_until" if ends is None else "quiet_from",
        )
    if begins is not None and begins == ends:
        raise PersonFacingError(
            _("The quiet hours end when they begin. Leave both empty for none."), field="quiet_until"
        )
