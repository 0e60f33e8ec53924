"""The load that lasts: figures of a shift, whose processor time that was, and whether all that was acknowledged is there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import quantiles
from typing import Any

from tools.bench.forms.accepting import processor
from tools.bench.hotline.browser import Ports
from tools.bench.hotline.ledger import Compared, compared
from tools.bench.hotline.page import ASKED
from tools.bench.serving import Served

READY = "ready\n"


def signed_in(environment: dict[str, str], ports: Ports) -> None:
    subprocess.run(_command("signing", environment, ports), env=environment, check=True)


def under_load(
    environment: dict[str, str], server: Served, ports: Ports, operators: int, calls: int, seconds: float
) -> dict[str, Any]:
    """Figures of so many operators and calls a minute, for so long."""
    client = begun(environment, ports, operators, calls, round(seconds))
    before = processor(server)
    told = ended(client)
    spent = {who: many - before[who] for who, many in processor(server).items()} | {"client": told["cpu"]}
    left = comparing(environment, told)
    return {
        "operators": operators,
        "calls": calls,
        "minutes": seconds / 60,
        "rung": len(told["calls"]),
        "memory": server.memory(),
        "firsts": shown(told["firsts"]),
        "screens": shown(told["screens"]),
        "alerts": shown(told["alerts"]),
        "late": shown(told["late"]),
        "asked": {what: shown(told["seconds"][what]) for what in ASKED if what in told["seconds"]},
        "refused": {what: len(many) for what, many in told["seconds"].items() if what.startswith("refused")},
        "looks": told["looks"],
        "requests": sum(len(told["seconds"].get(what, ())) for what in ASKED) / told["lasted"],
        "share": {who: many / told["lasted"] for who, many in spent.items()},
        "left": vars(left),
    }


def begun(environment: dict[str, str], ports: Ports, operators: int, calls: int, seconds: int) -> subprocess.Popen[str]:
    """A shift in a process of its own, once all listen; until its input ends, where it has no seconds.

    Raises:
        RuntimeError: they could not begin.
    """
    command = [*_command("shift", environment, ports), str(operators), str(calls), str(seconds)]
    client = subprocess.Popen(command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert client.stdout
    if client.stdout.readline() != READY:
        raise RuntimeError("the shift could not begin")
    return client


def ended(client: subprocess.Popen[str]) -> dict[str, Any]:
    """What it tells at its end; it is told to come to it."""
    out, _error = client.communicate()
    if client.returncode:
        raise RuntimeError("the shift broke off")
    told: dict[str, Any] = json.loads(out)
    return told


def comparing(environment: dict[str, str], told: Mapping[str, Any]) -> Compared:
    """What was acknowledged, beside what the database holds."""
    from tools.bench.__main__ import run

    found = json.loads(run("tools.bench.hotline.finding", environment, capture=True).splitlines()[-1])
    return compared(told["calls"], told["taken"], found)


def shown(seconds: list[float | None]) -> dict[str, float]:
    """Milliseconds, of those that came at all, and the share that came within a second."""
    came = sorted(one for one in seconds if one is not None)
    if len(came) < 2:
        return {
            "p50": 0.0,
            "p95": 0.0,
            "max": 0.0,
            "count": len(seconds),
            "never": len(seconds) - len(came),
            "soon": 0.0,
        }
    cuts = quantiles(came, n=20, method="inclusive")
    return {
        "p50": cuts[9] * 1000,
        "p95": cuts[18] * 1000,
        "max": came[-1] * 1000,
        "count": len(seconds),
        "never": len(seconds) - len(came),
        "soon": sum(one < 1 for one in came) / len(seconds),
    }


def _command(what: str, environment: dict[str, str], ports: Ports) -> list[str]:
    folder = str(Path(environment["AMANAT_WORKSPACE"]))
    return [sys.executable, "-m", f"tools.bench.hotline.{what}", folder, str(ports.pages), str(ports.live)]
