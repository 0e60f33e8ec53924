"""The product served for a benchmark: a real `amanat serve`, its start timed, its memory read, ended by its own process id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Served:
    """A running server: where, how long it took to the first page, and its process."""

    port: int
    seconds_to_first_page: float
    process: subprocess.Popen[bytes]

    def memory(self) -> float:
        """Resident megabytes of the supervisor and its children together (shared pages counted in proportion)."""
        return sum(_proportional(pid) for pid in self.pids()) / 1024

    def pids(self) -> list[int]:
        """The supervisor and what it started."""
        return [self.process.pid, *_children(self.process.pid)]


@contextmanager
def served(
    environment: dict[str, str], log: Path, *, locked: bool = False, ports: tuple[int, int] | None = None
) -> Iterator[Served]:
    """`amanat serve` in a workspace's environment, from start to first answered page, until the block ends.

    `locked`: it is the page that says so, with its status 503. `ports`: of pages and stream; else a free one, and no stream.
    """
    port = ports[0] if ports else free_port()
    start = time.perf_counter()
    with log.open("wb") as output:
        command = [sys.executable, "-m", "amanat", "serve", "--port", str(port), *(["--locked"] if locked else [])]
        # Without a stream there is no site either: both are programs more, and each start would count them.
        command += ["--live-port", str(ports[1])] if ports else ["--live-port", "0", "--site-port", "0"]
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        while not _answers(port, 503 if locked else 200):
            if process.poll() is not None:
                raise RuntimeError(log.read_text())
            time.sleep(0.01)
        yield Served(port, time.perf_counter() - start, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _answers(port: int, status: int) -> bool:
    import http.client

    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/account/sign-in", headers={"Host": "localhost"})
        return connection.getresponse().status == status
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _children(pid: int) -> list[int]:
    own = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [child for first in own for child in (int(first), *_children(int(first)))]


def _proportional(pid: int) -> int:
    """Only root may look so closely into a process that holds keys; for others the pages that it shares count whole."""
    try:
        told, figure = Path(f"/proc/{pid}/smaps_rollup").read_text(), "Pss:"
    except PermissionError:
        told, figure = Path(f"/proc/{pid}/status").read_text(), "VmRSS:"
    for line in told.splitlines():
        if line.startswith(figure):
            return int(line.split()[1])
    raise RuntimeError(f"no memory figure for process {pid} (uid {os.getuid()})")
