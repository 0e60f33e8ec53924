"""What a pack knows of the scores of its instruments: their range, bands, cut-offs, and from which difference on one speaks of a change;
and under what terms an instrument stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from amanat import packs
from amanat.packs import toml
from amanat.packs.labels import Label

BETTER: Final = ("lower", "higher")  # which totals are better


@dataclass(frozen=True, slots=True)
class Band:
    """Totals from `least` to `most`, both of them in it."""

    least: int
    most: int
    label: Label
    verified: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """A total at which somebody said that one should look closer. `below`: at this total or a lower one, not a higher."""

    at: int
    label: Label
    verified: bool
    below: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """A score by the name of `amanat::score`; of one reporter, where the bands differ by who answered.

    `change`: the smallest difference that is called a change; 0 where nobody knows one.
    """

    score: str
    reporter: str
    least: int
    most: int
    better: str
    bands: tuple[Band, ...]
    cuts: tuple[Cut, ...]
    change: int
    change_verified: bool
    source: Label

    def band(self, total: float) -> Band | None:
        return next((band for band in self.bands if band.least <= total <= band.most), None)


def _read_scale(table: toml.Table) -> Scale:
    score = table.need("score", str, "")
    table = table.named(score)
    table.allow("score", "reporter", "least", "most", "better", "band", "cut", "change", "change_verified", "source")
    least, most = table.need("least", int, 0), table.need("most", int, 1)
    if most <= least:
        table.fault(_("The highest total must be above the lowest."), _("Set most above least."), "most")
    better = table.need("better", str, BETTER[0])
    if better not in BETTER:
        table.fault(
            _("%(word)s is unknown here.") % {"word": better},
            _("Write one of: %(names)s.") % {"names": ", ".join(BETTER)},
            "better",
        )
    return Scale(
        score=score,
        reporter=table.get("reporter", str, ""),
        least=least,
        most=most,
        better=better,
        bands=_bands(table, least, most),
        cuts=tuple(map(_read_cut, table.tables("cut"))) if "cut" in table.content else (),
        change=table.get("change", int, 0),
        change_verified=table.get("change_verified", bool, False),
        source=table.citation(),
    )


def _bands(table: toml.Table, least: int, most: int) -> tuple[Band, ...]:
    """Where there are bands, they lie side by side without a gap, from the lowest total to the highest."""
    bands = tuple(map(_read_band, table.tables("band"))) if "band" in table.content else ()
    edges = [least - 1, *(band.most for band in bands)]
    whole = all(band.least == before + 1 <= band.most for before, band in zip(edges, bands, strict=False))
    if bands and not (whole and bands[-1].most == most):
        table.fault(
            _("The bands leave a gap or lie over each other."),
            _("Let each begin one above the end of the one before, from least to most."),
            "band",
        )
    return bands


def _read_band(table: toml.Table) -> Band:
    table.allow("least", "most", "label", "verified")
    return Band(
        table.need("least", int, 0),
        table.need("most", int, 0),
        table.label("label") or Label({}),
        table.need("verified", bool, False),
    )


def _read_cut(table: toml.Table) -> Cut:
    table.allow("at", "label", "verified", "below")
    return Cut(
        table.need("at", int, 0),
        table.label("label") or Label({}),
        table.need("verified", bool, False),
        table.get("below", bool, False),
    )


def _read(source: packs.Source) -> dict[str, Scale]:
    """Read `measures.toml`."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("measure")
    return {f"{one.score}:{one.reporter}": one for one in map(_read_scale, table.tables("measure"))}


def _read_terms(source: packs.Source) -> dict[str, Label]:
    """Read `terms.toml`: under what terms instruments stand, by the name of their form."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("instrument")
    return dict(map(_read_instrument, table.tables("instrument")))


def _read_instrument(table: toml.Table) -> tuple[str, Label]:
    form = table.need("form", str, "")
    table.allow("form", "terms")
    return form, table.named(form).label("terms") or Label({})


SCALES: Final = packs.register("measures.toml", _read)


def scale(score: str, reporter: str = "") -> Scale | None:
    """What this workspace's packs know of a score as this reporter gives it, else of the score; None where they know nothing."""
    known = packs.current().part(SCALES)
    return known.get(f"{score}:{reporter}") or known.get(f"{score}:")


TERMS: Final = packs.register("terms.toml", _read_terms)


def terms_of(form: str) -> Label | None:
    """Under what terms an instrument stands, where a pack says it in its languages."""
    known: Label | None = packs.current().part(TERMS).get(form)
    return known
