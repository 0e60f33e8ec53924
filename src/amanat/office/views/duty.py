"""Who is on duty: the list of one's agency, which supervisors arrange."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import Hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.office.actions import arranging_duty as arranging
from amanat.office.forms import DutyForm, MoveForm, QuietForm
from amanat.people import duty as duty_lists
from amanat.people.models import DutyPlace, Membership
from amanat.web.forms import Form


@dataclass(frozen=True, slots=True)
class Line:
    """A place of the list. `stands`: who is told in it now, None where nobody is."""

    place: DutyPlace
    stands: Membership | None
    is_quiet: bool
    is_own: bool

    @property
    def has_deputy(self) -> bool:
        return self.stands is not None and self.stands.pk != self.place.membership_id


@page("duty", does=Verb.LOOK_DUTY)
def duty(request: Request) -> HttpResponse:
    """In which order colleagues are told of an alert; whoever is on the list reads at which place."""
    actor = request.actor
    lines = [
        Line(
            place,
            duty_lists.standing(place.membership, actor.now),
            duty_lists.in_quiet_hours(place, actor.now),
            place.membership_id in actor.stands_for,
        )
        for place in _places(request)
    ]
    own = next((number for number, line in enumerate(lines, 1) if line.is_own), None)
    context = {
        "lines": lines,
        "own": own,
        "nobody": not any(line.stands for line in lines),
        "may_arrange": actor.may(Verb.DUTY_ARRANGE),
    }
    return render(request, "office/duty.html", context)


@page("duty/add", does=Verb.DUTY_ARRANGE)
def add_to_duty(request: Request) -> HttpResponse:
    taken = [place.membership_id for place in _places(request)]
    offered = Membership.objects.current(request.actor.now).exclude(pk__in=taken).select_related("user", "agency")
    offered = offered.filter(agency=request.actor.membership.agency_id, role__in=arranging.ON_DUTY)
    form = DutyForm(request, membership=offered.order_by("user__display_name", "role"))
    if form.apply(arranging.add):
        told = {"name": form.result.membership.user}
        messages.success(request, _("%(name)s is on duty now, at the end of the list.") % told)
        return redirect("office.duty")
    return render(request, "office/add_to_duty.html", {"form": form})


@page("duty/<int:duty_place>", does=Verb.DUTY_ARRANGE)
def quiet_hours(request: Request, duty_place: int) -> HttpResponse:
    place = _place(request, duty_place)
    form = QuietForm(request, {"quiet_from": place.quiet_from, "quiet_until": place.quiet_until})
    if form.apply(arranging.set_quiet_hours, place):
        messages.success(request, _("Saved."))
        return redirect("office.duty")
    return render(request, "office/quiet_hours.html", {"form": form, "place": place})


@page("duty/<int:duty_place>/move", does=Verb.DUTY_ARRANGE)
def move_on_duty(request: Request, duty_place: int) -> HttpResponse:
    """One place up or down; the buttons of the list come here."""
    place = _place(request, duty_place)
    form = MoveForm(request)
    if form.apply(arranging.move, place):
        return redirect("office.duty")
    return render(request, "office/move_on_duty.html", {"form": form, "place": place})


@page("duty/<int:duty_place>/remove", does=Verb.DUTY_ARRANGE)
def remove_from_duty(request: Request, duty_place: int) -> HttpResponse:
    place = _place(request, duty_place)
    form = Form(request)
    if form.apply(arranging.remove, place):
        messages.success(request, _("%(name)s is not on duty any more.") % {"name": place.membership.user})
        return redirect("office.duty")
    return render(request, "office/remove_from_duty.html", {"form": form, "place": place})


def _places(request: Request) -> list[DutyPlace]:
    rows = DutyPlace.objects.filter(agency=request.actor.membership.agency_id)
    rows = rows.select_related("membership__user", "membership__site", "membership__deputy__user", "agency")
    return list(rows.order_by("order", "pk"))


def _place(request: Request, pk: int) -> DutyPlace:
    """Raises:
    Hidden: the list of the actor's agency has no such place.
    """
    found = next((place for place in _places(request) if place.pk == pk), None)
    if found is None:
        raise Hidden(None)
    return found
