"""Forms from phones that did not open: the health page shows how many, and for how long the oldest waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from amanat.api import waiting
from amanat.office import health
from amanat.office.health import Check, Probe, Seen

SOON: Final = timedelta(hours=1)  # in which an app that sends large files apart is done (ours)
LONG: Final = timedelta(days=1)  # after which it stands on the day of who looks after the machine (ours)


def register() -> None:
    health.add(Probe("phones", checks, figures))


def figures(_now: datetime) -> Mapping[str, Combinable]:
    return health.pile("phones", waiting.shut(), "arrived_at")


def checks(seen: Seen) -> Iterator[Check]:
    hint = _("The page Phones says whose they are and why they do not open.")
    yield health.waits(seen, "phones", _("Forms from phones that do not open"), warn=SOON, fault=LONG, hint=hint)
