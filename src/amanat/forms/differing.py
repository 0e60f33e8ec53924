"""What a new version of a form adds, drops, renames and changes. Pure: how many records that touches is counted elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from amanat.forms.model import Question
from amanat.forms.sheets import Row
from amanat.forms.workbooks import Workbook
from amanat.packs.labels import FALLBACK, Label

if TYPE_CHECKING:
    from amanat.forms.compiling import CompiledForm

_CODE: Final = re.compile(r"\((?P<code>[A-Za-z-]+)\)\s*$")


class How(StrEnum):
    """What became of a question or of a choice."""

    ADDED = "added"
    DROPPED = "dropped"
    RENAMED = "renamed"
    RETYPED = "retyped"
    MOVED_PART = "moved_part"
    CHOICE_DROPPED = "choice_dropped"


@dataclass(frozen=True, slots=True)
class Difference:
    """One of them. `name`: of the question as it is now, of one that is gone as it was, of a choice `list: choice`.

    `was` and `now`: the former and the present name, type or part. `touches`: names of questions whose answers it concerns.
    """

    how: How
    name: str
    label: Label
    was: str = ""
    now: str = ""
    touches: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a form as it was written and as it is filled."""

    workbook: Workbook
    form: CompiledForm


def differences(older: Version, newer: Version) -> list[Difference]:
    """All of them, in the order of `How`, each kind in the order of the forms."""
    was, now = _asked(older.form.questions), _asked(newer.form.questions)
    stayed = dict(_stayed(was, now))
    gone = [question for place, question in was.items() if place not in stayed]
    fresh = [question for place, question in now.items() if place not in stayed.values()]
    found = [*_came_and_went(gone, fresh)]
    for former, place in stayed.items():
        found += _changed(was[former], now[place])
    found += _dropped_choices(older.workbook, newer.workbook)
    return sorted(found, key=lambda difference: list(How).index(difference.how))


def _asked(questions: Mapping[str, Question]) -> dict[str, Question]:
    """Questions that hold an answer, by their place below the root, whose name may change from version to version."""
    return {path.split("/", 2)[-1]: question for path, question in questions.items() if question.kind != "note"}


def _stayed(was: Mapping[str, Question], now: Mapping[str, Question]) -> Iterator[tuple[str, str]]:
    """Former and present place of each question that is still there: where it was, else of the same name, if only one has it."""
    places = was.keys() & now.keys()
    yield from ((place, place) for place in was if place in places)
    left = [place for place in was if place not in places]
    came = [place for place in now if place not in places]
    for former in left:
        others = [place for place in came if now[place].name == was[former].name]
        if len(others) == sum(was[place].name == was[former].name for place in left) == 1:
            yield former, others[0]


def _came_and_went(gone: Sequence[Question], fresh: Sequence[Question]) -> Iterator[Difference]:
    renamed = [
        (former, question) for former in gone for question in fresh if _is_renamed(former, question, gone, fresh)
    ]
    was, now = [former for former, _question in renamed], [question for _former, question in renamed]
    for question in (question for question in fresh if question not in now):
        yield Difference(How.ADDED, question.name, question.label)
    for question in (question for question in gone if question not in was):
        yield Difference(How.DROPPED, question.name, question.label, touches=frozenset({question.name}))
    for former, question in renamed:
        touches = frozenset({former.name})
        yield Difference(How.RENAMED, question.name, question.label, former.name, question.name, touches)
        yield from _changed(former, question)


def _is_renamed(former: Question, question: Question, gone: Sequence[Question], fresh: Sequence[Question]) -> bool:
    """Where a question of the same type asks the same in the same words, and only one does."""
    alike = sum(_asks_the_same(former, other) for other in fresh)
    rivals = sum(_asks_the_same(former, other) for other in gone)
    return alike == rivals == 1 and _asks_the_same(former, question)


def _asks_the_same(one: Question, other: Question) -> bool:
    return bool(one.label.texts) and (one.kind, one.label.texts) == (other.kind, other.label.texts)


def _changed(was: Question, now: Question) -> Iterator[Difference]:
    touches = frozenset({was.name})
    if was.kind != now.kind:
        yield Difference(How.RETYPED, now.name, now.label, was.kind, now.kind, touches)
    if was.part != now.part:
        yield Difference(How.MOVED_PART, now.name, now.label, was.part, now.part, touches)


def _dropped_choices(older: Workbook, newer: Workbook) -> Iterator[Difference]:
    """Choices that no list of the same name offers any more; a list that is gone is told by its questions."""
    was, now = _choices(older.choices), _choices(newer.choices)
    for list_name, choices in was.items():
        asked = frozenset(_asking(list_name, older.survey))
        for choice in choices if list_name in now else ():
            if choice not in now[list_name]:
                yield Difference(How.CHOICE_DROPPED, f"{list_name}: {choice}", choices[choice], choice, touches=asked)


def _choices(rows: Iterable[Row]) -> dict[str, dict[str, Label]]:
    """List → choice → its label."""
    found: dict[str, dict[str, Label]] = {}
    for row in rows:
        list_name, choice = row.cells.get("list_name", row.cells.get("list name", "")), row.cells.get("name", "")
        if list_name and choice:
            found.setdefault(list_name, {})[choice] = _label(row)
    return found


def _label(row: Row) -> Label:
    """Of `label::Русский (ru)` the text in ru; of a plain `label` that which stands in for all."""
    texts = {}
    for header, text in row.cells.items():
        if header.split("::")[0] == "label":
            code = _CODE.search(header)
            texts[code["code"] if code else FALLBACK] = text
    return Label(texts)


def _asking(list_name: str, survey: Iterable[Row]) -> Iterator[str]:
    return (
        row.cells["name"]
        for row in survey
        if row.cells.get("type", "").split()[1:2] == [list_name] and "name" in row.cells
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands in the survey."""

    kind: str
    label: Label
    part: str


def questions_in(workbook: Workbook) -> dict[str, Asked]:
    """The questions as they stand in the survey, by name; without what only groups them."""
    rows = [row for row in workbook.survey if not row.cells.get("type", "").startswith(("begin", "end"))]
    return {
        row.cells["name"]: Asked(row.cells.get("type", ""), _label(row), row.cells.get("amanat::part", ""))
        for row in rows
        if "name" in row.cells
    }
