"""What is written down of a call: the flat fields of its page, and the sealed content that they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amanat.access.files import File
from amanat.hotline.models import Call, Matter

# Where each field of the page stands in the sealed content of a call.
PLACES: dict[str, tuple[str, ...]] = {
    "language": ("language",),
    "caller_type": ("caller_type",),
    "anonymous": ("anonymous",),
    "may_call_back": ("call_back", "may"),
    "call_back_when": ("call_back", "when"),
    "call_back_how": ("call_back", "how"),
    "code_word": ("call_back", "code_word"),
    "call_back_others": ("call_back", "others"),
    "region": ("region",),
    "reasons": ("reasons",),
    "age": ("about", "age"),
    "sex": ("about", "sex"),
    "destination": ("travel", "destination"),
    "purpose": ("travel", "purpose"),
    "recruiter": ("travel", "recruiter"),
    "recruiter_phone": ("travel", "recruiter_phone"),
    "contract": ("travel", "contract"),
    "documents": ("travel", "documents"),
    "red_flags": ("travel", "red_flags"),
    "minor": ("travel", "minor"),
    "summary": ("summary",),
}
TRAVEL = tuple(name for name, place in PLACES.items() if place[0] == "travel")
SEVERAL = ("reasons", "red_flags")
TICKS = ("anonymous", "minor")
COLUMNS = ("channel", "priority")


def opened(file: File, call: Call) -> dict[str, Any]:
    """The content of a call as this actor may see it; empty where nothing was written yet."""
    found: dict[str, Any] = file.open(call, "content") or {}
    return found


def fields_of(file: File, call: Call) -> dict[str, Any]:
    """All that the page of a call shows in its fields."""
    told = opened(file, call)
    fields = {name: held(told, name) for name in PLACES}
    fields |= {name: getattr(call, name) for name in COLUMNS}
    return fields | {"number": file.open(call, "number") or "", "caller_name": caller_name(file, call.matter)}


def caller_name(file: File, matter: Matter) -> str:
    """Whom the caller said to be; it belongs to the matter."""
    return str((file.open(matter, "caller") or {}).get("names", ""))


def held(told: Mapping[str, Any], name: str) -> Any:
    """What the content of a call says of one field of its page."""
    found: Any = told
    for key in PLACES[name]:
        found = found.get(key) if found else None
    return found if found is not None else [] if name in SEVERAL else False if name in TICKS else ""


def content_from(fields: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The sealed content of these fields; what has no field (the cards that were read out) stays as it was."""
    told: dict[str, Any] = dict(before)
    for group in ("call_back", "about", "travel"):
        told[group] = dict(told.get(group) or {})
    for name, place in PLACES.items():
        (told[place[0]] if len(place) > 1 else told)[place[-1]] = fields[name]
    return told


def as_sent(fields: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Fields as their widgets would send them, so that two versions can stand side by side."""
    return {name: list(value) if isinstance(value, list) else str(value) for name, value in fields.items()}
