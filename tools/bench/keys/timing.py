"""A command of the product as a process of its own: how long it took, and the most memory that it held."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Took:
    """Seconds from begin to end, start of Python included; megabytes resident at most."""

    seconds: float
    megabytes: float

    def figures(self) -> dict[str, float]:
        return asdict(self)


def timed(environment: dict[str, str], *command: str, said: str = "") -> tuple[Took, str]:
    """Run `amanat COMMAND`, answer what it asks, and give what it cost and what it said.

    Raises:
        RuntimeError: it failed; with all that it said.
    """
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "amanat", *command],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            text=True,
        )
        assert process.stdin
        process.stdin.write(said)
        process.stdin.close()
        _pid, status, used = os.wait4(process.pid, 0)
        took = Took(time.perf_counter() - start, used.ru_maxrss / 1024)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        told = output.read()
    if process.returncode:
        raise RuntimeError(f"amanat {' '.join(command)}: {told}")
    return took, told
