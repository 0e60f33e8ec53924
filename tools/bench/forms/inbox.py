"""Run as `python -m tools.bench.forms.inbox` in a workspace's environment: what became of all that came from phones, as JSON."""

from __future__ import annotations

import json

from tools.bench.data.seeding import prepare


def main() -> dict[str, object]:
    from pathlib import Path

    from django.conf import settings

    from amanat.api.models import Waiting
    from amanat.forms.models import Record
    from amanat.vault import intake

    return {
        "records": list(Record.objects.values_list("instance_id", flat=True)),
        "waiting": Waiting.objects.count(),
        "aside": len(intake.waiting(intake.folder(Path(settings.WORKSPACE)) / intake.ASIDE)),
    }


if __name__ == "__main__":
    prepare()
    print(json.dumps(main()))
