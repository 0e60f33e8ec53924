"""What the country pack says, as whoever works here reads it: bodies and services, steps, indicators, holidays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from amanat.packs import Label, Pack
from amanat.packs.hsds_rows import Entry
from amanat.packs.indicators import Indicator, IndicatorList
from amanat.procedures import Span, Step
from amanat.procedures.reading import STEPS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STRENGTH_LABELS: Mapping[str, StrOrPromise] = {"strong": _("strong"), "medium": _("medium"), "weak": _("weak")}


@dataclass(frozen=True)
class Told:
    """An organisation or a service: what it is called and does, how to reach it, who says so."""

    entry: Entry
    phones: list[str]
    places: list[str]
    services: list[Told]

    @property
    def name(self) -> str:
        return self.entry.label.text()

    @property
    def text(self) -> str:
        return self.entry.text("description").text()

    @property
    def source(self) -> Label:
        return self.entry.source

    @property
    def verified(self) -> bool:
        return self.entry.verified


@dataclass(frozen=True)
class Signs:
    """A group of a list of indicators, with how strong each is; "" where the source weighs nothing."""

    label: str
    indicators: list[tuple[Indicator, StrOrPromise]]


def organisations(pack: Pack) -> list[Told]:
    """By name, each with what it offers."""
    services = pack.services
    found = [
        _told(
            pack,
            row,
            "organization_id",
            [_service(pack, one) for one in services.rows("services", organization_id=row.id)],
        )
        for row in services.rows("organizations")
    ]
    return sorted(found, key=lambda one: one.name.casefold())


def _service(pack: Pack, row: Entry) -> Told:
    return _told(pack, row, "service_id", [])


def _told(pack: Pack, row: Entry, by: str, services: list[Told]) -> Told:
    hidden = {place.id for place in pack.services.rows("locations") if place["amanat::confidential"] == "yes"}
    called = pack.services.rows("phones", **{by: row.id})
    phones = [phone["number"] for phone in called if phone["location_id"] not in hidden]
    links = pack.services.rows("service_at_location", service_id=row.id)
    wanted = dict.fromkeys(link["location_id"] for link in links)
    shown = [one for one in wanted if one not in hidden]
    places = [place.label.text() for one in shown for place in pack.services.rows("locations", id=one)]
    return Told(row, phones, places, services)


def steps(pack: Pack) -> list[tuple[Step, str]]:
    """The steps in use, each with its time in words; "" where none is set."""
    return [(step, _time(step.span)) for step in pack.part(STEPS).values() if not step.retired]


def _time(span: Span | None) -> str:
    if span is None:
        return ""
    told = {
        "minutes": ngettext("%(count)s minute", "%(count)s minutes", span.amount),
        "hours": ngettext("%(count)s hour", "%(count)s hours", span.amount),
        "days": ngettext("%(count)s day", "%(count)s days", span.amount),
        "working_days": ngettext("%(count)s working day", "%(count)s working days", span.amount),
        "months": ngettext("%(count)s month", "%(count)s months", span.amount),
    }
    return told[span.unit] % {"count": span.amount}


def signs(told: IndicatorList) -> list[Signs]:
    """A list by its groups; a list without any is one group."""
    groups = [(group.name, group.label.text()) for group in told.groups] or [("", "")]
    return [
        Signs(label, [(one, STRENGTH_LABELS.get(one.strength, "")) for one in told.asked(name)])
        for name, label in groups
    ]


def lists(pack: Pack) -> list[tuple[IndicatorList, list[Signs]]]:
    return [(told, signs(told)) for told in pack.indicators.values()]


def holidays(pack: Pack, today: date) -> tuple[list[date], bool]:
    """Those of this year in their order, and whether somebody listed and checked the year."""
    known = pack.manifest.holidays
    yearly = [date(today.year, *day) for day in known.yearly if day != (2, 29)]
    moving = known.by_year.get(today.year, frozenset())
    return sorted({*yearly, *moving}), known.are_known(today.year)
