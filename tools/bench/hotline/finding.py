"""Run as `python -m tools.bench.hotline.finding` in a workspace's environment: every call that a telephone system announced, as JSON.

The process holds the keys, and reads what was written down.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from tools.bench.data.seeding import prepare


def main() -> dict[str, dict[str, Any]]:
    """By reference."""
    from amanat.hotline.models import Call, MatterCase
    from amanat.vault.sealing import open_sealed

    cases: dict[Any, list[Any]] = defaultdict(list)
    for opened in MatterCase.objects.filter(call__isnull=False).select_related("case"):
        cases[opened.call_id].append(_alerts(opened.case))
    rows = Call.objects.filter(line__isnull=False).select_related("subject", "operator__user")
    return {
        call.pk.hex: {
            "number": open_sealed(call, "number"),
            "state": call.state,
            "outcome": call.outcome,
            "operator": call.operator.user.username if call.operator else None,
            "summary": (open_sealed(call, "content") or {}).get("summary", ""),
            "cases": cases[call.pk],
        }
        for call in rows
    }


def _alerts(case: Any) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "id": one.pk.hex, "taken_by": one.taken_by.user.username if one.taken_by else None}
        for one in case.alerts.select_related("taken_by__user")
    ]


if __name__ == "__main__":
    prepare()
    print(json.dumps(main()))
