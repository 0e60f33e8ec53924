"""The whole tree of processes as it runs: begun, looked at from outside, and ended."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amanat.vault import control
from tests.served import demo, environment, typed, with_a_sender

LOOK_AGAIN = 0.05  # seconds; whom we wait for needs the processor more than we do
PATIENCE = 300  # seconds until a slow machine may be called broken
AGAIN = """
import contextlib, io, time
by = time.monotonic() + {patience}
while True:
    with contextlib.redirect_stdout(io.StringIO()) as told:
        exec({script!r}, {{}})
    if {words!r} <= set(told.getvalue().split()) or time.monotonic() > by:
        break
    time.sleep({pause})
print(told.getvalue())
"""


@dataclass
class Tree:
    """A workspace that is served."""

    environment: dict[str, str]
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def folder(self) -> Path:
        return Path(self.environment["AMANAT_WORKSPACE"])

    def status(self) -> dict[str, Any]:
        gone = {"state": "gone", "processes": {}}
        try:
            return control.ask(self.folder, {"ask": "status"}) or gone
        except control.NoAnswer:  # it ended while it was asked
            return gone

    def pids(self) -> dict[str, int]:
        return self.status()["processes"]

    def all_pids(self) -> list[int]:
        return [self.process.pid, *self.pids().values()]

    def comes_to(self, state: str) -> None:
        """Wait until it is open, or locked."""
        self.until(lambda: self.status()["state"] == state)

    def until(self, holds: Any) -> None:
        by = time.monotonic() + PATIENCE
        while not holds():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < by, self.log.read_text()
            time.sleep(LOOK_AGAIN)

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        """The answer, with its body read into `text`. Header names are written with underscores."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in {"Host": "localhost", **headers}.items()}
        connection.request(method, path, body=body, headers=named)
        answer = connection.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        connection.close()
        return answer

    def send(self, body: bytes, kind: str = "letter", **headers: str) -> int:
        """Send a packet; the status."""
        return self.ask(f"/intake/{kind}", "POST", body, **headers).status

    def amanat(self, *command: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return typed(self.environment, *command, said=said)

    def tell(self, script: str) -> list[str]:
        """What a script with the keys prints, in words."""
        done = self.amanat("shell", "-c", script)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    def comes_to_tell(self, script: str, *words: str) -> list[str]:
        """What it prints when these words are among it. One process asks again and again: each new one would take half a second from
        whom it waits for."""
        told = self.tell(AGAIN.format(script=script, words=set(words), patience=PATIENCE, pause=LOOK_AGAIN))
        assert set(words) <= set(told), self.log.read_text()
        return told

    def end(self, by: int = signal.SIGTERM) -> int:
        self.process.send_signal(by)
        return self.process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def tree(environment: dict[str, str], log: Path, *words: str, said: bytes = b"", **more: Any) -> Iterator[Tree]:
    """`amanat serve` until the block ends, whatever state it begins in."""
    port = free_port()
    alone = (
        () if "--live-port" in words else ("--live-port", "0", "--site-port", "0")
    )  # what most tests do not ask about
    command = [sys.executable, "-m", "amanat", "serve", "--port", str(port), *alone, *words]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=output, stderr=output, process_group=0, **more
        )
    assert process.stdin
    process.stdin.write(said)
    process.stdin.close()
    served = Tree(environment, port, process, log)
    try:
        served.until(lambda: served.status()["state"] in ("open", "locked"))
        yield served
    finally:
        if process.poll() is None:
            served.end()


def is_gone(pid: int) -> bool:
    """Whether a process ended; one that nobody has waited for yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def made(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a finished demo workspace, where the sender for tests has its kind of packet."""
    held = environment(folder / "workspace", folder / "temporary", **more) | with_a_sender()
    demo(held)
    return held
