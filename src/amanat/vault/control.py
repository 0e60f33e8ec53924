"""Asking the process that holds the keys: a line of JSON out, one back, over the workspace's private socket (see `config.tree.control`)."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from amanat.web.errors import PersonFacingError

WAIT = "wait"  # what an answer calls wrong where there were too many tries
PATIENCE = 120.0  # seconds; an answer to words takes one, ending what is on its way at most forty


class NoAnswer(PersonFacingError):
    """Somebody serves this workspace, and says nothing."""

    def __init__(self) -> None:
        super().__init__(_("The process that keeps the keys does not answer. Start Amanat again."))


@contextmanager
def address(workspace: Path) -> Iterator[str]:
    """The socket's address during the block, by way of an open folder: an address may have 107 bytes, a path many more."""
    folder = os.open(workspace / "run", os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/control"
    finally:
        os.close(folder)


def ask(workspace: Path, question: dict[str, Any], patience: float = PATIENCE) -> dict[str, Any] | None:
    """What the supervisor answers; None where nobody serves this workspace.

    Raises:
        NoAnswer: it said nothing for `patience` seconds, or nothing that can be read.
    """
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(patience)
        try:
            with address(workspace) as place:
                line.connect(place)
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except (TimeoutError, BlockingIOError):  # too many wait already
            raise NoAnswer from None
        try:
            line.sendall(json.dumps(question).encode() + b"\n")
            with line.makefile("rb") as answers:
                held: dict[str, Any] = json.loads(answers.readline())
        except (OSError, ValueError) as error:
            raise NoAnswer from error
    return held
