"""“Where to find help”: the public part of the directory for everybody, in the site's own process. What is asked for travels as codes
of the list; whatever else stands in an address is neither kept nor shown again.

Imports no model; `published` reads the file.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language, get_language_info
from django.views.decorators.http import require_safe

from amanat.directory import published
from amanat.directory.published import Offer, Part
from amanat.directory.whom import ForSex, ages

A_PAGE: Final = 25
ASKED: Final = {"need": "needs", "region": "regions"}


@login_not_required
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    part = published.part()
    offered = {name: part.choices(kind) for name, kind in ASKED.items()}
    asked = {name: code for name, held in offered.items() if (code := request.GET.get(name, "")) in dict(held)}
    page = Paginator(_fitting(part, asked), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "part": part,
        "page": page,
        "found": [(offer, _for_whom(offer)) for offer in page],
        "needs": offered["need"],
        "regions": offered["region"],
        "asked": asked,
        "query": _query(asked),
    }
    return _shown(request, "directory/site_services.html", context, asked)


@login_not_required
@require_safe
def service(request: HttpRequest, service: uuid.UUID) -> HttpResponse:
    part = published.part()
    offer = part.by_id.get(str(service))
    if offer is None:
        return _shown(request, "directory/site_gone.html", {}, {}, status=404)
    context = {"part": part, "offer": offer, "for_whom": _for_whom(offer)}
    return _shown(request, "directory/site_service.html", context, {})


def _fitting(part: Part, asked: Mapping[str, str]) -> Sequence[Offer]:
    """Where nobody told what one is for, or where, it may fit: one has to call anyway."""
    wanted = [(ASKED[name], code) for name, code in asked.items()]
    return [
        offer
        for offer in part.offers
        if all(not (held := getattr(offer, kind)) or code in held for kind, code in wanted)
    ]


def _for_whom(offer: Offer) -> str:
    """Ages and sex in words."""
    sex = str(ForSex(offer.sex).label) if offer.sex in (ForSex.GIRLS, ForSex.BOYS) else ""
    return ", ".join(filter(None, (ages(offer.youngest, offer.oldest), sex)))


def _query(asked: Mapping[str, str]) -> str:
    return urlencode({**asked, "lang": get_language()})


def _shown(
    request: HttpRequest, template: str, context: dict[str, Any], asked: Mapping[str, str], status: int = 200
) -> HttpResponse:
    """The links to other languages carry on what is a code of ours, and no more of the address."""
    links = [
        {"info": get_language_info(code), "address": f"{request.path}?{urlencode({**asked, 'lang': code})}"}
        for code, _name in settings.LANGUAGES
    ]
    return render(request, template, context | {"language_links": links, "spoken": _query({})}, status=status)


urlpatterns = [
    path("services", services, name="directory.site"),
    path("services/<uuid:service>", service, name="directory.site_service"),
]
