"""The standards by which a centre judges itself, as a pack says them (`standards.toml`), and how a house stood by them over time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.cases.shown import Text, spoken
from amanat.centre.models import House, StandardAssessment
from amanat.centre.opening import open_house
from amanat.packs import toml
from amanat.packs.labels import Label
from amanat.web.paging import Page, keyset_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ANSWERS: Final[dict[str, StrOrPromise]] = {"yes": _("yes"), "partly": _("partly"), "no": _("no")}
BADGES: Final = {"yes": ("success", "check"), "partly": ("warning", ""), "no": ("danger", "close")}
COMPARED: Final = 4  # assessments side by side (ours)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of standards; `help`: what it is about."""

    name: str
    label: Label
    help: Label


@dataclass(frozen=True, slots=True)
class Standards:
    groups: tuple[Group, ...]
    source: Label
    verified: bool


def _read(source: packs.Source) -> dict[str, Standards]:
    """Read `standards.toml`."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("group", "source", "verified")
    groups = tuple(map(_read_group, table.tables("group")))
    return {"centre": Standards(groups, table.citation(), table.need("verified", bool, False))}


def _read_group(table: toml.Table) -> Group:
    name = table.need("name", str, "")
    table = table.named(name)
    table.allow("name", "label", "help")
    return Group(name, table.label("label") or Label({}), table.label("help") or Label({}))


STANDARDS: Final = packs.register("standards.toml", _read)


def standards() -> Standards:
    return packs.current().part(STANDARDS)["centre"]


@dataclass(frozen=True)
class Assessed:
    """An assessment with its answers."""

    row: StandardAssessment
    held: dict[str, Any]

    @property
    def words(self) -> Text:
        return spoken(str(self.held.get("words", "")))

    @cached_property
    def answers(self) -> dict[str, dict[str, str]]:
        return dict(self.held.get("answers", {}))

    def cell(self, group: str) -> tuple[StrOrPromise, str, str, Text]:
        """The answer as a badge, and the evidence."""
        held = self.answers.get(group, {})
        answer = held.get("is", "")
        return (ANSWERS.get(answer, ""), *BADGES.get(answer, ("", "")), spoken(held.get("evidence", "")))

    @property
    def met(self) -> int:
        return sum(held.get("is") == "yes" for held in self.answers.values())


def page_of(actor: Actor, house: House, cursor: str) -> tuple[Page[StandardAssessment], list[Assessed]]:
    """So many as stand side by side, the newest first: one query."""
    rows = StandardAssessment.objects.filter(house=house).select_related("author__user", "subject")
    page = keyset_page(rows, ["-day", "-id"], cursor, size=COMPARED, counted=False)
    return page, [Assessed(row, open_house(actor, house, row, "content") or {}) for row in page.rows]


def table(found: list[Assessed]) -> list[tuple[Group, list[tuple[StrOrPromise, str, str, Text]]]]:
    """A line a group, a cell an assessment."""
    return [(group, [one.cell(group.name) for one in found]) for group in standards().groups]
