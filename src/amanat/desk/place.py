"""Which file a page of the desk is about: a child's, or a matter of a hotline. Their pages differ in words alone."""

from __future__ import annotations

from typing import Any

from amanat.access.models import FileRow
from amanat.access.pages import Request
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.hotline import matters
from amanat.hotline.models import Matter

NAMES = ("ask_erasure", "carry_out_erasure", "decline_erasure", "hold", "lift_hold")


def urls_of(row: FileRow) -> dict[str, str]:
    """The names of the pages of this kind of file."""
    return {name: f"desk.matter_{name}" if isinstance(row, Matter) else f"desk.{name}" for name in NAMES}


def around(request: Request, row: FileRow, **context: Any) -> dict[str, Any]:
    """The frame of such a page, and what it shows of the file."""
    shared = {"row": row, "urls": urls_of(row)} | context
    if isinstance(row, Case):
        return about(request, row) | {"frame": "cases/change.html"} | shared
    assert isinstance(row, Matter)
    return matters.about(request.file, row) | {"frame": "hotline/matter_change.html"} | shared
