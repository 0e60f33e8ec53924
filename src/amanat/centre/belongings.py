"""The list of what a child brought along: each thing with a number of its own, so that of two jackets one can be given back. Pure.

A thing is {number, what} and, once it was given back, {returned: day}.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

Thing = dict[str, Any]


def listed(names: Sequence[str], before: Sequence[Thing] = ()) -> list[Thing]:
    """The list as it is written now. What stood there keeps its number and whether it was given back; what was given back stays, also
    where its line is gone."""
    left, found = list(numbered(before)), []
    number = max((one["number"] for one in left), default=0)
    for name in names:
        known = next((one for one in left if one["what"] == name), None)
        if known is None:
            number += 1
            found.append({"number": number, "what": name})
        else:
            left.remove(known)
            found.append(known)
    return found + [one for one in left if one.get("returned")]


def numbered(things: Sequence[Mapping[str, Any]]) -> list[Thing]:
    """Each with its number, also where the list was written before things had one."""
    return [{"number": place} | dict(thing) for place, thing in enumerate(things, 1)]


def still_here(things: Sequence[Mapping[str, Any]]) -> list[Thing]:
    return [one for one in numbered(things) if not one.get("returned")]


def given_back(things: Sequence[Mapping[str, Any]], numbers: Collection[int], day: str) -> list[Thing]:
    """What was given back before keeps its day."""
    return [one if one["number"] not in numbers else {"returned": day} | one for one in numbered(things)]
