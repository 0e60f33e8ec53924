"""Imports that are being read or taken in: what the health page shows of them is how many, and how long the oldest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from amanat.exchange.models import WORKING, Import
from amanat.office import health
from amanat.office.health import Check, Probe, Seen

LONG: Final = timedelta(days=1)  # for one import (ours)


def register() -> None:
    health.add(Probe("imports", checks, figures))


def figures(_now: datetime) -> Mapping[str, Combinable]:
    return health.pile("imports", Import.objects.filter(state__in=WORKING), "received_at")


def checks(seen: Seen) -> Iterator[Check]:
    hint = _("Ask whoever brought it whether it goes on, and look at the log of the server.")
    yield health.waits(seen, "imports", _("Imports"), warn=LONG, hint=hint)
