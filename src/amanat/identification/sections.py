"""The section *Identification* of a child's file, put together of pieces; and what its pages are reached by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases import sections


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the section, for whoever sees `part`; its template is drawn with `case`, `file` and what `context` gives, as `piece`."""

    order: int
    part: Part
    template: str
    context: Callable[[File], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ShownPiece:
    template: str
    context: dict[str, Any]


_pieces: list[Piece] = []


def add(piece: Piece) -> None:
    """Let the section show another piece. Called in `ready()`."""
    if piece not in _pieces:
        _pieces.append(piece)


def pieces(file: File) -> list[ShownPiece]:
    there = sorted((piece for piece in _pieces if file.sees(piece.part)), key=lambda piece: piece.order)
    return [ShownPiece(piece.template, piece.context(file)) for piece in there]


def register() -> None:
    """Called once, when the room is loaded."""
    sections.add(
        sections.Section(
            "identification",
            _("Identification"),
            Part.FACTS,
            "search",
            12,
            "identification/section.html",
            lambda file: {"pieces": pieces(file)},
        )
    )
