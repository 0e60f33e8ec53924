"""What a pack says of the way home: solutions and their conditions, the way from centre to home, follow-ups, closing (`solutions.toml`);
what reintegration is looked at by (`outcomes.toml`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from amanat import packs
from amanat.cases.models import EventKind
from amanat.packs import toml
from amanat.packs.labels import Label

MOST_MONTHS: Final = 120
LISTS: Final = ("condition", "solution", "transition", "follow_up", "closing")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list.

    Of a condition, what has to stand behind it: `form`, one that is recorded; `record`, that of the hand-over; `document`, one that is
    attached; `event`, a line of the timeline of that kind, so many `times`; `section` of the file where it is written down. Of a
    solution: `conditions` are what it rests on, `carer` whether somebody of the people around the child has to be named. `months` of a
    follow-up, `group` of an outcome.
    """

    name: str
    of: str
    label: Label
    help: Label | None
    source: Label
    verified: bool
    retired: bool = False
    form: str = ""
    record: bool = False
    document: bool = False
    event: str = ""
    times: int = 1
    section: str = ""
    conditions: tuple[str, ...] = ()
    carer: bool = False
    months: int = 0
    group: str = ""


def _read_item(of: str, table: toml.Table) -> Item:
    name = table.need("name", str, "")
    table = table.named(name)
    more = {
        "condition": ("form", "record", "document", "event", "times", "section"),
        "closing": ("event", "times", "section"),
        "solution": ("conditions", "carer"),
        "follow_up": ("months",),
        "outcome": ("group",),
    }.get(of, ())
    table.allow("name", "label", "help", "source", "verified", "retired", *more)
    return Item(
        name=name,
        of=of,
        label=table.label("label") or Label({}),
        help=table.label("help", optional=True),
        source=table.citation(),
        verified=table.need("verified", bool, False),
        retired=table.get("retired", bool, False),
        form=table.get("form", str, ""),
        record=table.get("record", bool, False),
        document=table.get("document", bool, False),
        event=_event(table),
        times=table.get("times", int, 1),
        section=table.get("section", str, ""),
        conditions=table.words("conditions"),
        carer=table.get("carer", bool, False),
        months=_months(table) if of == "follow_up" else 0,
        group=table.get("group", str, ""),
    )


def _event(table: toml.Table) -> str:
    event = table.get("event", str, "")
    if event and event not in EventKind:
        table.fault(_("The timeline has no such line."), _("Write the name of one of its kinds."), "event")
        return ""
    return event


def _months(table: toml.Table) -> int:
    months = table.need("months", int, 1)
    if 1 <= months <= MOST_MONTHS:
        return months
    told = {"most": MOST_MONTHS}
    table.fault(_("This length makes no sense."), _("Write a number between 1 and %(most)s.") % told, "months")
    return 1


def _read_solutions(source: packs.Source) -> dict[str, Item]:
    """Read `solutions.toml`. A part is named by its list and its own name: a country replaces one line by both."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow(*LISTS)
    found = [_read_item(of, each) for of in LISTS if of in table.content for each in table.tables(of)]
    return {f"{item.of}.{item.name}": item for item in found}


def _read_outcomes(source: packs.Source) -> dict[str, Item]:
    """Read `outcomes.toml`."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("outcome")
    return {item.name: item for item in (_read_item("outcome", each) for each in table.tables("outcome"))}


SOLUTIONS: Final = packs.register("solutions.toml", _read_solutions)
OUTCOMES: Final = packs.register("outcomes.toml", _read_outcomes)


def listed(of: str) -> Mapping[str, Item]:
    """The lines of a list that are in use, by name, in the pack's order."""
    part = packs.current().part(OUTCOMES if of == "outcome" else SOLUTIONS)
    return {item.name: item for item in part.values() if item.of == of and not item.retired}


def named(of: str, name: str) -> str:
    """The label of a line; one that no pack knows any more stands as its name."""
    part = packs.current().part(OUTCOMES if of == "outcome" else SOLUTIONS)
    held = part.get(name if of == "outcome" else f"{of}.{name}")
    return held.label.text() if held else name


def follow_ups() -> list[Item]:
    return sorted(listed("follow_up").values(), key=lambda one: one.months)


def unverified(of: str) -> list[str]:
    """The sources of a list that nobody could check, each once; empty where all are checked."""
    return list(dict.fromkeys(item.source.text() for item in listed(of).values() if not item.verified))
