"""Names of fields with the number of a record: `hte_City_2` is *City* of the second record of its section."""

from __future__ import annotations

import re
from typing import Final

MOST: Final = 999
"""The highest number that a record can have in a name."""

_LATER: Final = re.compile(r"(?P<name>.+)_(?P<record>[1-9]\d{0,2})")


def parted(key: str) -> tuple[str, int]:
    """Give the name of the field and the number of the record: `hte_City` and 2 of `hte_City_2`, 1 where there is none."""
    found = _LATER.fullmatch(key)
    return (found["name"], int(found["record"])) if found and int(found["record"]) > 1 else (key, 1)
