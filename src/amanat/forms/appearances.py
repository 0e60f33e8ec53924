"""What an appearance of an XLSForm changes on a page. One that stands nowhere here changes nothing: the plain input is drawn.

`tools.example_forms` writes the table into the documentation.
"""

from __future__ import annotations

from typing import Final

DRAWN: Final = {
    "field-list": "the questions of the group on one screen, also its groups",
    "table-list": "the same; each row names its choices itself, in one row where there is room",
    "list-nolabel": "the choices in one row where there is room, with their names: a table is hard to follow on a small screen",
    "label": "not drawn: the rows below name their choices",
    "likert": "the choices in one row where there is room",
    "horizontal": "the choices in one row where there is room",
    "columns": "the choices in as many columns as there is room for; also `columns-2`, `columns-pack` and the like",
    "compact": "as `columns`",
    "minimal": "a list that folds out",
    "autocomplete": "a list that folds out, in which typing finds a choice",
    "multiline": "several lines",
    "numbers": "the keyboard of digits",
    "month-year": "a month; kept as its first day",
    "year": "a year; kept as its first day",
    "rating": "a number to choose, where there are twelve at most",
    "picker": "a list of the numbers, where there are a hundred at most",
    "new": "a picture from the camera; also `new-front`",
    "signature": "a picture of the paper that was signed; also `draw` and `annotate`",
}
PLAIN: Final = (
    "quick", "no-calendar", "no-ticks", "vertical", "no-buttons", "thousands-sep", "bearing", "maps", "placement-map",
    "image-map", "map", "counter", "url", "masked", "printer", "hidden-answer", "ethiopian", "coptic", "islamic",
    "bikram-sambat", "myanmar", "persian", "buddhist", "ex:…",
)  # fmt: skip
"""Known to others and not drawn here: the input of the type stands in their place."""

BY_HAND: Final = frozenset({"signature", "draw", "annotate"})
_FOLDED: Final = frozenset({"minimal", "autocomplete", "quick-search"})
_SHORT: Final = ("likert", "horizontal", "columns", "compact", "quickcompact", "list-nolabel", "list")


def is_folded(appearance: frozenset[str]) -> bool:
    """Whether its choices stand in a list that folds out."""
    return bool(_FOLDED & appearance)


def is_short(appearance: frozenset[str]) -> bool:
    """Whether its choices stand beside each other where there is room."""
    return any(one.startswith(_SHORT) for one in appearance)


def precision(appearance: frozenset[str]) -> str:
    """`year` or `month`, where a date is asked no closer."""
    return "year" if "year" in appearance else "month" if "month-year" in appearance else ""
