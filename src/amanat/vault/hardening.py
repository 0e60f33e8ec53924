"""A process that may come to hold keys: nothing of its memory reaches a disk or another process of the same user."""

from __future__ import annotations

import ctypes
import resource

PR_SET_DUMPABLE = 4  # linux/prctl.h


def harden() -> None:
    """No core dump, and nobody but root may look into the memory or the environment of this process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0)
