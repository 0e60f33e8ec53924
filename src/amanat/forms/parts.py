"""Which parts of a file a form can ask for: those that anybody writes."""

from __future__ import annotations

from amanat.access.policy import PARTS, WRITING

PARTS_OF_FORMS = frozenset(str(part) for part, row in PARTS.items() if WRITING & set(row.values()))
