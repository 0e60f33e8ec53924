"""A receipt to sign for money or goods, in the language of whoever signs. It names no child: its number leads to the entry."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import override

from amanat.access.pages import Request
from amanat.social.helps import Spent
from amanat.web import pdf


def languages() -> dict[str, str]:
    """Those in which a receipt can be made, each by its own name."""
    return {code: str(name) for code, name in settings.LANGUAGES}


def paper(request: Request, one: Spent, language: str) -> str:
    """HTML for paper."""
    with override(language):
        return render_to_string("social/paper_receipt.html", {"one": one, "language": language}, request)


def answer(request: Request, one: Spent, language: str) -> HttpResponse:
    """As a PDF.

    Raises:
        PersonFacingError: another one is being made, or this machine can't make any.
    """
    return pdf.answer(paper(request, one, language), f"receipt {one.number}")
