"""A receipt to sign for money or goods, in the language of whoever signs. It names no child: its number leads to the entry."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases import papers
from amanat.social.helps import spending_of

RECEIPT = "receipt"


def register() -> None:
    papers.register(
        papers.Paper(
            RECEIPT,
            _("A receipt to sign"),
            Part.PLAN,
            "social/paper_receipt.html",
            told,
            speaks=papers.of_child,
            in_bundles=False,
            bears=papers.Bears.NUMBERS,
            kept=True,
        )
    )


def told(file: File, key: str) -> Mapping[str, Any] | None:
    """Of the entry with this reference."""
    try:
        one = spending_of(file, uuid.UUID(key))
    except ValueError:
        return None
    return {"one": one, "signers": [{"who": _("I received it")}, {"who": _("I gave it")}]} if one else None
