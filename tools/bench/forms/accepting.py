"""How many filled forms a served workspace takes, whose processor time that is, and how long until each is a record."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

from tools.bench.serving import Served

TICK = os.sysconf("SC_CLK_TCK")
LOOK = 0.1  # seconds between two looks at who waits
PATIENCE = 300.0  # seconds for what waits after the last


def accepted(
    environment: dict[str, str], server: Served, *, seconds: float, at_once: int, rate: float = 0.0
) -> dict[str, Any]:
    """Figures of a load that lasts so long; `rate`: how many a second, 0: as many as are taken."""
    watch, began, before = Watch(Path(environment["AMANAT_WORKSPACE"]) / "intake"), time.monotonic(), processor(server)
    told = _sent(environment, [server.port, seconds, at_once, rate], watch)
    lasted, during = time.monotonic() - began, processor(server)
    watch.until_empty()
    spent = {who: many - before[who] for who, many in processor(server).items()} | {"client": told["cpu"]}
    done = len(told["taken"])
    return {
        "rate": done / told["seconds"],
        "count": done,
        "seconds": told["seconds"],
        "answered": milliseconds([taken - sent for _id, sent, taken in told["taken"]]),
        "lag": milliseconds(list(watch.lags.values())),
        "filed": len(watch.lags),
        "filed_rate": len(watch.lags) / (time.monotonic() - began),
        "most": watch.most,
        "refused": told["refused"],
        "share": {who: (during[who] - before[who]) / lasted for who in during}
        | {"client": told["cpu"] / told["seconds"]},
        "each": {who: many / done * 1000 for who, many in spent.items()},
    }


def _sent(environment: dict[str, str], load: list[float], watch: Watch) -> dict[str, Any]:
    """What the phones, a process of their own, say at the end; until then the folder is watched."""
    phone = Path(environment["AMANAT_WORKSPACE"]) / "phone.json"
    command = [sys.executable, "-m", "tools.bench.forms.phones", str(phone), *map(str, load)]
    with tempfile.TemporaryFile("w+") as output:
        client = subprocess.Popen(command, env=environment, stdout=output)
        while client.poll() is None:
            watch.look()
            time.sleep(LOOK)
        if client.returncode:
            raise RuntimeError("the phones broke off")
        output.seek(0)
        told: dict[str, Any] = json.load(output)
        return told


@dataclass
class Watch:
    """The folder of what waits. A packet's name says when it was received; it goes when its record is committed."""

    place: Path
    lags: dict[str, float] = field(default_factory=dict)
    most: int = 0
    _there: set[str] = field(default_factory=set)

    def look(self) -> None:
        now, there = time.time(), {one.name for one in self.place.glob("*.packet")}
        for name in self._there - there:
            self.lags[name] = now - _received(name)
        self._there, self.most = there, max(self.most, len(there))

    def until_empty(self) -> None:
        by = time.monotonic() + PATIENCE
        while self._there:
            if time.monotonic() > by:
                raise TimeoutError(f"{len(self._there)} still wait")
            time.sleep(LOOK)
            self.look()


def _received(name: str) -> float:
    return datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC).timestamp()


def milliseconds(seconds: list[float]) -> dict[str, float]:
    cuts = quantiles(seconds, n=20, method="inclusive")
    return {"p50": cuts[9] * 1000, "p95": cuts[18] * 1000}


# --- the processor ----------------------------------------------------------------------------------------------------


def processor(server: Served) -> dict[str, float]:
    """Seconds that the processes had until now: those that answer, the tasks, the live stream, and PostgreSQL's."""
    spent = {"web": 0.0, "tasks": 0.0, "stream": 0.0, "database": 0.0}
    for pid in server.pids():
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        who = next((one for one in ("web", "tasks", "stream") if f"tree.{one}".encode() in command), "")
        if who:
            spent[who] += _spent(pid)
    spent["database"] = sum(_spent(pid) for pid in _of_postgres())
    return spent


def _spent(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(told[11]) + int(told[12])) / TICK


def _of_postgres() -> list[int]:
    """All servers of the machine: a bench has it for itself."""
    found = []
    for one in Path("/proc").iterdir():
        try:
            if one.name.isdigit() and (one / "comm").read_text().strip() == "postgres":
                found.append(int(one.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found
