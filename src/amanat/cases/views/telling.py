"""What every page that changes a file shows of it, so that nobody writes into the wrong one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.utils.html import format_html

from amanat.access.pages import Request
from amanat.cases.models import Case
from amanat.cases.shown import Line, name_of


def about(request: Request, case: Case) -> dict[str, Any]:
    """Context of `cases/about.html`: the case, and its child's name for whoever sees it."""
    return {"case": case, "line": Line(request.file, name_of(request.file))}


def tell_with_link(request: Request, sentence: str, href: str, text: str) -> None:
    """That it is done, on the next page, with the way to what can be looked at or done next."""
    messages.success(request, format_html('{} <a href="{}">{}</a>', sentence, href, text))
