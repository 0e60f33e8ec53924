"""Whether what phones were told is taken is there, each once, after the whole tree was killed again and again under their load."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tools.bench.forms.accepting import Watch
from tools.bench.forms.phones import NO_ROOM, TAKEN, Phone, Sent
from tools.bench.serving import Served, served

SEED = 20261127
LONGEST = 0.8  # seconds from the first page to the kill
AGAIN = 0.05  # seconds until a phone that got no answer tries again


def killed(environment: dict[str, str], log: Path, kills: int, at_once: int) -> dict[str, Any]:
    """Kill, begin anew, and compare at the end what was acknowledged with what became a record."""
    workspace, chance, over = Path(environment["AMANAT_WORKSPACE"]), random.Random(SEED), threading.Event()
    phones = [Phone(json.loads((workspace / "phone.json").read_text()), 0) for _phone in range(at_once)]
    before, began = inbox(environment)["records"], time.monotonic()
    with ThreadPoolExecutor(at_once) as pool:
        working = [pool.submit(send_until, phone, over) for phone in phones]
        for _kill in range(kills):
            with served(environment, log) as server:
                _connect(phones, server)
                time.sleep(chance.uniform(0, LONGEST))
                kill(server)
        with served(environment, log) as server:
            _connect(phones, server)
            over.set()
            sent = [one.id for found in working for one in found.result()]
            watch = Watch(workspace / "intake")
            watch.look()
            watch.until_empty()
    after = inbox(environment)
    records = after["records"]
    return {
        "kills": kills,
        "seconds": time.monotonic() - began,
        "taken": len(sent),
        "lost": len(set(sent) - records.keys()),
        "twice": sum(1 for one in sent if records[one] > 1) + len(sent) - len(set(sent)),
        "never_said": len(records.keys() - before.keys() - set(sent)),
        "aside": after["aside"],
        "waiting": after["waiting"],
    }


def inbox(environment: dict[str, str]) -> dict[str, Any]:
    """What lies there: the instances that are records, each with how often; how many packets wait for their worker or were set aside."""
    from tools.bench.__main__ import run

    found: dict[str, Any] = json.loads(run("tools.bench.forms.inbox", environment, capture=True).splitlines()[-1])
    return found | {"records": Counter(found["records"])}


def _connect(phones: list[Phone], server: Served) -> None:
    for phone in phones:
        phone.port = server.port


def kill(server: Served) -> None:
    """All processes of the tree, as a power cut ends them."""
    for pid in server.pids():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:  # it died with its supervisor
            continue
    server.process.wait()


def send_until(phone: Phone, over: threading.Event) -> list[Sent]:
    """Send one after the other, each until it is taken, as an app does."""
    found: list[Sent] = []
    while not over.is_set():
        named, request = phone.begin()
        began = time.time()
        while _status(phone, request) != TAKEN:
            time.sleep(AGAIN)
        found.append(Sent(named, began, time.time()))
    return found


def _status(phone: Phone, request: bytes) -> int:
    """0 where nobody answered.

    Raises:
        ValueError: it is refused, and always will be.
    """
    try:
        status = phone.send(request) if phone.port else 0
    except OSError:
        return 0
    if status not in (0, TAKEN, NO_ROOM):
        raise ValueError(f"answered {status}")
    return status
