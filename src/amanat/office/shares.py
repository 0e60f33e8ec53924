"""Who keeps the shares of the recovery key, and when they have to be tested: what the header says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from amanat.access.policy import Verb
from amanat.vault.header import Header
from amanat.web import day

YEARLY = timedelta(days=365)
AHEAD = timedelta(days=30)  # so long before, it stands on the day of who sees to it


@dataclass(frozen=True)
class Shares:
    """`due` is None where no shares were made."""

    holders: list[str]
    tested_at: datetime | None
    due: datetime | None


def shares() -> Shares | None:
    """Of this workspace; None for a demo, which needs none."""
    header = Header.read(settings.WORKSPACE)  # now, not when this process began: a command may have changed it
    if header.kind == "demo":
        return None
    if not header.recovery:
        return Shares([], None, None)
    tested_at = datetime.fromisoformat(header.recovery["tested_at"])
    return Shares(header.recovery["holders"], tested_at, tested_at + YEARLY)


def shares_tile(actor: Any) -> day.Tile | None:
    """On the day of a data protection officer when a test comes near, is late, or there is nothing to test."""
    found = shares() if actor.may(Verb.LOOK_DESK) else None
    if found is None:
        return None
    if found.due is None:
        return _tile("0", _("shares for recovery: none were made"), "danger")
    left = (found.due - actor.now).days
    if left < 0:
        label = ngettext_lazy(
            "day since the shares should have been tested", "days since the shares should have been tested", -left
        )
        return _tile(str(-left), label, "danger")
    label = ngettext_lazy("day until the shares have to be tested", "days until the shares have to be tested", left)
    return _tile(str(left), label, "warning") if left <= AHEAD.days else None


def _tile(figure: str, label: Any, kind: str) -> day.Tile:
    return day.Tile(figure, label, "key", "office.desk", "#shares", kind)
