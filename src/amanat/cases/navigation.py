"""Where the case room stands in the navigation."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from amanat.access.policy import Verb
from amanat.web.navigation import NavEntry, add


@cache
def who_may(verb: Verb) -> Callable[[Any], bool]:
    """Shows an entry to the roles that the policy lets do this."""
    return lambda actor: actor is not None and actor.may(verb)


def has_caseload(actor: Any) -> bool:
    return actor is not None and actor.may(Verb.LOOK_CASELOAD)


def register() -> None:
    """Called once, when the room is loaded."""
    add(NavEntry(name="my_day", label=_("My day"), url_name="cases.my_day", icon="home", order=10))
    add(
        NavEntry(
            name="caseload", label=_("Cases"), url_name="cases.caseload", icon="folder", order=20, shown_to=has_caseload
        )
    )
    for name, label, icon, order, verb in (
        ("board", _("Board"), "clock", 15, Verb.LOOK_BOARD),
        ("alerts", _("Urgent alerts"), "alert", 12, Verb.LOOK_ALERTS),
        ("find_child", _("Find a child"), "search", 25, Verb.LOOK_FIND),
        ("known", _("Is the child known?"), "search", 30, Verb.EXISTENCE_ASK),
        ("find_exact", _("Find a file"), "search", 30, Verb.FILE_FIND_EXACT),
        ("emergency", _("Emergency"), "unlock", 40, Verb.EMERGENCY_OPEN),
        ("emergencies", _("Emergency accesses"), "alert", 45, Verb.EMERGENCY_SECOND),
    ):
        add(NavEntry(name=name, label=label, url_name=f"cases.{name}", icon=icon, order=order, shown_to=who_may(verb)))
