"""Whether a time server keeps the clock of this machine right, by the kernel's own word (`adjtimex` that changes nothing)."""

from __future__ import annotations

import ctypes
from typing import Final

STA_UNSYNC: Final = 0x40  # linux/timex.h


class Timex(ctypes.Structure):
    """The beginning of `struct timex`, with room for the rest of it."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def is_synchronised() -> bool | None:
    """None where it does not say: some containers and units of systemd forbid to ask."""
    told = Timex()
    if ctypes.CDLL(None).adjtimex(ctypes.byref(told)) < 0:
        return None
    return not told.status & STA_UNSYNC
