"""The supervisor's private socket: processes of the same user, or root's, ask for the keys or for a lock. Asking is `vault.control`'s."""

from __future__ import annotations

import json
import logging
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from amanat.vault import control

Answer = dict[str, Any]
log = logging.getLogger(__name__)
CONTROL = "AMANAT_CONTROL"  # the number of its descriptor
SLOWEST = 2.0  # seconds for somebody to say their line
LONGEST = 4096  # bytes of a line


class Control:
    """The listening socket. `answer` gets a question and gives the answer, and perhaps what is to be done once it was given."""

    def __init__(self, workspace: Path, answer: Callable[[Answer], tuple[Answer, Callable[[], None] | None]]) -> None:
        self._answer = answer
        if inherited := os.environ.pop(CONTROL, ""):
            self.socket = socket.socket(fileno=int(inherited))
        else:
            self.socket = _listen(workspace)
        self.socket.setblocking(False)

    def leave_open(self) -> None:
        """For the program that this process becomes: whoever asks meanwhile waits, and is answered by it."""
        os.set_inheritable(self.socket.fileno(), True)
        os.environ[CONTROL] = str(self.socket.fileno())

    def serve_one(self) -> None:
        """Answer whoever waits. Somebody who says nothing sensible gets nothing."""
        try:
            line, _nobody = self.socket.accept()
        except BlockingIOError:
            return
        afterwards = None
        with line:
            line.settimeout(SLOWEST)
            if may_ask(line):
                try:
                    answer, afterwards = self._answer(_question(line))
                    line.sendall(json.dumps(answer).encode() + b"\n")
                except (OSError, ValueError) as error:
                    log.info("a question was left without an answer: %s", type(error).__name__)
                except Exception as error:  # whatever it was about, whoever holds the keys lives on
                    log.error("a question could not be answered: %s", type(error).__name__)
        if afterwards:
            afterwards()


def _listen(workspace: Path) -> socket.socket:
    folder = workspace / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    (folder / "control").unlink(missing_ok=True)
    line = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        with control.address(workspace) as place:
            line.bind(place)
    finally:
        os.umask(before)
    line.listen()
    return line


def may_ask(line: socket.socket) -> bool:
    """Whether the other end is a process of our user, or root's, by the kernel's word."""
    told = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, user, _group = struct.unpack("3i", told)
    return user in (os.geteuid(), 0)


def _question(line: socket.socket) -> Answer:
    with line.makefile("rb") as lines:
        told = json.loads(lines.readline(LONGEST))
    if not isinstance(told, dict):
        raise ValueError("not a question")
    return told
