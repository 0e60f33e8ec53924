"""What is measured of a served workspace: pages, saving, signing in, with one worker and with sixteen at once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from statistics import quantiles

from tools.bench.client import Client
from tools.bench.people import worker_name

ROUNDS, AT_ONCE = 100, 16
FILE = re.compile(r'href="(/cases/[0-9a-f]{32})"')


@dataclass(frozen=True)
class Figure:
    """Milliseconds at the median and the 95th percentile over `count` requests, and the largest answer in bytes."""

    p50: float
    p95: float
    count: int
    bytes: int = 0


def figure(seconds: list[float], size: int = 0) -> Figure:
    cuts = quantiles(seconds, n=20, method="inclusive")
    return Figure(cuts[9] * 1000, cuts[18] * 1000, len(seconds), size)


def measure(port: int) -> dict[str, Figure]:
    """Figures by name; the same pages for one worker and for sixteen different ones at once."""
    found: dict[str, Figure] = {}
    workers = [Client(port) for _worker in range(AT_ONCE)]
    found["sign in, 1"] = figure([worker.sign_in(worker_name(number)) for number, worker in enumerate(workers)])
    fresh = [Client(port) for _worker in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waits = list(pool.map(lambda pair: pair[1].sign_in(worker_name(AT_ONCE + pair[0])), enumerate(fresh)))
    found["sign in, 16"] = figure(waits)
    for name, steps in JOBS.items():
        found[f"{name}, 1"] = timed([workers[0]], steps)
        found[f"{name}, 16"] = timed(workers, steps)
    for who in ("supervisor", "coordinator"):
        boss = Client(port)
        boss.sign_in(who)
        for order in ("due", "risk", "opened", "contact"):
            found[f"caseload of a {who} by {order}, 1"] = timed([boss], partial(_caseload, order=order))
    return found


def timed(workers: list[Client], steps: Callable[[Client], float]) -> Figure:
    def work(worker: Client) -> tuple[list[float], int]:
        steps(worker)  # the first one is not measured: connections and caches are cold
        rounds = max(10, ROUNDS // len(workers))
        return [steps(worker) for _round in range(rounds)], worker.bytes

    with ThreadPoolExecutor(len(workers)) as pool:
        told = list(pool.map(work, workers))
    return figure([second for seconds, _size in told for second in seconds], max(size for _seconds, size in told))


def _caseload(client: Client, order: str = "due") -> float:
    start = time.perf_counter()
    client.get(f"/cases?sort={order}")
    return time.perf_counter() - start


def _first_file(client: Client) -> str:
    if not hasattr(client, "file"):
        client.file = FILE.search(client.get("/cases?sort=due"))[1]  # type: ignore[attr-defined, index]
    path: str = client.file  # type: ignore[attr-defined]
    return path


def _open_file(client: Client) -> float:
    path = _first_file(client)
    start = time.perf_counter()
    client.get(path)
    return time.perf_counter() - start


def _save_note(client: Client) -> float:
    path = f"{_first_file(client)}/note"
    page = client.get(path)
    start = time.perf_counter()
    client.post(path, page, part="narrative", text="Met at the office. Slept well, asks about school.")
    return time.perf_counter() - start


JOBS: dict[str, Callable[[Client], float]] = {
    "caseload page": _caseload,
    "open file": _open_file,
    "save note": _save_note,
}
