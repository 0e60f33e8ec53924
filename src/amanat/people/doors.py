"""How far a request has come in: signed in, proved by two factors, locked. Each view says how much of it it needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from amanat.people.clock import clock
from amanat.people.models import User
from amanat.people.sessions import SessionStore

IDLE = timedelta(minutes=10)  # DESIGN §8
PROOF = timedelta(minutes=10)  # how long an authentication counts for what asks for a fresh one

SECOND_FACTOR, PROVED_AT, LANGUAGE, MEMBERSHIP, DEMO = "second_factor", "proved_at", "language", "membership", "demo"

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def while_locked(view: View) -> View:
    """The view answers a locked session too."""
    view.while_locked = True  # type: ignore[attr-defined]
    return view


def before_second_factor(view: View) -> View:
    """The view answers a worker who has yet to set up a second factor."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def unattended(view: View) -> View:
    """The page calls the view by itself, so a call is no sign that the worker is there."""
    view.unattended = True  # type: ignore[attr-defined]
    return view


def session_of(request: HttpRequest) -> SessionStore:
    """The request's session, with its type."""
    return cast(SessionStore, request.session)


def worker_of(request: HttpRequest) -> User:
    """The signed-in worker of a view that is only reached signed in."""
    return cast(User, request.user)


def is_locked(request: HttpRequest) -> bool:
    """Whether the signed-in session waits for one factor: nobody was there for ten minutes, or the worker locked it."""
    row = session_of(request).row
    return bool(row and row.user_id and (row.locked_at or clock() - row.seen_at >= IDLE))


def lock(request: HttpRequest) -> None:
    """Lock the session now, before the ten minutes are over."""
    row = session_of(request).row
    if row and not row.locked_at:
        row.locked_at = clock()
        row.save(update_fields=["locked_at"])


def second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened with two factors, or by a passkey that checked its holder (or is a demo's)."""
    return bool(request.session.get(SECOND_FACTOR))


def proved_at(request: HttpRequest) -> datetime | None:
    """When the worker last showed, in this session, that it is them; None for a visitor."""
    held = request.session.get(PROVED_AT)
    return datetime.fromisoformat(held) if held else None


def is_open(request: HttpRequest) -> bool:
    """Signed in, by two factors, and not locked: only such a request acts for a worker."""
    return request.user.is_authenticated and second_factor(request) and not is_locked(request)


def opened(request: HttpRequest, user: User, *, second_factor: bool) -> None:
    """Note in a session that just began how it was opened."""
    request.session[SECOND_FACTOR] = second_factor
    request.session[LANGUAGE] = user.language
    proved(request)


def proved(request: HttpRequest) -> None:
    """The worker just showed that it is them: the session opens again and fresh proof counts from now."""
    now = clock()
    request.session[PROVED_AT] = now.isoformat()
    row = session_of(request).row
    if row:
        row.seen_at, row.locked_at = now, None
        row.save(update_fields=["seen_at", "locked_at"])


def freshly_proved(request: HttpRequest) -> bool:
    """Whether the last authentication is recent enough for what a thief of an open session must not do."""
    moment = proved_at(request)
    return bool(moment and clock() - moment < PROOF)


def asks_for_proof(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view is preceded by "confirm that it is you" when the last proof is older than ten minutes."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if freshly_proved(request):
            return view(request, *args, **kwargs)
        return redirect(with_next("account_reauthenticate", request.get_full_path()))

    return asked


def with_next(url_name: str, next_: str) -> str:
    """The address of a way in, with the page to go to afterwards."""
    return reverse(url_name) + ("" if next_ in ("", "/") else "?" + urlencode({"next": next_}))


def next_of(request: HttpRequest) -> str:
    """The page of ours to go to after a way in, "/" where none is named."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_ours(wanted) else "/"


def is_ours(address: str) -> bool:
    """Whether an address that somebody brought leads to a page of ours, and nowhere else."""
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=settings.AMANAT_TLS)
    return ours and address.startswith("/")
