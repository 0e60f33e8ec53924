"""Opening what a row of this room says, as far as one actor may."""

from __future__ import annotations

from typing import Any

from amanat.access.files import File
from amanat.access.policy import Part


def opened(file: File, row: Any, name: str = "content", part: Part = Part.PLAN) -> dict[str, Any]:
    """Empty where it is closed to the actor."""
    row.subject = file.row.subject
    held: dict[str, Any] | None = file.open(row, name) if file.sees(part) else None
    return held or {}
