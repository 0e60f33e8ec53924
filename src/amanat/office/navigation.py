"""Where the office stands in the navigation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from amanat.access.policy import Verb
from amanat.office import workers
from amanat.office.health import watching
from amanat.office.models import Proposal
from amanat.office.shares import shares_tile
from amanat.web import day
from amanat.web.navigation import NavEntry, add
from amanat.web.paging import count_text

# name, label, icon, what its page needs; in the order of the navigation, after the files.
ENTRIES = (
    ("desk", _("Data protection"), "shield", Verb.LOOK_DESK),
    ("people", _("People"), "people", Verb.LOOK_PEOPLE),
    ("agencies", _("Agencies"), "settings", Verb.PEOPLE_ARRANGE),
    ("backups", _("Backups"), "shield", Verb.LOOK_BACKUPS),
    ("forms", _("Forms and packs"), "note", Verb.LOOK_FORMS),
    ("health", _("State of the system"), "check", Verb.LOOK_HEALTH),
    ("duty", _("Who is on duty"), "clock", Verb.LOOK_DUTY),
    ("leave", _("Leave"), "calendar", Verb.PEOPLE_SET_LEAVE),
    ("country", _("What the pack says"), "folder", Verb.LOOK_PACK),
    ("policy", _("Who may see what"), "eye", Verb.LOOK_POLICY),
)
FIRST = 60  # the entries of the other rooms stand before


def register() -> None:
    """Called once, when the room is loaded."""
    for place, (name, label, icon, verb) in enumerate(ENTRIES, FIRST):
        add(NavEntry(name=name, label=label, url_name=f"office.{name}", icon=icon, order=place, shown_to=_may(verb)))
    day.add(proposals_tile)
    day.add(shares_tile)
    day.add(health_tile)


def proposals_tile(actor: Any) -> day.Tile | None:
    """What waits for this worker's decision, on their day; nothing where nothing waits."""
    if not (actor.may(Verb.PEOPLE_CONFIRM) and Proposal.objects.waiting().exists()):
        return None
    mine = sum(one.is_mine for one in workers.waiting(actor))
    label = ngettext_lazy("proposal waits for you", "proposals wait for you", mine)
    return day.Tile(count_text(mine), label, "people", "office.proposals", kind="warning") if mine else None


def health_tile(actor: Any) -> day.Tile | None:
    """What is not as it is promised, on the day of who looks after it; what only should be looked at stands on its page."""
    if not actor.may(Verb.LOOK_HEALTH):
        return None
    faults = watching.faults(actor.now)
    label = ngettext_lazy("fault of the system", "faults of the system", faults)
    return day.Tile(str(faults), label, "alert", "office.health", kind="danger") if faults else None


def _may(verb: Verb) -> Callable[[Any], bool]:
    return lambda actor: actor is not None and actor.may(verb)
