"""Papers that a country writes: the information for children and guardians, and the record of processing; from the packs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.utils.translation import gettext as _

from amanat import packs
from amanat.packs import toml
from amanat.packs.labels import Label
from amanat.packs.loaders import Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the information, in every language of the pack."""

    title: Label
    text: Label
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that is done with personal data.

    `kept` names a period of `retention.toml`, or is `ALWAYS`; `bound` says whether that is the least or the most, "" if neither.
    """

    title: Label
    purpose: Label
    whose: Label
    what: Label
    recipients: Label
    basis: Label
    kept: str
    bound: str
    source: str
    verified: bool


ALWAYS: Final = "workspace"  # as long as there is one
BOUNDS: Final = ("", "least", "most")
TEXTS: Final = ("title", "purpose", "whose", "what", "recipients", "basis")


def _reader(
    name: str, make: Callable[[toml.Table], dict[str, Any]], kind: Callable[..., T]
) -> Callable[[Source], Mapping[str, T]]:
    """Reads a file of `[[name]]` tables that share one `source` and one `verified`."""

    def read(source: Source) -> Mapping[str, T]:
        table = toml.read_table(source, source.path)
        if table is None:
            return {}
        table.allow("source", "verified", name)
        shared = {"source": table.need("source", str, ""), "verified": table.need("verified", bool, False)}
        return {found.need("name", str, ""): kind(**make(found), **shared) for found in table.tables(name)}

    return read


def _labels(table: toml.Table, *keys: str) -> dict[str, Any]:
    return {key: table.label(key) or Label({}) for key in keys}


def _paragraph(table: toml.Table) -> dict[str, Any]:
    table.allow("name", "title", "text")
    return _labels(table, "title", "text")


def _activity(table: toml.Table) -> dict[str, Any]:
    table.allow("name", "kept", "bound", *TEXTS)
    bound = table.get("bound", str, "")
    if bound not in BOUNDS:
        table.fault(_("This is no bound."), _("Write least or most, or leave it out."), "bound")
    return _labels(table, *TEXTS) | {"kept": table.need("kept", str, ""), "bound": bound}


def _check_kept(source: Source, own: Mapping[str, Activity], parts: Mapping[str, Mapping[str, Any]]) -> None:
    """Every activity names a period that there is."""
    for name, activity in own.items():
        if activity.kept not in {ALWAYS, *parts.get("retention.toml", {})}:
            source.fault(
                f"activity ({name}).kept", _("No period of retention.toml has this name."), _("Write the name of one.")
            )


INFORMATION = packs.register("information.toml", _reader("paragraph", _paragraph, Paragraph))
PROCESSING = packs.register("processing.toml", _reader("activity", _activity, Activity), check=_check_kept)


def information() -> list[Paragraph]:
    return list(packs.current().part(INFORMATION).values())


def processing() -> list[tuple[Activity, packs.Period | None]]:
    """Each activity with the period for which it is kept; None where that is as long as the workspace."""
    periods = packs.current().retention
    return [(activity, periods.get(activity.kept)) for activity in packs.current().part(PROCESSING).values()]
