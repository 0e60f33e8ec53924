"""The file of the public part as the public site reads it: without keys, without a database.

Imports no model. `public` writes the file.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from amanat.directory import week
from amanat.packs.labels import FALLBACK, Label

FOLDER: Final = "public"
NAME: Final = "directory.json"
LISTS: Final = ("service_need", "region", "language", "document_kind")
"""Lists of the pack whose words come along, so that the site reads no pack."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Times:
    """A schedule of HSDS, as far as it is told in words."""

    freq: str
    byday: str
    bymonthday: str
    description: str
    opens_at: str
    closes_at: str
    interval: int | None
    valid_from: date | None
    valid_to: date | None

    @property
    def days(self) -> str:
        return week.days_of(self)

    @property
    def clock(self) -> str:
        return week.clock_of(self)

    @property
    def valid(self) -> str:
        return week.valid_in(self)


@dataclass(frozen=True, slots=True)
class Phone:
    number: str
    about: str

    @property
    def dialled(self) -> str:
        return re.sub(r"[^\d+]", "", self.number)


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as everybody may know it. `regions`: codes, of its open places."""

    id: str
    name: Label
    told: Label
    organization: str
    needs: Mapping[str, Label]
    regions: Mapping[str, Label]
    languages: Sequence[Label]
    documents: Sequence[Label]
    sex: str
    confirmed_on: date | None
    is_unverified: bool
    youngest: float | None
    oldest: float | None
    words: Mapping[str, str]
    hours: Sequence[Times]
    phones: Sequence[Phone]
    places: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """All that is public. `made_at` is None where nothing can be read."""

    made_at: datetime | None = None
    offers: Sequence[Offer] = ()
    by_id: Mapping[str, Offer] = field(default_factory=dict)

    def choices(self, kind: str) -> list[tuple[str, Label]]:
        """Codes of `needs` or `regions` that occur, in the order of their words."""
        found = {code: label for offer in self.offers for code, label in getattr(offer, kind).items()}
        return sorted(found.items(), key=lambda one: one[1].text().casefold())


def file() -> Path:
    return Path(settings.WORKSPACE) / FOLDER / NAME


def part() -> Part:
    """What the file says now; an empty one where there is no file, or none that can be read."""
    try:
        found = file().stat()
    except OSError:
        return Part()
    return _read(file(), found.st_mtime_ns, found.st_ino)


@lru_cache(maxsize=1)
def _read(place: Path, _changed: int, _which: int) -> Part:
    try:
        told = json.loads(place.read_bytes())
        made_at = datetime.fromisoformat(told["made_at"]).astimezone(UTC)
        offers = [_offer(one, told["words"]) for one in told["services"]]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        log.error("the public part of the directory can not be read: %s", type(error).__name__)
        return Part()
    return Part(made_at, offers, {offer.id: offer for offer in offers})


def _offer(told: Mapping[str, Any], words: Mapping[str, Any]) -> Offer:
    service, texts = told["service"], told["texts"]
    at = list(_rows(service, "service_at_locations"))
    places = [one["location"] for one in at if "location" in one]
    languages = [
        _label(words, "language", _text(one, "code"), _text(one, "name")) for one in _rows(service, "languages")
    ]
    papers = [_label(words, "document_kind", _text(one, "document")) for one in _rows(service, "required_documents")]
    return Offer(
        id=_text(service, "id"),
        name=_said(service, texts, "name"),
        told=_said(service, texts, "description"),
        organization=_text(service["organization"], "name"),
        needs={code: _label(words, "service_need", code) for code in told["needs"]},
        regions={code: _label(words, "region", code) for code in told["regions"]},
        languages=languages,
        documents=[one for one in papers if one.text()],
        sex=str(told["sex"]),
        confirmed_on=_day(service, "assured_date"),
        is_unverified=bool(told["unverified"]),
        youngest=_number(service, "minimum_age"),
        oldest=_number(service, "maximum_age"),
        words={name: _text(service, name) for name in _WORDS},
        hours=_hours(service, at, places),
        phones=_phones(service, at, places),
        places=[lines for place in places if (lines := _lines(place))],
    )


_WORDS: Final = (
    *("alert", "application_process", "eligibility_description", "fees_description", "interpretation_services"),
    *("wait_time", "email", "url"),
)


def _hours(service: Any, at: Sequence[Any], places: Sequence[Any]) -> list[Times]:
    """Its own and those at one of its places; where it has none, those of its places."""
    own = [_times(row) for holder in (service, *at) for row in _rows(holder, "schedules")]
    usual = [_times(row) for holder in places for row in _rows(holder, "schedules")]
    return sorted(dict.fromkeys(own or usual), key=week.first_day)


def _times(row: Mapping[str, Any]) -> Times:
    interval = _number(row, "interval")
    return Times(
        *(_text(row, "freq"), _text(row, "byday"), _text(row, "bymonthday")),
        *(_text(row, "description"), _text(row, "opens_at"), _text(row, "closes_at")),
        interval=None if interval is None else int(interval),
        valid_from=_day(row, "valid_from"),
        valid_to=_day(row, "valid_to"),
    )


def _phones(service: Any, at: Sequence[Any], places: Sequence[Any]) -> list[Phone]:
    """The nearest to the service first; each number once."""
    found: dict[str, Phone] = {}
    for holder in (service, *at, *places, *_rows(service, "contacts"), service["organization"]):
        for row in _rows(holder, "phones"):
            phone = Phone(_text(row, "number"), _text(row, "description"))
            if phone.dialled:
                found.setdefault(phone.dialled, phone)
    return list(found.values())


def _lines(place: Mapping[str, Any]) -> list[str]:
    """Where one place is, a line each."""
    lines = [_text(place, "name")]
    for row in _rows(place, "addresses"):
        town = " ".join(filter(None, (_text(row, "postal_code"), _text(row, "city"))))
        lines += [_text(row, "address_1"), _text(row, "address_2"), town, _text(row, "state_province")]
    return list(dict.fromkeys(line for line in (*lines, _text(place, "transportation")) if line))


def _rows(holder: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    yield from holder.get(name, [])


def _text(row: Mapping[str, Any], name: str) -> str:
    found = row.get(name, "")
    if not isinstance(found, str):
        raise TypeError(name)
    return found


def _day(row: Mapping[str, Any], name: str) -> date | None:
    found = _text(row, name)
    return date.fromisoformat(found) if found else None


def _number(row: Mapping[str, Any], name: str) -> float | None:
    found = row.get(name)
    return None if found in (None, "") else float(found)


def _said(row: Mapping[str, Any], texts: Mapping[str, Any], name: str) -> Label:
    plain = _text(row, name)
    return Label({**({FALLBACK: plain} if plain else {}), **texts.get(name, {})})


def _label(words: Mapping[str, Any], codes: str, code: str, name: str = "") -> Label:
    """What the pack calls a code; of one that it does not know the name that came with it."""
    return Label(words[codes].get(code) or {FALLBACK: name or code})
