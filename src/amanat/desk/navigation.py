"""Where the desk stands: on the data protection officer's page, in the menu of a file, and on the day of whom something waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from amanat.access.policy import Verb
from amanat.cases import matter_menu, menu
from amanat.cases.menu import Action, is_closed
from amanat.desk import counting, erasures
from amanat.office import registers
from amanat.office.registers import Counting, Register, Waiting
from amanat.web import day
from amanat.web.paging import count_text

REGISTERS = (
    Register(
        "desk.requests",
        _("Requests of children and guardians"),
        _("To see, to correct, to erase, to stop: with the day until which each is answered."),
        "inbox",
    ),
    Register(
        "desk.breaches", _("Breaches"), _("What went wrong, whom it concerns, and who was told in time."), "alert"
    ),
    Register(
        "desk.erasures",
        _("Erasures"),
        _("What was asked for and waits for a second person; what was carried out."),
        "close",
    ),
    Register(
        "desk.consents",
        _("Consents and withdrawals"),
        _("What was agreed to, taken back, or shared without."),
        "shield",
    ),
    Register("desk.processing", _("Record of processing"), _("What is done with personal data here, and why."), "note"),
    Register(
        "desk.information",
        _("Information for child and guardian"),
        _("In plain words, in four languages, to print."),
        "print",
    ),
    Register(
        "desk.questions",
        _("Questions about children"),
        _("Who asked whether a child is known elsewhere, and how often."),
        "search",
    ),
    Register("desk.holds", _("Legal holds"), _("Files that must not be erased."), "lock"),
    Register("desk.keys", _("Keys"), _("What each key protects, since when, and how to change it."), "key"),
    Register("desk.retention", _("Periods of keeping"), _("What will go within 30 days, and why."), "clock"),
)
ACTIONS = (
    Action(Verb.REQUEST_RECORD, "desk.record_request", _("Requests of the child or guardian"), "inbox"),
    Action(Verb.HOLD_PLACE, "desk.hold", _("Legal hold"), "lock"),
    Action(Verb.KEYS_CHILD, "desk.new_key", _("New key for the file"), "key"),
    Action(Verb.ERASURE_ASK, "desk.ask_erasure", _("Erase the file"), "close", is_closed),
)
OF_MATTERS = (
    matter_menu.Action(Verb.HOLD_PLACE, "desk.matter_hold", _("Legal hold"), "lock", matter_menu.always),
    matter_menu.Action(
        Verb.ERASURE_ASK, "desk.matter_ask_erasure", _("Erase the matter"), "close", matter_menu.is_closed
    ),
)


def register() -> None:
    """Called once, when the room is loaded."""
    registers.add(*REGISTERS)
    registers.add_counting(Counting(counting.rows, tiles))
    for action in ACTIONS:
        menu.add(action)
    for of_matter in OF_MATTERS:
        matter_menu.add(of_matter)
    day.add(erasures_tile)
    day.add(clocks_tile)


def tiles(counted: Mapping[str, int]) -> list[Waiting]:
    """What the officer's desk shows of these registers at its head, of the numbers that `counting.rows` gives."""
    of = counted.__getitem__
    return [
        Waiting(str(of("requests")), _("requests not answered"), "inbox", "desk.requests", of("late_requests") > 0),
        Waiting(
            str(of("breaches")), _("breaches not told to the authority"), "alert", "desk.breaches", of("breaches") > 0
        ),
        Waiting(str(of("erasures")), _("erasures asked for"), "close", "desk.erasures"),
        Waiting(str(of("due")), _("files whose period ends"), "clock", "desk.retention"),
    ]


def clocks_tile(actor: Any) -> day.Tile | None:
    """Breaches and requests whose time runs out, on the officer's day."""
    if not actor.may(Verb.LOOK_DESK):
        return None
    counted = counting.counted(actor)
    if counted.breaches:
        label = ngettext_lazy(
            "breach to be told to the authority", "breaches to be told to the authority", counted.breaches
        )
        return day.Tile(count_text(counted.breaches), label, "alert", "desk.breaches", kind="danger")
    if not counted.soon:
        return None
    label = ngettext_lazy("request to be answered this week", "requests to be answered this week", counted.soon)
    return day.Tile(count_text(counted.soon), label, "inbox", "desk.requests", kind="warning")


def erasures_tile(actor: Any) -> day.Counted | None:
    """Erasures that wait for this worker's decision."""
    if not actor.may(Verb.LOOK_ERASURES):
        return None
    return day.Counted(erasures.waiting_for(actor).values("pk"), _erasures)


def _erasures(waiting: int) -> day.Tile | None:
    if not waiting:
        return None
    label = ngettext_lazy("erasure waits for a second person", "erasures wait for a second person", waiting)
    return day.Tile(count_text(waiting), label, "close", "desk.erasures", kind="warning")
