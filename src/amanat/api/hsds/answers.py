"""The answers of the read API: pages in the envelope of the standard, all rows line by line, one row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language

from amanat.api.hsds.asked import NDJSON, USUALLY, Asked
from amanat.api.hsds.questions import Found, found
from amanat.directory.nesting import FULL, Edges, Nesting, edges_of
from amanat.directory.openness import as_shown, fetch, open_rows

LISTED: Final[Mapping[str, Edges]] = {
    "services": frozenset({"services.organization", "services.program"}),
    "organizations": frozenset(),
    "service_at_location": frozenset(
        {"service_at_location.location", "service_at_location.service", "services.organization", "services.program"}
    ),
    "taxonomies": frozenset(),
    "taxonomy_terms": FULL["taxonomy_terms"],
}
"""What stands in a row of a list: rows that it names, none that name it."""
_FRESH: Final = {"Cache-Control": "no-cache"}  # nobody shows an older answer than this one without asking
AT_ONCE: Final = 100  # rows of an answer line by line


def followed(table: str, asked: Asked) -> Edges:
    """What stands in a row; “full_service” means a full organisation, with its services as full."""
    if table == "organizations" and (asked.full or asked.full_service):
        return FULL[table] - (frozenset() if asked.full_service else edges_of("services"))
    return FULL[table] if asked.full else LISTED[table]


def listed(request: HttpRequest, table: str, asked: Asked) -> HttpResponseBase:
    rows = found(table, asked)
    if asked.format == NDJSON:
        lines = _lines(rows, table, asked, get_language())
        return StreamingHttpResponse(lines, content_type="application/x-ndjson", headers=_FRESH)
    total = len(rows)
    size = asked.per_page or (max(1, total) if asked.minimal else USUALLY)
    start = (asked.page - 1) * size
    part = rows.part(start, size) if start < total else []
    return answered(request, _page(asked.page, size, total, _written(part, table, asked, get_language())))


def one(request: HttpRequest, table: str, pk: UUID, follow: Edges, **more: Any) -> HttpResponse:
    """A row with all that stands in it.

    Raises:
        Http404: there is none, or it is not open.
    """
    rows = list(as_shown(open_rows(table).filter(pk=pk)))
    if not rows:
        raise Http404
    nesting = Nesting(fetch, follow, get_language())
    nesting.load(table, rows)
    return answered(request, nesting.whole(table, pk) | more)


def answered(request: HttpRequest, content: Mapping[str, Any]) -> HttpResponse:
    """304 to whoever holds the same already."""
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False}, headers=_FRESH)
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def _page(number: int, size: int, total: int, contents: list[dict[str, Any]]) -> dict[str, Any]:
    pages = -(-total // size)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def _lines(rows: Found, table: str, asked: Asked, language: str | None) -> Iterator[str]:
    for part in rows.parts(AT_ONCE):
        for row in _written(part, table, asked, language):
            yield json.dumps(row, ensure_ascii=False) + "\n"


def _written(part: list[Any], table: str, asked: Asked, language: str | None) -> list[dict[str, Any]]:
    rows = list(as_shown(part))
    nesting = Nesting(fetch, frozenset() if asked.minimal else followed(table, asked), language)
    nesting.load(table, rows)
    written = [nesting.whole(table, row.pk) for row in rows]
    return [_minimal(row) for row in written] if asked.minimal else written


def _minimal(row: Mapping[str, Any]) -> dict[str, Any]:
    """The OpenAPI says `modified_date`, the schema of a service `last_modified`, and wants name and status: both are met."""
    modified = row.get("last_modified")
    told = {name: row[name] for name in ("id", "name", "status")}
    return told | ({"last_modified": modified, "modified_date": modified} if modified else {})
