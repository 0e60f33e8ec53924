"""What a new version of a form changes, question by question."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from amanat.forms.differing import How, Version, differences, questions_in
from amanat.forms.model import NO_LABEL, Extras, Question
from amanat.forms.sheets import Row, Sheet
from amanat.forms.workbooks import Workbook
from amanat.packs.labels import Label


def asked(path: str, kind: str = "text", label: str = "", part: str = "facts") -> Question:
    words = Label({"en": label}) if label else NO_LABEL
    name = path.rsplit("/", 1)[-1]
    return Question(path, name, kind, words, NO_LABEL, NO_LABEL, frozenset(), Extras(part=part))


def version(*questions: Question, choices: tuple[tuple[str, str], ...] = ()) -> Version:
    """A version as the engine compiled it; of the sheets only what is compared stands in it."""
    survey = tuple(Row(2, {"type": f"{one.kind} list", "name": one.name}) for one in questions)
    lists = tuple(Row(2, {"list_name": "list", "name": name, "label::English (en)": text}) for name, text in choices)
    grouped = (Row(1, {"type": "begin group", "name": "group"}), *survey)
    sheets = {"survey": Sheet((), grouped), "choices": Sheet((), lists)}
    workbook = Workbook("", NO_LABEL, "", "", ("en",), "en", {}, sheets)
    form: Any = SimpleNamespace(questions={one.path: one for one in questions})
    return Version(workbook, form)


def told(older: Version, newer: Version) -> list[tuple[How, str, str, str]]:
    return [(one.how, one.name, one.was, one.now) for one in differences(older, newer)]


def test_the_same_questions_in_other_words_are_no_difference() -> None:
    assert told(version(asked("/data/age", label="Age")), version(asked("/other/group/age", label="How old"))) == []


def test_what_came_and_what_went() -> None:
    found = differences(version(asked("/data/age", "integer")), version(asked("/data/name")))
    assert [(one.how, one.name, one.touches) for one in found] == [
        (How.ADDED, "name", frozenset()),
        (How.DROPPED, "age", frozenset({"age"})),
    ]


def test_the_same_words_under_another_name_are_a_new_name() -> None:
    older, newer = version(asked("/data/a", label="Age")), version(asked("/data/b", label="Age", part="plan"))
    assert told(older, newer) == [(How.RENAMED, "b", "a", "b"), (How.MOVED_PART, "b", "facts", "plan")]


def test_a_name_is_not_guessed_where_two_ask_the_same() -> None:
    older = version(asked("/data/a", label="Date"), asked("/data/b", label="Date"))
    newer = version(asked("/data/c", label="Date"))
    assert [how for how, *_ in told(older, newer)] == [How.ADDED, How.DROPPED, How.DROPPED]


def test_another_kind_of_answer_and_other_eyes_are_told() -> None:
    older, newer = version(asked("/data/a", "integer")), version(asked("/data/a", "text", part="safety"))
    assert told(older, newer) == [(How.RETYPED, "a", "integer", "text"), (How.MOVED_PART, "a", "facts", "safety")]


def test_of_two_with_one_name_each_stays_at_its_place() -> None:
    older = version(asked("/data/mother/age"), asked("/data/father/age"))
    newer = version(asked("/data/mother/age"), asked("/data/father/age"), asked("/data/child/age"))
    assert told(older, newer) == [(How.ADDED, "age", "", "")]
    assert told(newer, older) == [(How.DROPPED, "age", "", "")]


def test_a_choice_that_is_gone_touches_the_questions_that_offered_it() -> None:
    older = version(asked("/data/a", "select_one"), choices=(("yes", "Yes"), ("no", "No")))
    newer = version(asked("/data/a", "select_one"), choices=(("yes", "Certainly"),))
    (found,) = differences(older, newer)
    assert (found.how, found.name, str(found.label)) == (How.CHOICE_DROPPED, "list: no", "No")
    assert found.touches == {"a"}


def test_a_group_is_no_question() -> None:
    assert set(questions_in(version(asked("/data/a")).workbook)) == {"a"}
