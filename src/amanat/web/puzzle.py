"""A small piece of work instead of a foreign captcha: whoever sends a form finds a number for it, which takes a browser a moment and
whoever sends thousands a long time. Without a script one waits instead. A paper is good once.

Signed by the process that gave it out: after a restart the page gives another.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache
from django.utils.crypto import salted_hmac

SALT: Final = "amanat.web.puzzle"
BITS: Final = 16  # zeros at the beginning of the digest: 65,536 tries on average, under a second on a cheap telephone; ours, unverified
SLOWLY: Final = timedelta(seconds=20)  # after which a form is taken without the number; ours
GOOD_FOR: Final = timedelta(hours=2)  # how long a page may stand open; ours


def paper(now: datetime) -> str:
    """What stands in the form: when it was given out, something that nobody else has, and our mark."""
    told = f"{int(now.timestamp())}-{secrets.token_hex(12)}"
    return f"{told}-{_mark(told)}"


def age(given: str, now: datetime) -> timedelta | None:
    """How long ago it was given out; None where we did not, or too long ago."""
    told, _dash, mark = given.rpartition("-")
    if not hmac.compare_digest(mark.encode(), _mark(told).encode()):
        return None
    since = now - datetime.fromtimestamp(int(told.partition("-")[0]), now.tzinfo)
    return since if since <= GOOD_FOR else None


def is_solved(given: str, answer: str) -> bool:
    digest = hashlib.sha256(f"{given}.{answer}".encode()).digest()
    return answer.isdecimal() and int.from_bytes(digest) >> (8 * len(digest) - BITS) == 0


def used_for(given: str) -> str | None:
    """The id of what was sent with this paper; None where nothing was yet."""
    sent: str | None = cache.get(_key(given))
    return sent


def use(given: str, sent: str) -> None:
    cache.set(_key(given), sent, timeout=GOOD_FOR.total_seconds())


def _mark(told: str) -> str:
    return salted_hmac(SALT, told, algorithm="sha256").hexdigest()[:32]


def _key(given: str) -> str:
    return f"puzzle:{hashlib.sha256(given.encode()).hexdigest()}"
