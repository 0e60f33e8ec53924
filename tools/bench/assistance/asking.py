"""The pages over HTTP, by one person and by sixteen at once; each opens many files in turn."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from tools.bench.assistance.pages import Job, Reader, jobs
from tools.bench.client import Client
from tools.bench.measure import AT_ONCE, Figure, timed


class Doors:
    """Who is signed in, each once: a code of an app is good for one time."""

    def __init__(self, port: int) -> None:
        self.port, self._clients = port, dict[str, Client]()

    def of(self, name: str) -> Client:
        if name not in self._clients:
            self._clients[name] = Client(self.port)
            self._clients[name].sign_in(name)
        return self._clients[name]


def asked(doors: Doors, told: Mapping[str, Any]) -> dict[str, Figure]:
    """Figures by name of the page and number of people."""
    return {f"{job.name}, {many}": _timed(doors, job, many) for job in jobs(told) for many in (1, AT_ONCE)}


def _timed(doors: Doors, job: Job, many: int) -> Figure:
    names = list(job.addresses)[:many]
    readers = {id(doors.of(name)): Reader(doors.of(name), job.addresses[name]) for name in names}

    def seconds(client: Client) -> float:
        began = time.perf_counter()
        readers[id(client)].open()
        return time.perf_counter() - began

    return timed([doors.of(name) for name in names], seconds)
