"""One writer waits at the door, the others queue behind it: who commits without pause cannot keep everybody else out.

SQLite lets one connection write at a time but keeps no queue: whoever waits looks again after up to 100 ms, and a batch
that begins its next transaction at once is nearly always there first. Two such writers were seen to lock a third out
for five seconds. Here a writer holds the turnstile while it waits for its transaction to begin, so that the batch finds
it taken when it comes back. Which transaction may write is still decided by SQLite alone.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError

LOOK_AGAIN_SECONDS: Final = 0.002


@contextmanager
def turn(path: str, seconds: float) -> Iterator[None]:
    """Hold the turnstile at `path` (an empty file, made if need be) during the block.

    Raises:
        OperationalError: it was not free within so many seconds.
    """
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        deadline = time.monotonic() + seconds
        while not _taken(handle):
            if time.monotonic() > deadline:
                raise OperationalError(f"The database is busy: others have been writing for {seconds:g} seconds.")
            time.sleep(LOOK_AGAIN_SECONDS)
        yield
    finally:
        os.close(handle)  # and with it the lock, as when the process is killed


def _taken(handle: int) -> bool:
    """Try to lock; not by waiting in the kernel, which knows no time limit."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
