"""What was acknowledged of each call, and what of it is not there. Pure: the ledger and what the database holds go in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SAVED = re.compile(r"save (\d+)")


@dataclass
class Call:
    """One ring. `ref` once it was answered with 202; each of the others once the redirect after it had come."""

    number: str
    ref: str = ""
    by: str = ""
    answered: bool = False
    saved: int = 0  # the last one that was acknowledged; the summary says which it is
    sent: int = 0  # the last one that was sent
    outcome: str = ""
    alerted: bool = False
    asked: dict[str, int] = field(default_factory=dict)  # how often something was sent of which no answer came

    def unsure(self, what: str) -> None:
        self.asked[what] = self.asked.get(what, 0) + 1

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Compared:
    """`acknowledged` by kind; `lost` and `twice` as sentences."""

    acknowledged: dict[str, int]
    lost: list[str]
    twice: list[str]


def compared(
    calls: list[Mapping[str, Any]], taken: Mapping[str, str], found: Mapping[str, Mapping[str, Any]]
) -> Compared:
    """`taken`: alerts that a worker took, each with who; `found`: what `finding` says."""
    lost = [one for call in calls for one in _lost(call, found.get(call["ref"]))]
    alerts = {alert["id"]: alert for call in found.values() for case in call["cases"] for alert in case}
    lost += [
        f"alert {one} not taken by {who}" for one, who in taken.items() if alerts.get(one, {}).get("taken_by") != who
    ]
    acknowledged = {
        "rung": sum(bool(call["ref"]) for call in calls),
        "answered": sum(call["answered"] for call in calls),
        "saved": sum(call["saved"] for call in calls),
        "ended": sum(bool(call["outcome"]) for call in calls),
        "alerts raised": sum(call["alerted"] for call in calls),
        "alerts taken": len(taken),
    }
    return Compared(acknowledged, lost, _twice(found))


def _lost(call: Mapping[str, Any], there: Mapping[str, Any] | None) -> list[str]:
    """What of one call is missing, or says something else."""
    if not call["ref"]:
        return []
    if there is None:
        return [f"call {call['ref']} is not there"]
    held = SAVED.search(there["summary"] or "")
    alerts = [alert["kind"] for case in there["cases"] for alert in case]
    wrong = {
        "number": there["number"] != call["number"],
        "operator": call["answered"] and there["operator"] != call["by"],
        "state": call["answered"] and there["outcome"] == "abandoned",
        "save": not call["saved"] <= (int(held[1]) if held else 0) <= call["sent"],
        "end": bool(call["outcome"]) and (there["state"], there["outcome"]) != ("ended", call["outcome"]),
        "alert": call["alerted"] and "p1" not in alerts,
    }
    return [f"call {call['ref']}: {what}" for what, is_so in wrong.items() if is_so]


def _twice(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Calls of one number, each of which was rung once; and cases and alerts of one call."""
    numbers = Counter(call["number"] for call in found.values())
    return [f"{number} rang {many} times" for number, many in numbers.items() if many > 1] + [
        f"call {ref}: {len(call['cases'])} cases"
        for ref, call in found.items()
        if len(call["cases"]) > 1 or any(len(alerts) > 1 for alerts in call["cases"])
    ]
