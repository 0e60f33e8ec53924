"""Forms on paper: a record to hand on, and an empty form to fill in by hand; both as pages that become a PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from amanat.access import paper
from amanat.access.pages import Request
from amanat.cases.models import Case
from amanat.cases.record_pages import record_context, source_of
from amanat.cases.shown import case_of
from amanat.forms import kept
from amanat.forms.compiling import CompiledForm
from amanat.forms.filling import Filling
from amanat.forms.model import Shown
from amanat.forms.models import FormVersion
from amanat.forms.records import Reading, language_for
from amanat.forms.structure import Control, Part, Repeat

LINES: Final = 4  # of a text that may be long
BOXES: Final = {"date": "00.00.0000", "time": "00:00", "dateTime": "00.00.0000 00:00"}


@dataclass(frozen=True)
class Asked:
    """A question on paper: choices to tick (`mark`), boxes for a date, or lines to write on."""

    shown: Shown
    mark: str = ""
    boxes: str = ""
    lines: range = range(0)


@dataclass
class Sheet:
    """What is asked under one heading. `again`: it may be answered more than once."""

    title: str
    again: bool
    asked: list[Asked] = field(default_factory=list)


def sheets_of(filling: Filling) -> list[Sheet]:
    """All questions of a form, asked now or not, but for what it computes itself."""
    places = dict(_places(filling.form, filling.form.parts_of_body, language_for(filling.form)))
    sheets: list[Sheet] = []
    for shown in filling.on_paper():
        if shown.read_only and shown.question.kind != "note":
            continue
        title, again = places[shown.question.path]
        if not sheets or (sheets[-1].title, sheets[-1].again) != (title, again):
            sheets.append(Sheet(title, again))
        sheets[-1].asked.append(_asked(shown))
    return sheets


def _places(
    form: CompiledForm, parts: Sequence[Part], language: str, title: str = "", again: bool = False
) -> Iterator[tuple[str, tuple[str, bool]]]:
    for part in parts:
        if isinstance(part, Control):
            yield part.path, (title, again)
        else:
            own = part.label.label().text(language) or title
            yield from _places(form, part.parts, language, own, again or isinstance(part, Repeat))


def _asked(shown: Shown) -> Asked:
    kind = shown.question.kind
    if shown.choices or kind == "note":
        return Asked(shown, {"select_one": "○", "rank": "…"}.get(kind, "☐"))
    if kind == "acknowledge":
        return Asked(shown, "☐")
    if kind in BOXES:
        return Asked(shown, boxes=BOXES[kind])
    is_long = "multiline" in shown.question.appearance or shown.question.rows > 1
    return Asked(shown, lines=range(LINES if is_long else 1))


def empty_form(request: Request, case: Case, version: FormVersion, filling: Filling) -> str:
    return _page(request, case, version, "cases/paper_empty.html", lambda: {"sheets": sheets_of(filling)})


def filled_form(request: Request, reading: Reading) -> str:
    """A record as far as its reading goes."""
    return _page(
        request,
        case_of(reading.file),
        reading.form_version,
        "cases/paper_record.html",
        lambda: record_context(reading.file, reading),
    )


def _page(
    request: Request, case: Case, version: FormVersion, template: str, context: Callable[[], Mapping[str, Any]]
) -> str:
    """In the language of the page, if the form is there in it, else in the form's own: one language on one paper."""
    form = kept.form_of(version)
    language = language_for(form)

    def told() -> dict[str, Any]:
        title = form.title(language) or version.form.name
        return {"case": case, "form_title": title, "version": version} | source_of(version) | dict(context())

    return paper.sheet(request.actor, template, told, language)
