"""Reading `deadlines.toml`: each `[[deadline]]` with its faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat import packs
from amanat.legal.deadlines import NAMED, Rule
from amanat.packs import toml
from amanat.packs.calendars import CALENDARS
from amanat.packs.labels import Label
from amanat.packs.loaders import Source
from amanat.procedures import Span
from amanat.procedures.calendars import UNITS

EVENTS: Final = "legal_event"
MOST: Final = 1_000
"""Ours: what may take longer than a thousand of its unit is no deadline."""
_COUNTED: Final = tuple(unit for unit in UNITS if unit not in ("minutes", "hours"))
_KEYS: Final = (
    "name", "label", "help", "after", "finished_by", "named", *_COUNTED, "calendar", "open_end", "retired", "source", "verified",
)  # fmt: skip


def _read(source: Source) -> dict[str, Rule]:
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("deadline")
    found = [_read_rule(one) for one in table.tables("deadline")]
    rules = {rule.name: rule for rule in found}
    if len(rules) < len(found):
        table.fault(_("Two deadlines have one name."), _("Give each a name of its own."), "deadline")
    return rules


def _read_rule(table: toml.Table) -> Rule:
    name = table.need("name", str, "")
    table = table.named(name)
    table.allow(*_KEYS)
    retired = table.get("retired", bool, False)
    named = table.get("named", str, "")
    if named and named not in NAMED:
        _unknown(table, named, NAMED, "named")
    after = table.words("after")
    if not (after or retired):
        table.fault(_("Nothing begins this deadline."), _("Say after what it comes."), "after")
    return Rule(
        name=name,
        label=table.label("label", optional=retired) or Label({}),
        after=after,
        finished_by=table.words("finished_by"),
        named=named,
        span=_span(table),
        calendar=_calendar(table),
        open_end=table.get("open_end", bool, False),
        help=table.label("help", optional=True),
        retired=retired,
        source=table.citation(),
        verified=table.need("verified", bool, False),
    )


def _span(table: toml.Table) -> Span | None:
    units = [unit for unit in _COUNTED if unit in table.content]
    if not units:
        return None
    if len(units) > 1:
        table.fault(_("A deadline has one length."), _("Write one of: %(names)s.") % {"names": ", ".join(_COUNTED)})
    amount = table.get(units[0], int, 1)
    if not 1 <= amount <= MOST:
        told = _("Write a number between 1 and %(most)s.") % {"most": MOST}
        table.fault(_("This length makes no sense."), told, units[0])
        amount = 1
    return Span(amount, units[0])


def _calendar(table: toml.Table) -> str:
    name = table.get("calendar", str, "")
    if name and "working_days" not in table.content:
        table.fault(
            _("Only working days are counted by a calendar."), _("Write working_days, or take it out."), "calendar"
        )
    return name


def _unknown(table: toml.Table, word: str, known: Sequence[str], key: str) -> None:
    table.fault(
        _("%(word)s is unknown here.") % {"word": word},
        _("Write one of: %(names)s.") % {"names": ", ".join(known)},
        key,
    )


def _check(source: Source, own: Mapping[str, Rule], parts: Mapping[str, Mapping[str, Any]]) -> None:
    """Whether the events are codes of their list, and the calendars are there."""
    events = parts.get("codes", {}).get(EVENTS)
    known = [code.code for code in events.codes] if events else []
    calendars = parts.get(CALENDARS.name, {})
    for rule in own.values():
        for key, words, among in (
            ("after", rule.after, known),
            ("finished_by", rule.finished_by, known),
            ("calendar", (rule.calendar,) if rule.calendar else (), sorted(calendars)),
        ):
            for word in words:
                if word not in among:
                    source.fault(
                        f"deadline ({rule.name}).{key}",
                        _("%(word)s is unknown here.") % {"word": word},
                        _("Write one of: %(names)s.") % {"names": ", ".join(among)},
                    )


RULES: packs.Section[Rule] = packs.register("deadlines.toml", _read, check=_check)


def rules() -> Sequence[Rule]:
    """Those of the workspace's packs that are in use."""
    return rules_of(packs.current())


def rules_of(pack: packs.Pack) -> Sequence[Rule]:
    return [rule for rule in pack.part(RULES).values() if not rule.retired]
