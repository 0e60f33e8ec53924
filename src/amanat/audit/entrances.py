"""Who came in, who went, and which wrong passwords were tried. `people` stands below this room, so it is heard by Django's signals."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.http import HttpRequest

from amanat.audit.models import Outcome
from amanat.audit.recording import record
from amanat.people.clock import clock
from amanat.people.models import User

SIGN_IN, SIGN_OUT = "sign_in", "sign_out"


def listen() -> None:
    """Begin to note entrances; once is enough, also when called twice."""
    user_logged_in.connect(signed_in, dispatch_uid="audit.signed_in")
    user_logged_out.connect(signed_out, dispatch_uid="audit.signed_out")
    user_login_failed.connect(turned_away, dispatch_uid="audit.turned_away")


def signed_in(request: HttpRequest, user: User, **_signal: Any) -> None:
    _note(SIGN_IN, Outcome.DONE, user, request)


def signed_out(request: HttpRequest, user: User | None, **_signal: Any) -> None:
    if user is not None:
        _note(SIGN_OUT, Outcome.DONE, user, request)


def turned_away(credentials: dict[str, Any], request: HttpRequest | None = None, **_signal: Any) -> None:
    """A wrong password. A name that nobody has is not kept: people type passwords into that field."""
    user = User.objects.filter(username=credentials.get("username") or "").first()
    _note(SIGN_IN, Outcome.REFUSED, user, request)


def _note(verb: str, outcome: Outcome, user: User | None, request: HttpRequest | None) -> None:
    where = request.META.get("REMOTE_ADDR") if request is not None else None
    with transaction.atomic():
        record(at=clock(), verb=verb, outcome=outcome, user=user, details={"where": where} if where else None)
