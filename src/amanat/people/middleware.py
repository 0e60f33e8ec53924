"""The session of a request, its language, and the gate: who is not signed in, locked or without a second factor goes no further."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

from amanat.people import unsent
from amanat.people.clock import clock
from amanat.people.doors import LANGUAGE, is_locked, second_factor, session_of, with_next, worker_of
from amanat.people.sessions import short_name

GetResponse = Callable[[HttpRequest], HttpResponse]
# What is typed into the ways in and the account pages is secret, or nothing: it is never kept for later.
NEVER_KEPT = ("account", "mfa", "demo", "web.")


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's, for our store."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        session_of(request).browser = short_name(request.headers.get("User-Agent", ""))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted:  # it was ended elsewhere while this page was made
            return redirect(settings.LOGIN_URL)


class LanguageMiddleware:
    """The language of a page: what was chosen on the page, else the worker's own, else the browser's. Asks for no user."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(self.language_of(request))
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response

    def language_of(self, request: HttpRequest) -> str:
        offered = dict(settings.LANGUAGES)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        own = "" if chosen in offered else request.session.get(LANGUAGE, "")
        return own if own in offered else translation.get_language_from_request(request)


class GateMiddleware:
    """Stands after Django's CSRF and authentication middleware. A view that says nothing is for those who came in whole."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True) or url_name(request).startswith("web."):
            return None
        if not request.user.is_authenticated:
            return turned_away(request, settings.LOGIN_URL)
        if is_locked(request):
            return None if hasattr(view, "while_locked") else turned_away(request, "account_locked")
        if not second_factor(request) and not hasattr(view, "before_second_factor"):
            return send_to(request, with_next("mfa_index", ""))
        # A region that looks by itself says so (`data-look-refresh`): whoever claims it only gets locked the sooner.
        if not (hasattr(view, "unattended") or "Unattended" in request.headers):
            session_of(request).touch(clock())
        return None


def turned_away(request: HttpRequest, way_in: str) -> HttpResponse:
    """Off to a way in; what was sent is kept for its author, and the way leads back to the page."""
    back = page_of(request)
    if request.method == "POST" and not url_name(request).startswith(NEVER_KEPT):
        author = worker_of(request) if request.user.is_authenticated else unsent.who(request)
        if author:
            back = unsent.keep(request, author) or back
    return send_to(request, with_next(way_in, back))


def send_to(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect of the whole page, also where htmx asked for a piece of one."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def page_of(request: HttpRequest) -> str:
    """The page that the worker looks at: of a form or a piece of a page, the one that it stood on."""
    if request.headers.get("HX-Request"):
        stood_on = request.headers.get("HX-Current-URL", "")
    else:
        stood_on = request.headers.get("Referer", "") if request.method == "POST" else ""
    page = urlsplit(stood_on)
    if page.netloc != request.get_host():
        return request.get_full_path()
    return page.path + (f"?{page.query}" if page.query else "")


def url_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name if match else None) or ""
