"""The program that seals by words: a line of words and what is to be sealed come in, the packet goes out, and nothing touches a disk.

A process of its own (see `packet`): words are made slow to guess by a gigabyte of memory, which whoever serves must not be missing.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4  # linux/prctl.h


def main() -> None:
    system = ctypes.CDLL(None)
    system.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # it ends with whoever asked
    system.prctl(PR_SET_DUMPABLE, 0)  # nobody else of the same user looks into it
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)
    import pyrage

    words, _line, clear = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.buffer.write(pyrage.passphrase.encrypt(clear, words.decode()))


if __name__ == "__main__":
    main()
