"""The receipt for a piece of evidence, as a paper: what it is, its hash, from hand to hand, and lines for both to sign. It
names no child, by no name: its number, that of the proceedings and that of the seal say which piece it is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases import papers
from amanat.legal import pieces

RECEIPT = "evidence-receipt"


def register() -> None:
    papers.register(
        papers.Paper(
            RECEIPT,
            _("Receipt for a piece of evidence"),
            Part.EXISTENCE,  # each piece stands in a part of its own, which `told` asks for
            "legal/paper_receipt.html",
            told,
            also=Verb.EVIDENCE_HAND_ON,
            in_bundles=False,
            bears=papers.Bears.NUMBERS,
            by_consent=True,
            kept=True,
        )
    )


def told(file: File, key: str) -> Mapping[str, Any] | None:
    """Of the piece with this reference; its last link is the one that is signed."""
    try:
        found = pieces.evidence_of(file, pieces.evidence_rows(file).filter(pk=uuid.UUID(key)))
    except ValueError:
        return None
    if not found or not found[0].links:
        return None
    last, agency = found[0].links[-1], file.actor.membership.agency
    numbers = pieces.case_number(file, found[0])
    return {"piece": found[0], "case_numbers": numbers, "last": last, "agency": agency, "signers": signers(last)}


def signers(last: pieces.Link) -> list[dict[str, Any]]:
    return [{"who": _("I gave it"), "said": last.giver}, {"who": _("I received it"), "said": last.taker}]
