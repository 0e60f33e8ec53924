"""The pages of the network over HTTP: what came to an agency, the finder of services, the network; by one worker and by sixteen."""

from __future__ import annotations

import time
from functools import partial

from tools.bench.client import Client
from tools.bench.measure import AT_ONCE, Figure, timed
from tools.bench.people import worker_name

WORKERS = {
    "what came to the agency": "/referrals",
    "a service for a girl of 14, any need": "/directory?age=14&sex=Feminine&language=tk",
    "a shelter that is open now, with a free place": "/directory?need=shelter&age=14&open=now&free=yes",
}
NETWORK = {"the network, 12 months": "/network", "the network, 24 months": "/network?months=24"}


def asked(port: int) -> dict[str, Figure]:
    """Figures by name."""
    found: dict[str, Figure] = {}
    workers = [_signed_in(port, worker_name(number)) for number in range(AT_ONCE)]
    coordinator = _signed_in(port, "coordinator")
    # There is one coordinator: sixteen windows of hers.
    windows = [coordinator, *(_beside(coordinator, port) for _window in range(AT_ONCE - 1))]
    for who, pages in ((workers, WORKERS), (windows, NETWORK)):
        for name, address in pages.items():
            for many in (1, AT_ONCE):
                found[f"{name}, {many}"] = timed(who[:many], partial(_get, address))
    return found


def _get(address: str, client: Client) -> float:
    began = time.perf_counter()
    client.get(address)
    return time.perf_counter() - began


def _signed_in(port: int, name: str) -> Client:
    client = Client(port)
    client.sign_in(name)
    return client


def _beside(client: Client, port: int) -> Client:
    window = Client(port)
    window.cookies = dict(client.cookies)
    return window
