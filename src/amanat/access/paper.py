"""A page for paper, for the hands of one actor: whole in one language, with its number, who made it and when on each sheet.

Every paper extends `web/paper.html`; `web.pdf` makes a PDF of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from amanat.access.actor import Actor
from amanat.web.context import worker_of


def sheet(actor: Actor, template: str, told: Callable[[], Mapping[str, Any]], language: str) -> str:
    """HTML for paper.

    Args:
        told: gives what stands on it; asked in the language of the paper, which need not be that of whoever makes it.
    """
    with override(language):
        made = {
            "language": language,
            "worker": worker_of(actor),
            "printed_at": actor.now,
            "sheet_number": number(actor),
        }
        return render_to_string(template, made | dict(told()))


def number(actor: Actor) -> str:
    """Of a sheet that is made now."""
    return f"{timezone.localtime(actor.now):%y%m%d-%H%M%S}"
