"""One at a time, across processes and machines, until the transaction ends."""

from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    """PostgreSQL's advisory locks are numbers; the first half says that they are ours."""

    OFFICE = 1
    SEALER = 2


FAMILY = 0x616D616E  # "aman"


def hold(lock: Lock) -> None:
    """Wait for the lock and hold it until the transaction ends.

    SQLite needs none: its transactions begin IMMEDIATE here, so that there is one writer at a time anyway.
    """
    assert connection.in_atomic_block
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [FAMILY, lock.value])
