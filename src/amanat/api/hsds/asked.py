"""What is asked of the read API: the parameters that HSDS 3.0 names in its OpenAPI, each read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from amanat.web.errors import PersonFacingError

MOST_A_PAGE: Final = 100  # ours; the standard names no bound
USUALLY: Final = 25
LONGEST_SEARCH: Final = 200  # letters, ours
FARTHEST: Final = 1_000_000  # metres, ours
JSON, NDJSON = "json", "ndjson"


@dataclass(frozen=True)
class Asked:
    """`per_page` is None where nothing was said."""

    search: str = ""
    page: int = 1
    per_page: int | None = None
    format: str = JSON
    minimal: bool = False
    full: bool = False
    full_service: bool = False
    top_only: bool = False
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    parent_id: UUID | None = None
    modified_after: datetime | None = None
    postcode: str = ""
    proximity: float | None = None


def read(told: QueryDict, known: Iterable[str]) -> Asked:
    """Read the parameters of one address, which knows those named.

    Raises:
        PersonFacingError: one is not known here, is told twice, or does not say what it should; `field` is its name.
    """
    names = sorted(known)
    for name, values in told.lists():
        if name not in names:
            hint = _("Here can be said: %(names)s.") % {"names": ", ".join(names)} if names else ""
            raise PersonFacingError(_("This address does not know “%(name)s”.") % {"name": name[:40]}, hint)
        if len(values) > 1:
            raise PersonFacingError(_("“%(name)s” was said more than once.") % {"name": name}, field=name)
    asked = Asked(**{name: _READERS[name](name, str(told[name])) for name in told})
    if asked.proximity is not None and not asked.postcode:
        raise PersonFacingError(
            _("Where “proximity” counts from was not said."), _("Say “postcode” as well."), field="proximity"
        )
    return asked


def plain_postcode(text: str) -> str:
    """As two postcodes are compared: letters and digits only, capitals or not."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def _wrong(name: str, wanted: str) -> PersonFacingError:
    return PersonFacingError(_("“%(name)s” can't be read.") % {"name": name}, wanted, field=name)


def _whole(most: int) -> Callable[[str, str], int]:
    def number(name: str, text: str) -> int:
        if not re.fullmatch(r"0*[1-9][0-9]{0,8}", text) or int(text) > most:
            raise _wrong(name, _("A whole number from 1 to %(most)s.") % {"most": most})
        return int(text)

    return number


def _boolean(name: str, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise _wrong(name, _("It is “true” or “false”."))
    return text.lower() == "true"


def _id(name: str, text: str) -> UUID:
    try:
        if len(text) not in (32, 36):
            raise ValueError(text)
        return UUID(text)
    except ValueError:
        raise _wrong(name, _("An id is a UUID.")) from None


def _moment(name: str, text: str) -> datetime:
    """A day begins at midnight UTC. A plus sign that nobody coded arrives as a space."""
    whole = re.sub(r" (\d\d:?\d\d)$", r"+\1", text) if "T" in text else text
    try:
        day, moment = parse_date(whole), parse_datetime(whole)
        if day is not None:
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        if moment is None:
            raise ValueError(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # no such day, or one before all time zones
        raise _wrong(name, _("A day or a moment, such as 2026-11-26T09:30:00Z.")) from None


def _metres(name: str, text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,3})?", text) or float(text) > FARTHEST:
        raise _wrong(name, _("Metres, at most %(most)s.") % {"most": FARTHEST})
    return float(text)


def _format(name: str, text: str) -> str:
    if text.lower() not in (JSON, NDJSON):
        raise _wrong(name, _("It is “json” or “ndjson”."))
    return text.lower()


def _words(name: str, text: str) -> str:
    if len(text) > LONGEST_SEARCH:
        raise _wrong(name, _("At most %(most)s letters.") % {"most": LONGEST_SEARCH})
    return text.strip()


def _postcode(name: str, text: str) -> str:
    plain = plain_postcode(text)
    if not plain or len(text) > LONGEST_SEARCH:
        raise _wrong(name, _("Letters and digits of a postcode."))
    return plain


_READERS: Final[Mapping[str, Callable[[str, str], Any]]] = {
    "search": _words,
    "page": _whole(999_999_999),
    "per_page": _whole(MOST_A_PAGE),
    "format": _format,
    **dict.fromkeys(("minimal", "full", "full_service", "top_only"), _boolean),
    **dict.fromkeys(("taxonomy_term_id", "taxonomy_id", "organization_id", "parent_id"), _id),
    "modified_after": _moment,
    "postcode": _postcode,
    "proximity": _metres,
}
