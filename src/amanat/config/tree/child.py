"""What each child does first: it can't be dumped or traced, it dies with its supervisor, and it reads its keys from an inherited pipe."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from collections.abc import Mapping

from amanat.vault.hardening import harden

PR_SET_PDEATHSIG = 1  # linux/prctl.h
# Numbers of descriptors; the environment never holds what comes out of them.
KEYS, LISTENER, PARENT = "AMANAT_KEYS_FROM", "AMANAT_LISTENER", "AMANAT_SUPERVISOR"
LIVE_LISTENER, SITE_LISTENER = "AMANAT_LIVE_LISTENER", "AMANAT_SITE_LISTENER"  # for the supervisor that follows one
LIVE_PORT = "AMANAT_LIVE_PORT"  # where the live stream is listened for; the settings read it
SITE_ADDRESS = "AMANAT_SITE_ADDRESS"  # where everybody finds the public site; the settings read it


def enter() -> None:
    """Called before anything else is imported."""
    harden()
    # Whoever kills the supervisor must not leave a process behind that holds the keys.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(os.environ[PARENT]):
        sys.exit("the supervisor ended")


def unlock() -> None:
    """Hold the keys that come through the pipe. Waits until the supervisor sends them; they come once."""
    from amanat.vault.keys import Keyring, hold

    with os.fdopen(int(os.environ.pop(KEYS)), "rb") as pipe:
        told = pipe.read()
    if not told:
        sys.exit(0)  # it changed its mind: what had to be done before failed
    hold(Keyring(unpack(json.loads(told))))


def pack(keys: Mapping[str, bytes]) -> dict[str, str]:
    """As they travel in JSON."""
    return {name: key.hex() for name, key in keys.items()}


def unpack(told: Mapping[str, str]) -> dict[str, bytes]:
    return {name: bytes.fromhex(key) for name, key in told.items()}
