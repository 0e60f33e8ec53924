"""What a page costs the process that answers: queries, decryptions, its own time, which a busy machine hardly stretches, and its bytes.

Run as `python -m tools.bench.assistance.counting` in a workspace's environment; the process holds the keys, and asks the application
without a server before it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from statistics import median
from typing import Any

from tools.bench.assistance.pages import Reader, jobs
from tools.bench.data.seeding import prepare
from tools.bench.forms.counting import Counted

TIMES = 12


def main(told: dict[str, Any]) -> dict[str, dict[str, float]]:
    """By the name of the page."""
    found, clients = {}, dict[str, Counted]()
    for job in jobs(told):
        name, addresses = next(iter(job.addresses.items()))
        if name not in clients:
            clients[name] = Counted()
            clients[name].sign_in(name)
        client, costs = clients[name], list[tuple[float, ...]]()
        reader = Reader(client, addresses)
        for number in range(TIMES):
            reader.open()
            if number:  # the first one compiles
                costs.append((*client.cost, client.bytes))
        queries, opened, took, size = zip(*costs, strict=True)
        found[job.name] = {"queries": max(queries), "opened": max(opened), "ms": median(took), "bytes": max(size)}
    return found


def told_of(folder: str) -> dict[str, Any]:
    """What the seeding told."""
    told: dict[str, Any] = json.loads((Path(folder) / "assistance.json").read_text())
    return told


if __name__ == "__main__":
    prepare()
    print(json.dumps(main(told_of(os.environ["AMANAT_WORKSPACE"]))))
