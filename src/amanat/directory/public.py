"""The public part of the directory: what a public site may show, as one file in a folder that its process reads without keys.

It holds what `openness` calls open, and nothing else: no confidential place, nothing withheld, no service that is paused.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from amanat import packs
from amanat.directory.models import Service
from amanat.directory.nesting import FULL, Nesting
from amanat.directory.openness import as_shown, fetch, open_rows
from amanat.directory.published import LISTS, NAME, file
from amanat.vault.durable import turn, write_whole

_AT_ONCE: Final = 200


def entries() -> Iterator[dict[str, Any]]:
    """Each open service with all that belongs to it, as HSDS nests it; beside it what the standard has no column for: the needs
    that it is for and the regions of its open places, in codes of the pack, for which sex, its texts in other languages, and whether
    it comes from a source that nobody checked.
    """
    rows = list(open_rows("services").prefetch_related("needs").order_by("name", "pk"))
    for start in range(0, len(rows), _AT_ONCE):
        some: list[Service] = rows[start : start + _AT_ONCE]
        nesting = Nesting(fetch, FULL["services"])
        nesting.load("services", as_shown(some))
        regions = _regions(some)
        for row in some:
            beside: dict[str, Any] = {
                "needs": [need.code for need in row.needs.all()],
                "regions": regions[row.pk],
                "sex": row.sex,
            }
            beside |= {"texts": row.texts, "unverified": bool(row.source) and not row.verified}
            yield {"service": nesting.whole("services", row.pk)} | beside


def _regions(services: Sequence[Service]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = open_rows("service_at_location").filter(service__in=services).exclude(location__region="").order_by("pk")
    for service, region in rows.values_list("service_id", "location__region"):
        if region not in found[service]:
            found[service].append(region)
    return found


def words() -> dict[str, dict[str, dict[str, str]]]:
    """What the pack calls its codes, in every language."""
    known = packs.current()
    return {name: {code.code: dict(code.label.texts) for code in known.codes(name).codes} for name in LISTS}


def write(now: datetime) -> int:
    """Write the file anew; how many services stand in it. Whoever reads it meanwhile reads the one before.

    Who writes waits for who writes already: what was read before an entry was hidden never takes the place of what came after.
    """
    place = file()
    with turn(place.parent.parent, NAME):
        told = list(entries())
        content = {"made_at": now.astimezone(UTC).isoformat(timespec="seconds"), "words": words(), "services": told}
        place.parent.mkdir(mode=0o700, exist_ok=True)
        write_whole(place, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
    return len(told)
