"""How the files of a backup are called, and which moment a name tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

DATA, KEYS = "data", "keys"
SHAPE: Final = "%Y%m%dT%H%M%SZ"
NAME: Final = re.compile(r"amanat-(\d{8}T\d{6}Z)\.(data|keys)\.age")


def file_name(taken_at: datetime, which: str) -> str:
    return f"amanat-{taken_at.astimezone(UTC):{SHAPE}}.{which}.age"


def parsed(name: str) -> tuple[datetime, str] | None:
    """When it was taken and which half it is; None for a file that is none of ours."""
    found = NAME.fullmatch(name)
    return (datetime.strptime(found[1], SHAPE).replace(tzinfo=UTC), found[2]) if found else None


def is_data(name: str) -> bool:
    told = parsed(name)
    return told is not None and told[1] == DATA


def newest_pair(held: Iterable[str], backup: str = "") -> tuple[str, str] | None:
    """Of these files the newest data that keys are there for, or the data of the `backup` named so (`amanat-20261124T090000Z`).

    With them the keys of the same moment, where they are there, else the newest: keys of a later backup open the data, too.
    """
    moments: dict[str, dict[datetime, str]] = {DATA: {}, KEYS: {}}
    for name in held:
        if told := parsed(name):
            moments[told[1]][told[0]] = name
    last = max(moments[KEYS], default=None)
    for at, data in sorted(moments[DATA].items(), reverse=True):
        if last and at <= last and data.startswith(backup):
            return data, moments[KEYS].get(at, moments[KEYS][last])
    return None
