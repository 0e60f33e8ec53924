"""Small forms for the tests of the engine."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from amanat.forms.compiling import CompiledForm, compiled
from amanat.forms.converting import convert
from amanat.forms.filling import Filling
from amanat.forms.workbooks import Workbook, read_workbook

SHORT = {
    "EN": "label::English (en)",
    "RU": "label::Русский (ru)",
    "MESSAGE": "constraint_message::English (en)",
    "PART": "amanat::part",
    "ALERT": "amanat::alert",
    "SCORE": "amanat::score",
}
"""Headers in short."""

PARTS = frozenset({"identity", "contacts", "facts", "narrative"})
ASHGABAT = ZoneInfo("Asia/Ashgabat")
NOW = datetime(2026, 11, 27, 21, 30, tzinfo=UTC)
"""In Ashgabat it is half past two on the 28th."""


def book(survey: str, choices: str = "", settings: str = "") -> Workbook:
    """A workbook from the rows of its sheets, the first row of each with the headers."""
    sheets = {"survey": survey, "choices": choices, "settings": settings or "form_id |\nsmall |"}
    lines = [
        f"| {name} |\n" + "\n".join(f"| | {row.strip()}" for row in rows.strip().splitlines())
        for name, rows in sheets.items()
        if rows
    ]
    return read_workbook(
        "small.md",
        re.sub(r"\b(?:" + "|".join(SHORT) + r")\b", lambda found: SHORT[found[0]], "\n".join(lines)).encode(),
    )


def form(survey: str, choices: str = "", settings: str = "", media: Mapping[str, bytes] | None = None) -> CompiledForm:
    """The form of such a workbook."""
    workbook = book(survey, choices, settings)
    return compiled(convert(workbook), workbook.extras(PARTS), media)


def begun(made: CompiledForm, language: str = "en") -> Filling:
    """The beginning of a filling in Ashgabat."""
    return Filling.begin(made, language=language, now=NOW, zone=ASHGABAT)


def again(made: CompiledForm, instance: bytes) -> Filling:
    """A filling with the answers of an instance."""
    return Filling.of(made, instance, language="en", now=NOW, zone=ASHGABAT)


def shown_paths(filling: Filling) -> list[str]:
    """Which questions are asked."""
    return [question.path for screen in filling.screens() for question in screen.questions]


def values(filling: Filling) -> dict[str, str]:
    """The answers by path."""
    return {answer.path: answer.value for answer in filling.answers()}
