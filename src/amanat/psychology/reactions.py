"""How children react to a crisis by age, with the first help, as a pack says it; and which of it is about a child of this age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone

from amanat import packs
from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases import shown
from amanat.packs import toml
from amanat.packs.labels import Label

REFER: Final = "refer"  # beside the names of age groups: what holds at every age


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, with where it comes from."""

    label: Label
    source: Label
    verified: bool


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """What is said of children from `least` to `most` years, both included."""

    name: str
    label: Label
    least: int
    most: int
    reactions: tuple[Said, ...]
    first_help: tuple[Said, ...]
    watch: tuple[Said, ...]

    @property
    def blocks(self) -> tuple[tuple[str, tuple[Said, ...]], ...]:
        return (("reactions", self.reactions), ("first_help", self.first_help), ("watch", self.watch))


def _said(table: toml.Table, key: str) -> tuple[Said, ...]:
    found = []
    for one in table.tables(key):
        one.allow("label", "source", "verified")
        found.append(Said(one.label("label") or Label({}), one.citation(), one.need("verified", bool, False)))
    return tuple(found)


def _group(table: toml.Table) -> AgeGroup:
    name = table.need("name", str, "")
    table = table.named(name)
    table.allow("name", "label", "least", "most", "reaction", "help", "watch")
    return AgeGroup(
        name,
        table.label("label") or Label({}),
        table.need("least", int, 0),
        table.need("most", int, 0),
        _said(table, "reaction"),
        _said(table, "help"),
        _said(table, "watch"),
    )


def _read(source: packs.Source) -> Mapping[str, Any]:
    """Read `reactions.toml`: age groups by name, and under `REFER` when to refer."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("age", REFER)
    groups = {one.name: one for one in map(_group, table.tables("age"))}
    return {**groups, REFER: _said(table, REFER)}


REACTIONS: Final = packs.register("reactions.toml", _read)


def groups() -> list[AgeGroup]:
    """Those of this workspace's packs, the youngest first."""
    found = [one for one in packs.current().part(REACTIONS).values() if isinstance(one, AgeGroup)]
    return sorted(found, key=lambda one: (one.least, one.name))


def refer() -> tuple[Said, ...]:
    told: tuple[Said, ...] = packs.current().part(REACTIONS).get(REFER, ())
    return told


def of_age(years: int | None) -> AgeGroup | None:
    """None where the age is not known, or is in no group."""
    return next((one for one in groups() if years is not None and one.least <= years <= one.most), None)


def context(file: File, wanted: str) -> dict[str, Any]:
    """Of the group that was asked for, else of the child's own where its age is open to the actor, else of all."""
    offered = groups()
    own = of_age(_age(file))
    asked = next((one for one in offered if one.name == wanted), None)
    one = None if wanted == "all" else asked or own
    return {
        "groups": [one] if one else offered,
        "offered": offered,
        "asked": one,
        "is_own": one is not None and one == own,
        "refer": refer(),
        "may_fill": file.may(Verb.FORM_RECORD) and file.writes(Part.PSYCHOLOGY_SUMMARY),
    }


def _age(file: File) -> int | None:
    """Completed years today; None where the birth date is not known, or closed."""
    if not file.sees(Part.IDENTITY):
        return None
    born = shown.opened(file, Part.IDENTITY).get("birth_date", "")
    return shown.age(born, timezone.localdate(file.actor.now))
