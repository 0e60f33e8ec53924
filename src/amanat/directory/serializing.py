"""One row of the directory as JSON, in the columns of HSDS 3.0 and no other: of what its schemas would refuse nothing leaves.

How rows stand in each other says `nesting`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.encoding import iri_to_uri

from amanat.directory import models
from amanat.directory.rows import Row
from amanat.packs.hsds import TABLES, Column

MODELS: Final[Mapping[str, type[Row]]] = {
    "organizations": models.Organization,
    "programs": models.Program,
    "services": models.Service,
    "attributes": models.Attribute,
    "service_at_location": models.ServiceAtLocation,
    "locations": models.Location,
    "phones": models.Phone,
    "contacts": models.Contact,
    "addresses": models.Address,
    "schedules": models.Schedule,
    "funding": models.Funding,
    "service_areas": models.ServiceArea,
    "required_documents": models.RequiredDocument,
    "languages": models.Language,
    "accessibility": models.Accessibility,
    "taxonomy_terms": models.TaxonomyTerm,
    "cost_options": models.CostOption,
    "organization_identifiers": models.OrganizationIdentifier,
    "taxonomies": models.Taxonomy,
}
"""By the name of the standard's table; history (`metadata`) is not among them: it may tell what stood there before."""

_OTHERWISE: Final = {("funding", "source"): "funded_by", ("taxonomy_terms", "taxonomy"): "taxonomy_name"}
_EMAILS: Final = frozenset({"email", "assurer_email"})
_ADDRESSES: Final = frozenset({"url", "website", "uri", "schedule_link", "term_uri"})
_FREE: Final = ("service_areas", "uri")  # a text by its schema
_NUMBERS: Final = frozenset(
    {("phones", "extension"), ("schedules", "timezone")}
)  # texts of ours, numbers of the schemas
_SCHEMES: Final = frozenset({"http", "https", "ftp", "mailto", "tel", "urn"})
_SIGN: Final = r"(?:[\w.~!$&'()*+,;=:@/-]|%[\da-f]{2})"
_HOST: Final = r"(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})+(?::\d{0,5})?"
_URI: Final = re.compile(  # RFC 3986, without names and passwords before a host, and hosts in brackets
    rf"(?P<scheme>[a-z][a-z\d+.-]*):(?://{_HOST}(?:/{_SIGN}*)?|(?!//){_SIGN}+)(?:\?(?:{_SIGN}|\?)*)?(?:#(?:{_SIGN}|\?)*)?",
    re.IGNORECASE | re.ASCII,
)
_BARE: Final = re.compile(r"[\w-]+(\.[\w-]+)+([/?#].*)?")  # www.example.org
_a_good_email: Final = EmailValidator()


def field_of(table: str, column: str) -> str:
    """The attribute of the row in which a column of the standard stands."""
    return _OTHERWISE.get((table, column), column)


def plain(table: str, row: Row, language: str | None = None) -> dict[str, Any]:
    """The columns of a row that say something. Texts in `language`, where they are there, else as they are."""
    found = {name: _value(table, column, row, language) for name, column in TABLES[table].items()}
    return {
        name: ("" if value is None else value)
        for name, value in found.items()
        if value is not None or (TABLES[table][name].needed and not TABLES[table][name].link)
    }


def _value(table: str, column: Column, row: Row, language: str | None) -> Any:
    name = field_of(table, column.name)
    held = getattr(row, name)
    if isinstance(held, str):
        if language and row.texts.get(name):
            held = row.label_of(name).text(language)
        return _text(table, column.name, held.strip())
    return _other(held)


def _other(held: Any) -> Any:
    match held:
        case UUID():
            return str(held)
        case datetime():
            return held.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case date():
            return held.isoformat()
        case float():
            return _number(held)
        case _:
            return held


def _text(table: str, column: str, text: str) -> Any:
    """None where nothing is said, or where the schema wants something else than this."""
    if (table, column) in _NUMBERS:
        return _number(float(text)) if re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,6})?", text, re.ASCII) else None
    if column in _EMAILS:
        return text if _is_an_email(text) else None
    if column in _ADDRESSES and (table, column) != _FREE:
        return _uri(text)
    return text or None


def _number(held: float) -> float | int | None:
    if not math.isfinite(held):
        return None
    return int(held) if held.is_integer() else held


def _is_an_email(text: str) -> bool:
    try:
        _a_good_email(text)
    except ValidationError:
        return False
    return text.isascii() and "[" not in text  # a host by its number


def _uri(text: str) -> str | None:
    """As browsers read it: without a scheme it is a page of the web."""
    whole = iri_to_uri(f"https://{text}" if _BARE.fullmatch(text) else text)
    found = _URI.fullmatch(whole)
    return whole if found and found["scheme"].lower() in _SCHEMES else None
