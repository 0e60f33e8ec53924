"""What one screen costs the process that answers: queries, decryptions, and its own time, which a busy machine hardly stretches.

Run as `python -m tools.bench.forms.counting QUESTIONS` in a workspace's environment; the process holds the keys, and asks the
application without a server before it.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

from tools.bench.client import Client
from tools.bench.data.seeding import prepare
from tools.bench.forms.screens import Filler
from tools.bench.forms.sheet import name_of
from tools.bench.people import worker_name


class Counted(Client):
    """Asks the application in this process."""

    def __init__(self) -> None:
        from django.test import Client as Inner

        super().__init__(0)
        self.inner, self.cost = Inner(headers={"host": "localhost", "accept-encoding": "gzip"}), (0, 0, 0.0)

    def send(self, method: str, path: str, body: str | bytes | None, kind: str) -> tuple[int, str]:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from amanat.vault import sealing

        with (
            CaptureQueriesContext(connection) as queries,
            mock.patch.object(sealing, "unseal", wraps=sealing.unseal) as opened,
        ):
            began = time.process_time()
            answer: Any = self.inner.generic(method, path, body or "", kind)
            took = time.process_time() - began
        asked = [one["sql"] for one in queries if one["sql"].startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]
        self.cost = len(asked), opened.call_count, took * 1000
        self.location, self.bytes = answer.headers.get("Location", ""), len(answer.content)
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return answer.status_code, (gzip.decompress(answer.content) if packed else answer.content).decode()


class Counting(Filler):
    """Notes the costs by what was asked for."""

    def __init__(self, client: Counted) -> None:
        super().__init__(client)
        self.counted, self.costs = client, defaultdict[str, list[tuple[int, int, float]]](list)

    def note(self, what: str, seconds: float, text: str) -> None:
        self.costs[what].append(self.counted.cost)


def main(questions: int) -> dict[str, Any]:
    cases = json.loads((Path(os.environ["AMANAT_WORKSPACE"]) / "phone.json").read_text())["counted"]
    client = Counted()
    client.sign_in(worker_name(1))
    warm, filler = Counting(client), Counting(client)  # the first one compiles
    for case, one in zip(cases, (warm, filler), strict=True):
        one.fill(f"/cases/{case}/forms/{name_of(questions)}")
    return {
        what: {
            "queries": max(cost[0] for cost in costs),
            "opened": max(cost[1] for cost in costs),
            "ms": median(cost[2] for cost in costs),
        }
        for what, costs in filler.costs.items()
    }


if __name__ == "__main__":
    prepare()
    print(json.dumps(main(int(sys.argv[1]))))
