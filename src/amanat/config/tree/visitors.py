"""Visitors of the public site: nothing is kept on their device, so the language stands in the address, and no cookie guards a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_info

GetResponse = Callable[[HttpRequest], HttpResponse]
LANGUAGE = "lang"  # in the address of a page
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class LanguageMiddleware:
    """The language that stands in the address, else the browser's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.GET.get(LANGUAGE, "")
        offered = dict(settings.LANGUAGES)
        translation.activate(wanted if wanted in offered else translation.get_language_from_request(request))
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


class OwnFormsMiddleware:
    """Takes forms from our own pages only, as browsers themselves say where one comes from.

    No token: a visitor is nobody here, so a page of somebody else's could send in their name only what it can send by itself, and the
    cookie that a token rests on would stay on the device of somebody who must not be found out.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.method in SAFE:
            return
        origin = request.headers.get("Origin")
        ours = origin is None or urlsplit(origin)[:2] == (request.scheme, request.get_host())
        if not ours or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise PermissionDenied


def languages(request: HttpRequest) -> dict[str, Any]:
    """Context of the shell: the languages as links to this page, and the one that is spoken, for forms and links to carry on."""
    links = []
    for code, _name in settings.LANGUAGES:
        asked = request.GET.copy()
        asked[LANGUAGE] = code
        links.append({"info": get_language_info(code), "address": f"{request.path}?{asked.urlencode()}"})
    return {"language_links": links, "spoken": f"{LANGUAGE}={get_language()}"}
