"""Where the days of a centre stand: on *My day*, and in the menu of a child's file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from amanat.access.actor import Actor
from amanat.access.policy import Part, Relation, Verb
from amanat.cases import menu, suspected
from amanat.centre import house_incidents, shifts, visits
from amanat.web import day
from amanat.web.day import Counted, Tile
from amanat.web.paging import count_text


def register() -> None:
    """Called once, when the room is loaded."""
    title = _("Centre")
    menu.add(menu.Action(Part.CENTRE, "centre.log", _("Log"), "note"), title)
    menu.add(menu.Action(Part.HEALTH_ALERTS, "centre.medicines", _("Medicines"), "plus"), title)
    menu.add(menu.Action(Part.CENTRE, "centre.visits", _("Visits"), "person"), title)
    menu.add(menu.Action(Verb.INCIDENT_RECORD, "centre.record_incident", _("Record an incident"), "alert"), title)
    menu.add(menu.Action(Part.CENTRE, "centre.incidents", _("Incidents"), "alert"), title)
    day.add(to_take_over)
    day.add(grave_incidents)
    day.add(shifts_left_open)
    suspected.register(Part.CENTRE, visits.to_decide, Relation.CENTRE_WORKER)


def to_take_over(actor: Actor) -> Counted | None:
    """One's own shifts that run, or begin within the hour, and were not taken over."""
    if not actor.may(Verb.SHIFT_TAKE_OVER):
        return None

    def tile(count: int) -> Tile | None:
        label = ngettext_lazy("shift to take over", "shifts to take over", count)
        return Tile(count_text(count), label, "clock", "centre.my_shifts", "", "warning") if count else None

    return Counted(shifts.mine_to_take_over(actor).values("pk"), tile)


def shifts_left_open(actor: Actor) -> Counted | None:
    """For whoever has the houses: shifts that run and were not taken over."""
    if not actor.may(Verb.HOUSE_ARRANGE):
        return None

    def tile(count: int) -> Tile | None:
        label = ngettext_lazy("shift that nobody took over", "shifts that nobody took over", count)
        return Tile(count_text(count), label, "clock", "centre.board", "", "warning") if count else None

    return Counted(shifts.left_open(actor).values("pk"), tile)


def grave_incidents(actor: Actor) -> Counted | None:
    """For whoever has the houses: what happened there, is grave and is still open."""
    if not actor.may(Verb.HOUSE_ARRANGE):
        return None

    def tile(count: int) -> Tile | None:
        rest = f"?severity={house_incidents.GRAVE_ONES}"
        label = ngettext_lazy("grave incident in a house", "grave incidents in the houses", count)
        return Tile(count_text(count), label, "alert", "centre.all_incidents", rest, "danger") if count else None

    return Counted(house_incidents.grave_ones(actor).values("pk"), tile)
