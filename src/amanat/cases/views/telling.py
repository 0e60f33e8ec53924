"""What every page that changes a file shows of it, so that nobody writes into the wrong one."""

from __future__ import annotations

from typing import Any

from amanat.access.pages import Request
from amanat.cases.models import Case
from amanat.cases.shown import Line, name_of


def about(request: Request, case: Case) -> dict[str, Any]:
    """Context of `cases/about.html`: the case, and its child's name for whoever sees it."""
    return {"case": case, "line": Line(request.file, name_of(request.file))}
