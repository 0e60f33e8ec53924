"""Lists of indicators that a child may have been trafficked, as a pack gives them: a pure list. What follows from which, others say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.packs import toml
from amanat.packs.codes import CODES
from amanat.packs.labels import Label
from amanat.packs.loaders import Source, register

STRENGTHS: Final = ("strong", "medium", "weak")
FORMS_OF_EXPLOITATION: Final = "htcds_exploitation"


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a list, such as a dimension."""

    name: str
    label: Label
    help: Label | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One sign. `strength` is "" where the source weighs nothing; `retired`: no longer asked, still readable."""

    code: str
    group: str
    label: Label
    help: Label | None
    strength: str
    retired: bool
    source: Label
    verified: bool


@dataclass(frozen=True)
class IndicatorList:
    """The indicators of one source, in their order. `exploitation`: the forms that it is about, as codes; none means all."""

    name: str
    title: Label
    help: Label | None
    exploitation: tuple[str, ...]
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    source: Label
    verified: bool

    @cached_property
    def _by_code(self) -> Mapping[str, Indicator]:
        return {one.code: one for one in self.indicators}

    def __getitem__(self, code: str) -> Indicator:
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def asked(self, group: str) -> list[Indicator]:
        """Give those of a group that are asked, in their order."""
        return [one for one in self.indicators if one.group == group and not one.retired]

    def overridden_by(self, own: IndicatorList) -> IndicatorList:
        """Lay a country's list over this one: the same codes and groups change in place, new ones follow, none is lost."""
        theirs = {group.name: group for group in own.groups}
        kept = [own._by_code.get(one.code, one) for one in self.indicators]
        return replace(
            own,
            groups=tuple({**{group.name: group for group in self.groups}, **theirs}.values()),
            indicators=tuple(kept + [one for one in own.indicators if one.code not in self]),
        )


def read_indicator_lists(source: Source) -> dict[str, IndicatorList]:
    """Read an `indicators/` folder: one list a file, named like the file."""
    tables = {file.stem: toml.read_table(source, file) for file in toml.toml_files(source)}
    return {name: _read_list(table, name) for name, table in tables.items() if table}


def _read_list(table: toml.Table, name: str) -> IndicatorList:
    table.allow("title", "help", "exploitation", "source", "verified", "group", "indicator")
    of_all: dict[str, Any] = {"source": table.citation(), "verified": table.need("verified", bool, False)}
    groups = [_read_group(one) for one in table.tables("group")] if "group" in table.content else []
    indicators = [_read_indicator(one, of_all) for one in table.tables("indicator")]
    _tell_twice(table, "group", [group.name for group in groups])
    _tell_twice(table, "indicator", [one.code for one in indicators])
    return IndicatorList(
        name=name,
        title=table.label("title") or Label({}),
        help=table.label("help", optional=True),
        exploitation=table.words("exploitation"),
        groups=tuple(groups),
        indicators=tuple(indicators),
        **of_all,
    )


def _tell_twice(table: toml.Table, key: str, names: list[str]) -> None:
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        table.fault(_("The code %(code)s stands here twice.") % {"code": name}, _("Take one of them out."), key)


def _read_group(table: toml.Table) -> Group:
    name = _name(table, "name")
    table = table.named(name)
    table.allow("name", "label", "help")
    return Group(name, table.label("label") or Label({}), table.label("help", optional=True))


def _read_indicator(table: toml.Table, of_all: Mapping[str, Any]) -> Indicator:
    code = _name(table, "code")
    table = table.named(code)
    table.allow("code", "group", "label", "help", "strength", "retired", "source", "verified")
    strength = table.get("strength", str, "")
    if strength and strength not in STRENGTHS:
        table.fault(
            _("%(word)s is unknown here.") % {"word": strength},
            _("Write one of: %(names)s.") % {"names": ", ".join(STRENGTHS)},
            "strength",
        )
    return Indicator(
        code=code,
        group=table.get("group", str, ""),
        label=table.label("label") or Label({}),
        help=table.label("help", optional=True),
        strength=strength,
        retired=table.get("retired", bool, False),
        source=table.citation() if "source" in table.content else of_all["source"],
        verified=table.get("verified", bool, of_all["verified"]),
    )


def _name(table: toml.Table, key: str) -> str:
    name = table.need(key, str, "")
    if name and not toml.NAME.fullmatch(name):
        table.fault(_("A code has only plain letters, digits and underscores."), _("Write it like follow_up."), key)
    return name


def check_lists(source: Source, own: Mapping[str, IndicatorList], parts: Mapping[str, Mapping[str, Any]]) -> None:
    """Whether groups and forms of exploitation that are named are there; both may be the base's."""
    forms = parts.get(CODES.name, {}).get(FORMS_OF_EXPLOITATION, ())
    for name, told in own.items():
        file = source.path / f"{name}.toml"
        groups = {group.name for group in parts[INDICATORS.name][name].groups}
        for one in told.indicators:
            if one.group not in groups and (one.group or groups):
                source.fault(
                    f"indicator ({one.code}).group",
                    _("%(word)s is unknown here.") % {"word": one.group or "“”"},
                    _("Write one of: %(names)s.") % {"names": ", ".join(sorted(groups))},
                    file,
                )
        for form in told.exploitation:
            if form not in forms:
                source.fault(
                    "exploitation",
                    _("%(word)s is unknown here.") % {"word": form},
                    _("Name codes of the list %(list)s.") % {"list": FORMS_OF_EXPLOITATION},
                    file,
                )


def _asked(told: IndicatorList) -> Mapping[str, Indicator]:
    return {one.code: one for one in told.indicators if not one.retired}


INDICATORS = register("indicators", read_indicator_lists, IndicatorList.overridden_by, check_lists, _asked)
