"""Starts the clients of `inserting` in processes of their own, and kills them."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE
from typing import IO

from .inserting import environment


def start(file: Path, *rows: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "amanat.vault.sqlcipher.tests.inserting", str(file), *rows]
    return subprocess.Popen(command, env=environment(), stdin=PIPE, stdout=PIPE, stderr=PIPE, bufsize=0)


def pipe(end: IO[bytes] | None) -> IO[bytes]:
    """The pipe that `start` asked for."""
    assert end
    return end


class Nursery:
    """A process that forks a client whenever it is asked; the clients are what gets killed."""

    def __init__(self, file: Path) -> None:
        self.process = start(file)
        self.stdout = pipe(self.process.stdout)
        self.client = 0

    def begin(self) -> None:
        pipe(self.process.stdin).write(b"\n")
        self.client = int(self.stdout.readline())

    def kill(self) -> None:
        os.kill(self.client, signal.SIGKILL)

    def last_words(self) -> list[bytes]:
        return list(iter(self.stdout.readline, b"ended\n"))

    def end(self) -> bytes:
        return self.process.communicate(timeout=60)[1]
