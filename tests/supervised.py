"""Somebody who answers at a workspace's private socket, as the supervisor does, for tests in one process."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from amanat.config.tree.control import Answer, Control


@contextmanager
def answering(workspace: Path, answer: Answer | Callable[[Answer], Answer]) -> Iterator[list[Any]]:
    """Each question gets the same answer during the block, or that of a function; the questions, as they come."""
    asked: list[Any] = []

    def heard(question: Answer) -> tuple[Answer, None]:
        asked.append(question)
        return (answer(question) if callable(answer) else answer), None

    control = Control(workspace, heard)
    ends, end = os.pipe()

    def serve() -> None:
        while ends not in select.select([control.socket, ends], [], [])[0]:
            control.serve_one()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield asked
    finally:
        os.write(end, b"x")
        thread.join()
        control.socket.close()
        for handle in (ends, end):
            os.close(handle)
