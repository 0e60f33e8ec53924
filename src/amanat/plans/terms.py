"""What a pack says of plans (`plans.toml`): the language of the authority, reviews before a child comes of age, words that no child's
page has, and templates of objectives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat import packs
from amanat.packs import toml
from amanat.packs.labels import FALLBACK, Label
from amanat.packs.loaders import Source

AUTHORITY, REVIEWS, CHILD, TEMPLATE = "authority", "reviews", "child", "template."
_KEYS: Final = ("words", "owner", "phrase", "days", "indicator", "proof")
MOST_DAYS: Final = 1_000  # ours: who plans for longer begins a new version


@dataclass(frozen=True, slots=True)
class Reviews:
    adult_age: int
    months_before: tuple[int, ...]
    source: Label = field(default_factory=lambda: Label({}))
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """How one speaks to a child: beginnings of words that frighten, by language, in small letters."""

    avoid: Mapping[str, Sequence[str]]
    source: Label = field(default_factory=lambda: Label({}))
    verified: bool = False

    def frightens(self, text: str) -> str:
        """The first of them in a text, "" where there is none. In every language: a child may read another than the worker."""
        low = text.casefold()
        words = (word for of_language in self.avoid.values() for word in of_language)
        return next((word for word in words if re.search(rf"\b{re.escape(word)}", low)), "")


@dataclass(frozen=True, slots=True)
class Sketch:
    """An objective or an activity of a template."""

    words: Label
    owner: str
    phrase: str
    days: int
    indicator: Label
    proof: Label
    activities: tuple[Sketch, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    label: Label
    domain: str
    objectives: tuple[Sketch, ...]
    source: Label
    verified: bool


def _read(source: Source) -> dict[str, Any]:
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow(AUTHORITY, REVIEWS, CHILD, "template")
    found: dict[str, Any] = {}
    if AUTHORITY in table.content:
        found[AUTHORITY] = _authority(_inside(table, AUTHORITY))
    if REVIEWS in table.content:
        found[REVIEWS] = _reviews(_inside(table, REVIEWS))
    if CHILD in table.content:
        found[CHILD] = _kind(_inside(table, CHILD))
    for one in table.tables("template") if "template" in table.content else ():
        template = _template(one)
        found[TEMPLATE + template.name] = template
    return found


def _inside(table: toml.Table, key: str) -> toml.Table:
    return toml.Table(table.source, table.file, key, table.get(key, dict, {}))


def _authority(table: toml.Table) -> str:
    """The language of the state in which the plan is signed."""
    table.allow("language")
    language = table.need("language", str, FALLBACK)
    if language not in table.source.languages:
        table.fault(
            _("The pack has no language %(language)s.") % {"language": language}, _("Write one of its languages.")
        )
    return language


def _reviews(table: toml.Table) -> Reviews:
    table.allow("adult_age", "months_before", "source", "verified")
    months = [one for one in table.get("months_before", list, []) if isinstance(one, int) and 0 < one <= 36]
    age = table.need("adult_age", int, 18)
    if not 15 <= age <= 25:
        table.fault(_("This age makes no sense."), _("Write a number between 15 and 25."), "adult_age")
        age = 18
    return Reviews(age, tuple(months), table.citation(), table.need("verified", bool, False))


def _kind(table: toml.Table) -> Kind:
    table.allow("avoid", "source", "verified")
    inside = toml.Table(table.source, table.file, f"{CHILD}.avoid", table.get("avoid", dict, {}))
    inside.allow(*table.source.languages)
    avoid = {one: tuple(word.casefold() for word in inside.words(one)) for one in table.source.languages}
    return Kind(avoid, table.citation(), table.need("verified", bool, False))


def _template(table: toml.Table) -> Template:
    name = table.need("name", str, "")
    table = table.named(name)
    table.allow("name", "label", "domain", "objective", "source", "verified")
    return Template(
        name,
        table.label("label") or Label({}),
        table.need("domain", str, ""),
        tuple(_sketch(one, "activity") for one in table.tables("objective")),
        table.citation(),
        table.need("verified", bool, False),
    )


def _sketch(table: toml.Table, under: str = "") -> Sketch:
    table.allow(*_KEYS, *([under] if under else []))
    days = table.get("days", int, 0)
    if not 0 <= days <= MOST_DAYS:
        table.fault(
            _("This length makes no sense."), _("Write a number between 1 and %(most)s.") % {"most": MOST_DAYS}, "days"
        )
    there = bool(under) and under in table.content
    return Sketch(
        table.label("words") or Label({}),
        table.need("owner", str, ""),
        table.get("phrase", str, ""),
        days,
        table.label("indicator", optional=True) or Label({}),
        table.label("proof", optional=True) or Label({}),
        tuple(_sketch(one) for one in table.tables(under)) if there else (),
    )


def _check(source: Source, own: Mapping[str, Any], parts: Mapping[str, Mapping[str, Any]]) -> None:
    """Every code that a template names is one of its list."""
    lists = parts.get("codes", {})

    def is_known(name: str, code: str) -> bool:
        return not code or (name in lists and code in lists[name])

    for template in own.values():
        if not isinstance(template, Template):
            continue
        sketches = [*template.objectives, *(one for each in template.objectives for one in each.activities)]
        asked = [("plan_domain", template.domain)]
        asked += [pair for one in sketches for pair in (("plan_owner", one.owner), ("plan_phrase", one.phrase))]
        for name, code in asked:
            if not is_known(name, code):
                told = _("The list %(list)s has no code %(code)s.") % {"list": name, "code": code}
                source.fault(f"template ({template.name})", told, _("Write one of its codes."))


TERMS: Final = packs.register("plans.toml", _read, check=_check)


def authority_language() -> str:
    """That of the state, by the pack; English where no country says one."""
    language: str = packs.current().part(TERMS).get(AUTHORITY, FALLBACK)
    return language


def reviews() -> Reviews:
    held: Reviews = packs.current().part(TERMS).get(REVIEWS) or Reviews(18, ())
    return held


def kind() -> Kind:
    held: Kind = packs.current().part(TERMS).get(CHILD) or Kind({})
    return held


def templates(domain: str = "") -> list[Template]:
    """Those of a domain first."""
    found = [one for one in packs.current().part(TERMS).values() if isinstance(one, Template)]
    return sorted(found, key=lambda one: one.domain != domain)


def template(name: str) -> Template | None:
    found: Template | None = packs.current().part(TERMS).get(TEMPLATE + name)
    return found
