"""Programs that send to us without a session: by which token they are known, and how often one address may try."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from amanat.people.clock import clock
from amanat.vault.durable import turn

BEARER: Final = "Bearer "


def token_digest(request: HttpRequest) -> str | None:
    """SHA-256 of the token that a program sends along; None without one."""
    told = request.headers.get("Authorization", "")
    return digest_of(told.removeprefix(BEARER)) if told.startswith(BEARER) else None


def digest_of(token: str) -> str:
    """As which a token is kept: random and long, it needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def seconds_to_wait(request: HttpRequest, counter: str, limit: tuple[int, int]) -> int:
    """Count one try of this address under `counter`, over all processes. Seconds until it may try again; 0 where it may now.

    `limit`: so many in so many seconds.
    """
    most, seconds = limit
    now = clock().timestamp()
    period = int(now // seconds)
    key = f"{counter}:{request.META.get('REMOTE_ADDR', '')}:{period}"
    with turn(Path(settings.WORKSPACE), "senders"):  # a cache in files adds up in two steps
        tried = cache.get(key, 0) + 1
        cache.set(key, tried, timeout=seconds)
    return 0 if tried <= most else max(1, round((period + 1) * seconds - now))
