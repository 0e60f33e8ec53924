"""Whether what was acknowledged of calls and alerts is there, each once, after the whole tree was killed again and again in a shift."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

from tools.bench.forms.killing import kill
from tools.bench.hotline.browser import Ports
from tools.bench.hotline.load import begun, comparing, ended
from tools.bench.serving import served

SEED = 20261127
CALLS = 240  # a minute, by operators who don't think: a kill should find much on its way
SOONEST, LONGEST = 0.5, 4.0  # seconds from the first page to the kill


def killed(environment: dict[str, str], log: Path, ports: Ports, operators: int, kills: int) -> dict[str, Any]:
    """Kill, begin anew, and compare at the end."""
    chance, began, client = random.Random(SEED), time.monotonic(), None
    at = ports.pages, ports.live
    for _kill in range(kills):
        with served(environment, log, ports=at) as server:
            client = client or begun(environment, ports, operators, CALLS, 0)
            time.sleep(chance.uniform(SOONEST, LONGEST))
            kill(server)
    assert client
    with served(environment, log, ports=at):
        told = ended(client)
    return {"kills": kills, "seconds": time.monotonic() - began, **vars(comparing(environment, told))}
