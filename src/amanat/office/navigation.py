"""Where the office stands in the navigation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from amanat.access.policy import Verb
from amanat.web.navigation import NavEntry, add

# name, label, icon, what its page needs; in the order of the navigation, after the files.
ENTRIES = (
    ("desk", _("Data protection"), "shield", Verb.LOOK_DESK),
    ("people", _("People"), "people", Verb.LOOK_PEOPLE),
    ("agencies", _("Agencies"), "home", Verb.PEOPLE_ARRANGE),
    ("leave", _("Leave"), "calendar", Verb.PEOPLE_SET_LEAVE),
    ("policy", _("Who may see what"), "eye", Verb.LOOK_POLICY),
)
FIRST = 60  # the entries of the other rooms stand before


def register() -> None:
    """Called once, when the room is loaded."""
    for place, (name, label, icon, verb) in enumerate(ENTRIES, FIRST):
        add(NavEntry(name=name, label=label, url_name=f"office.{name}", icon=icon, order=place, shown_to=_may(verb)))


def _may(verb: Verb) -> Callable[[Any], bool]:
    return lambda actor: actor is not None and actor.may(verb)
