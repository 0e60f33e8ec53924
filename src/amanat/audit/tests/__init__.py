"""The log's promises. Times are given: everything happens at noon and is looked at a little later."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
LATER = NOON + timedelta(seconds=30)
