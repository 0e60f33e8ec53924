"""How soon an entry of the audit log is sealed after it was written, while the product serves.

Run as `python -m tools.bench.sealing SINCE` in a workspace's environment, beside its server: reads the two append-only tables.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from statistics import quantiles


def main(since: datetime) -> None:
    """Print the p50 and p95 of (sealed - written) in milliseconds over the entries written since, as JSON."""
    from amanat.audit.models import Entry, Seal

    lags: list[float] = []
    for seal in Seal.objects.filter(sealed_at__gte=since).iterator():
        for at in Entry.objects.filter(pk__in=seal.entries, at__gte=since).values_list("at", flat=True):
            lags.append((seal.sealed_at - at).total_seconds() * 1000)
    cuts = quantiles(lags, n=20, method="inclusive")
    print(json.dumps({"p50": cuts[9], "p95": cuts[18], "count": len(lags)}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.config.settings")
    from amanat.config.unlocking import unlock
    from amanat.config.workspaces import folder

    unlock(folder())
    import django

    django.setup()
    main(datetime.fromisoformat(sys.argv[1]))
