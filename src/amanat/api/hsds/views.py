"""The addresses of the read API as the OpenAPI of HSDS 3.0 names them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from amanat.api.hsds.answers import answered, followed, listed, one
from amanat.api.hsds.asked import Asked
from amanat.api.hsds.door import reads
from amanat.directory.nesting import FULL
from amanat.directory.openness import open_rows

VERSION: Final = "3.0"
PROFILE: Final = "https://docs.openreferral.org/"
OPENAPI: Final = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/openapi.json"
_PAGES: Final = ("search", "page", "per_page", "format")
_SORTED: Final = ("taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "full")


@reads()
def about(request: HttpRequest, asked: Asked) -> HttpResponse:
    return answered(request, {"version": VERSION, "profile": PROFILE, "openapi_url": OPENAPI})


@reads(*_PAGES, *_SORTED, "minimal")
def services(request: HttpRequest, asked: Asked) -> HttpResponseBase:
    return listed(request, "services", asked)


@reads()
def service(request: HttpRequest, asked: Asked, pk: UUID) -> HttpResponse:
    return one(request, "services", pk, FULL["services"])


@reads(*_PAGES, "full", "full_service")
def organizations(request: HttpRequest, asked: Asked) -> HttpResponseBase:
    return listed(request, "organizations", asked)


@reads("full_service")
def organization(request: HttpRequest, asked: Asked, pk: UUID) -> HttpResponse:
    return one(
        request, "organizations", pk, followed("organizations", Asked(full=True, full_service=asked.full_service))
    )


@reads(*_PAGES, *_SORTED, "postcode", "proximity")
def service_at_locations(request: HttpRequest, asked: Asked) -> HttpResponseBase:
    return listed(request, "service_at_location", asked)


@reads()
def service_at_location(request: HttpRequest, asked: Asked, pk: UUID) -> HttpResponse:
    """The OpenAPI describes a service at a location and names the schema of a service, which wants name and status: both are met."""
    service = open_rows("services").filter(service_at_locations=pk).first()
    if service is None:
        raise Http404
    follow = FULL["service_at_location"]
    return one(request, "service_at_location", pk, follow, name=service.name, status=service.status)


@reads(*_PAGES)
def taxonomies(request: HttpRequest, asked: Asked) -> HttpResponseBase:
    return listed(request, "taxonomies", asked)


@reads()
def taxonomy(request: HttpRequest, asked: Asked, pk: UUID) -> HttpResponse:
    return one(request, "taxonomies", pk, FULL["taxonomies"])


@reads(*_PAGES, "taxonomy_id", "top_only", "parent_id")
def taxonomy_terms(request: HttpRequest, asked: Asked) -> HttpResponseBase:
    """“top_only”: those that are no child of another; the OpenAPI says it in words that can be read in two ways."""
    return listed(request, "taxonomy_terms", asked)


@reads()
def taxonomy_term(request: HttpRequest, asked: Asked, pk: UUID) -> HttpResponse:
    return one(request, "taxonomy_terms", pk, FULL["taxonomy_terms"])


@reads()
def nothing(request: HttpRequest, asked: Asked, **_ids: str) -> HttpResponse:
    raise Http404
