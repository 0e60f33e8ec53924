"""What time it is by the devices of those who work here: the page says it with a request, and whoever listens learns no name."""

from __future__ import annotations

import hmac
from typing import Final

from django.dispatch import Signal
from django.http import HttpRequest

from amanat.people.clock import clock
from amanat.people.doors import session_of
from amanat.vault.keys import keyring

HEADER: Final = "Device-Clock"  # milliseconds since 1970
FARTHEST: Final = 10**9  # seconds by which a clock is believed to differ

# `mark`: the same for all that a session says on a day, and of no use to find it; `ahead`: seconds by which the device is ahead; `at`.
told = Signal()


def listen(request: HttpRequest) -> None:
    """Pass on what the device of a signed-in worker says. Where that fails it is logged: no page waits for it."""
    said, row, now = request.headers.get(HEADER, ""), session_of(request).row, clock()
    if row is None or not (said.isascii() and said.isdigit() and len(said) < 20):
        return
    ahead = int(said) // 1000 - int(now.timestamp())
    whose = f"amanat people device {now:%Y-%m-%d} {row.digest}".encode()
    mark = hmac.digest(keyring()["web"], whose, "sha256").hex()[:16]
    told.send_robust(HttpRequest, mark=mark, ahead=max(-FARTHEST, min(FARTHEST, ahead)), at=now)
