"""`@page`: the only way to a page about people. Sign-in, second factor, loaders, policy, the log of looks; then the answer leaves.

A page names what it needs: `shows=Part.X` (reading a part of the file in its address) or `does=Verb.X` (a verb, or one of the
*look* verbs of the desk). The registry of pages is what the policy walk goes through.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, register_converter, reverse
from django.utils.functional import SimpleLazyObject

from amanat.access import drafts, loaders
from amanat.access.actor import Actor
from amanat.access.files import Closed, File, ProofNeeded
from amanat.access.policy import DESK_VERBS, FILE_VERBS, Level, Part, Verb, needs_proof
from amanat.access.verbs import log_line
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.web.errors import PersonFacingError, Refused

register_converter(loaders.RefConverter, "ref")


class Request(HttpRequest):
    """A request that `page` lets through (for annotations): there is an actor, and a file where the address names one."""

    actor: Actor
    file: File
    files: list[File]
    taken: bool
    leads_away: bool  # from here one goes to another page and comes back: what was sent is kept as a draft


View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Page:
    """A page as registered: `name` is the URL's name, `room.function`; one of `shows` and `does` says what it needs.

    `about_several`: what is typed there is about several children, so a draft of it is kept under none of them.
    """

    name: str
    route: str
    shows: Part | None
    does: Verb | None
    loads: tuple[str, ...]
    view: View
    about_several: bool = False

    @property
    def needs(self) -> str:
        return str(self.shows or self.does)


_pages: dict[str, Page] = {}


def registered() -> list[Page]:
    return list(_pages.values())


def page(
    route: str, *, shows: Part | None = None, does: Verb | None = None, about_several: bool = False
) -> Callable[[View], View]:
    """Register a view under a route. Parameters `<ref:case>` are loaded by the loader of that name and passed as rows."""
    if (shows is None) == (does is None):
        raise TypeError("a page either shows a part or does a verb")

    def decorate(view: View) -> View:
        room = view.__module__.split(".")[1]
        name = f"{room}.{view.__name__}"
        loads = tuple(parameter for parameter in inspect.signature(view).parameters if f"<ref:{parameter}>" in route)
        if (shows is not None or does in FILE_VERBS) and not loads:
            raise TypeError(f"{name} needs a file in its address")

        @wraps(view)
        def guarded(request: Request, **refs: Any) -> HttpResponseBase:
            return _answer(registered_page, request, refs)

        registered_page = Page(name, route, shows, does, loads, view, about_several)
        _pages[name] = registered_page
        guarded.page = registered_page  # type: ignore[attr-defined]
        return guarded

    return decorate


def routes(module: Any) -> list[URLPattern]:
    """URL patterns of the pages that a views module registers."""
    views = [view for view in vars(module).values() if hasattr(view, "page") and view.__module__ == module.__name__]
    return [path(view.page.route, view, name=view.page.name) for view in views]


def _answer(page: Page, request: Request, refs: dict[str, Any]) -> HttpResponseBase:
    # Who is not signed in by two factors never comes here (people.middleware); whoever belongs to no agency stops here.
    if not getattr(request, "actor", None) or not request.actor.second_factor:
        return render(request, "access/no_membership.html", status=403)
    request.actor = request.actor.on(page.name)
    request.files = []
    try:
        rows = _load(page, request, refs)
        _check(page, request)
        _offer_draft(page, request)
        response = page.view(request, **rows)
    except (loaders.Hidden, Http404, PersonFacingError) as error:
        return _instead(page, request, error)
    if getattr(request, "leads_away", False):
        drafts.keep_unsent(request, request.actor.user)
    if getattr(request, "taken", False) or (request.method == "POST" and 300 <= response.status_code < 400):
        drafts.forget(request.actor.user, request.path)
    _log_looks(request, page)
    return response


def _instead(page: Page, request: Request, error: Exception) -> HttpResponse:
    """What is answered where the page itself is not. A missing page and a hidden one answer alike."""
    if isinstance(error, loaders.Hidden):
        _log_refusal(request, page, error.subject)
        raise Http404 from None
    if isinstance(error, Http404):  # a row that the view itself looked for
        _log_refusal(request, page, request.files[-1].row.subject if request.files else None)
        raise error
    if isinstance(error, ProofNeeded):
        drafts.keep_unsent(request, request.actor.user)  # what a POST brought is there again when they come back
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")
    if isinstance(error, Closed):
        return _closed(request, page, error)
    if isinstance(error, Refused):
        return _refused(request, page, error)
    return render(request, "web/problem.html", {"error": error}, status=400)


def _offer_draft(page: Page, request: Request) -> None:
    """A page that does something shows what its reader typed there and did not send (`web.forms` puts it in the fields)."""
    if page.does is not None and request.method == "GET":
        actor = request.actor
        request.draft = SimpleLazyObject(lambda: drafts.read(actor.user, request.path, actor.now))  # type: ignore[attr-defined]


def _load(page: Page, request: Request, refs: dict[str, Any]) -> dict[str, Any]:
    rows = dict(refs)
    for name in page.loads:
        rows[name], request.file = loaders.load(name, refs[name], request.actor)
        request.files.append(request.file)
    return rows


def _check(page: Page, request: Request) -> None:
    """The page's own need. What the role may never do does not exist for it: 404 rather than 403."""
    actor = request.actor
    if page.shows is not None:
        level = request.file.level(page.shows)
        if level in (Level.NONE, Level.REVEAL):
            raise Closed(page.shows)
    elif page.does in DESK_VERBS:
        if not actor.may(page.does):
            raise loaders.Hidden(None)
        if needs_proof(page.does, role=actor.role, relations=frozenset()) and not actor.recently_proved:
            raise ProofNeeded()
    elif page.does is not None:
        request.file.check(page.does)


def _closed(request: Request, page: Page, closed: Closed) -> HttpResponse:
    _log_refusal(request, page, request.file.row.subject)
    can_reveal = request.file.level(closed.part) is Level.REVEAL and request.file.may(Verb.FILE_REVEAL)
    context = {"error": closed, "reveal": closed.part if can_reveal else None, "case": request.file.row}
    return render(request, "access/closed.html", context, status=403)


def _refused(request: Request, page: Page, refused: Refused) -> HttpResponse:
    _log_refusal(request, page, request.files[-1].row.subject if request.files else None)
    return render(request, "web/problem.html", {"error": refused}, status=403)


def _log_refusal(request: Request, page: Page, subject: Any) -> None:
    recording.record_refusal(**log_line(request.actor, page.needs, Outcome.REFUSED, subject))


def _log_looks(request: Request, page: Page) -> None:
    """One entry a child whose file was opened, written just before the answer leaves; if it can't be written, nothing leaves."""
    looks = [
        log_line(request.actor, page.needs, Outcome.READ, file.row.subject, parts=sorted(file.looked))
        for file in request.files
    ]
    if looks:
        with transaction.atomic():
            recording.record_many(looks)
