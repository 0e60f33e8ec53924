"""What time it is for sessions, locks and codes: one place, so that a test can say it instead of waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone

_stopped_at: datetime | None = None


def clock() -> datetime:
    """Now, in UTC."""
    return _stopped_at or timezone.now()


@contextmanager
def stopped(moment: datetime) -> Iterator[None]:
    """Inside the block it is `moment`, in every thread. For tests."""
    global _stopped_at
    before, _stopped_at = _stopped_at, moment
    try:
        yield
    finally:
        _stopped_at = before
