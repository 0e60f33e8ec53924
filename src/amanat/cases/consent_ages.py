"""Who has to agree at which age: bands of the packs, and what is missing of a consent. An age in doubt is a child's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat import packs
from amanat.cases.htcds import SURE
from amanat.cases.shown import label, years
from amanat.packs import toml
from amanat.packs.labels import Label
from amanat.packs.loaders import Source
from amanat.web.errors import PersonFacingError

CHILD, GUARDIAN = SIDES = ("child", "guardian")
# What a code of the list `consent_given_by` stands for; one that a country adds stands for nobody who has to agree.
GIVEN_BY: Final[Mapping[str, frozenset[str]]] = {
    "child": frozenset({CHILD}),
    "guardian": frozenset({GUARDIAN}),
    "both": frozenset(SIDES),
}
UNKNOWN: Final = "unknown"
OF_AGE: Final = 18


@dataclass(frozen=True, slots=True)
class Band:
    """Ages from `start` on (None: not known), who has to agree, and what is asked of whoever asks them."""

    name: str
    start: int | None
    sides: frozenset[str]
    label: Label  # what is asked
    source: str
    verified: bool

    @property
    def title(self) -> str:
        return label("age_band", self.name)


def _read(source: Source) -> dict[str, Band]:
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("source", "verified", "band")
    shared = (table.need("source", str, ""), table.need("verified", bool, False))
    bands = [_band(one, *shared) for one in table.tables("band")]
    return {band.name: band for band in bands}


def _band(table: toml.Table, source: str, verified: bool) -> Band:
    name = table.need("name", str, "")
    table = table.named(name)
    table.allow("name", "from", "sides", "asks")
    table.need("sides", list, [])
    sides = table.words("sides")
    if not set(sides) <= set(SIDES):
        table.fault(_("This is no side."), _("Write child, guardian, or both of them."), "sides")
    start = None if name == UNKNOWN else table.need("from", int, 0)
    return Band(name, start, frozenset(sides), table.label("asks") or Label({}), source, verified)


def _check(source: Source, own: Mapping[str, Band], parts: Mapping[str, Mapping[str, Any]]) -> None:
    """Every band is one of the list of ages, and there is one for whoever's age is not known and one that begins with birth."""
    known = parts.get("codes", {}).get("age_band", ())
    for name in own:
        if name not in known:
            source.fault(f"band ({name})", _("The list age_band has no such code."), _("Write one of its codes."))
    bands = parts.get("consent_ages.toml", {}).values()
    if not {None, 0} <= {band.start for band in bands}:
        source.fault("band", _("A band is missing: one from 0, and unknown."), _("Add it."))


AGES: packs.Section[Band] = packs.register("consent_ages.toml", _read, check=_check)


def bands_of(identity: Mapping[str, Any], day: date) -> list[Band]:
    """The bands in which a person may be on a day; that of the unknown where nothing says, or where only a doubt makes them 18."""
    ages, known = _ages(identity, day), packs.current().part(AGES)
    doubt = identity.get("certainty", "") not in SURE
    if ages is None or ages[0] > ages[1] or (doubt and ages[1] >= OF_AGE):
        return [known[UNKNOWN]]
    begun = sorted((band for band in known.values() if band.start is not None), key=lambda band: band.start or 0)
    found = {[band.name for band in begun if (band.start or 0) <= age][-1] for age in ages}
    return [band for band in begun if band.name in found]


def _ages(identity: Mapping[str, Any], day: date) -> tuple[int, int] | None:
    """The least and the greatest age on a day; None where no birth is known that came before it."""
    try:
        if born := identity.get("birth_date"):
            least = greatest = years(date.fromisoformat(str(born)), day)
        else:
            greatest = day.year - int(identity["birth_year"])
            least = max(greatest - 1, 0)
    except (KeyError, ValueError):
        return None
    return (least, greatest) if greatest >= 0 else None


def check_sides(bands: Iterable[Band], given_by: str) -> None:
    """Raises:
    PersonFacingError: somebody has to agree who did not.
    """
    needed = frozenset(side for band in bands for side in band.sides)
    missing = needed - GIVEN_BY.get(given_by, frozenset())
    if not missing:
        return
    if missing == {GUARDIAN}:
        sentence = _("The guardian's consent is missing. At this age the guardian has to agree as well.")
    elif missing == {CHILD}:
        sentence = _("The child's own yes is missing. At this age nobody can agree in the child's place.")
    else:
        sentence = _("Both are missing: the child's own yes, and the guardian's consent.")
    hint = _(
        "Ask whoever is missing. If that can't wait, share without consent, on a ground that the law knows: it is flagged until it ends."
    )
    raise PersonFacingError(sentence, hint, field="given_by")
