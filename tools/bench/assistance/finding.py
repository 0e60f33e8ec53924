"""Run as `python -m tools.bench.assistance.finding` in a workspace's environment: every text of the plan that five people wrote, as JSON.

What stands in its rows, what stood there before, and what was said beside them. The process holds the keys.
"""

from __future__ import annotations

import json
import os
import uuid

from tools.bench.assistance.counting import told_of
from tools.bench.data.seeding import prepare


def main(case: uuid.UUID) -> list[str]:
    from amanat.plans.models import Comment, FormerRow, PlanRow
    from amanat.vault.sealing import open_sealed

    rows = [
        *PlanRow.objects.filter(case=case).select_related("subject"),
        *FormerRow.objects.filter(row__case=case).select_related("subject"),
    ]
    texts = [text for row in rows for text in (open_sealed(row, "content") or {}).values()]
    said = Comment.objects.filter(case=case).select_related("subject")
    return [*texts, *(open_sealed(row, "words") for row in said)]


if __name__ == "__main__":
    prepare()
    print(json.dumps(main(uuid.UUID(told_of(os.environ["AMANAT_WORKSPACE"])["edited"]))))
