"""The forms that come with Amanat: each works, in four languages, and says where it comes from. Scores: `test_shipped_scores`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pytest

from amanat import packs
from amanat.forms import kept
from amanat.forms.model import Offered
from amanat.forms.parts import PARTS_OF_FORMS
from amanat.forms.tests.shipped import PACK, WRITTEN, filled, notes, shipped
from amanat.forms.workbooks import Row, Workbook
from amanat.packs.tests import SHIPPED

LANGUAGES: Final = ("en", "tk", "ru", "ro")
TEXTS: Final = ("label", "hint", "constraint_message", "required_message")


def texts(rows: Iterable[Row], column: str) -> Iterable[tuple[int, set[str]]]:
    """Rows that have a text in this column, and the languages in which they have it."""
    for row in rows:
        headers = [header for header in row.cells if header.split("::")[0] == column]
        if headers:
            yield row.number, {header.rsplit("(", 1)[-1].rstrip(")") for header in headers}


def asking(workbook: Workbook) -> Iterable[Row]:
    """Rows that show something: all but those that end a group, and what is only computed."""
    return (row for row in workbook.survey if not row.cells["type"].startswith(("end ", "calculate")))


def test_the_pack_of_instruments_has_no_faults() -> None:
    assert packs.check(SHIPPED / "instruments") == []


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_shipped_form_becomes_an_xform_and_nothing_in_it_is_at_fault(name: str) -> None:
    form = shipped(name)
    assert form.check() == []
    assert set(form.languages) == set(LANGUAGES)
    assert form.parts <= PARTS_OF_FORMS
    assert all(form.title(language) for language in LANGUAGES)
    assert len({form.title(language) for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_every_text_of_a_shipped_form_stands_in_four_languages(name: str) -> None:
    workbook = WRITTEN[name].workbook
    for sheet in (workbook.survey, workbook.choices):
        for column in TEXTS:
            assert [number for number, found in texts(sheet, column) if found != set(LANGUAGES)] == [], column
    for rows in (asking(workbook), workbook.choices):
        rows = list(rows)
        assert {number for number, _found in texts(rows, "label")} == {row.number for row in rows}


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_shipped_form_names_its_source_version_and_licence_and_whether_it_was_verified(name: str) -> None:
    workbook = WRITTEN[name].workbook
    assert WRITTEN[name].file_name == f"{name}.md"
    assert workbook.version
    assert workbook.settings["amanat::source"]
    assert workbook.settings["amanat::licence"]
    assert workbook.settings["amanat::verified"] in ("yes", "no")


def test_what_a_shipped_form_fills_is_a_field_of_the_pack_with_the_same_eyes_and_the_same_choices() -> None:
    found = 0
    for name in WRITTEN:
        for question in shipped(name).questions.values():
            if not question.extras.htcds:
                continue
            found += 1
            field = PACK.field(question.extras.htcds)
            assert field.part == question.part, question.path
            if field.codes and question.kind == "select_one":
                offered = {choice.value for choice in shown_choices(name, question.path)}
                assert offered == {code for code, _label in PACK.codes(field.codes).choices()}
    assert found


def shown_choices(name: str, path: str) -> tuple[Offered, ...]:
    screens = filled(name, {}).screens()
    return next(shown.choices for screen in screens for shown in screen.questions if shown.question.path == path)


def test_an_age_that_may_be_under_18_counts_for_the_child() -> None:
    assessed = {"assessment_needed": "yes", "guardian_appointed": "yes", "child_agreed": "yes", "assessed_low": 16}
    adult = filled("age", {**assessed, "assessed_high": 20, "certainty": "assessed", "under_18": "no"})
    assert any(path.endswith("/under_18") for path in adult.faults())
    child = filled("age", {**assessed, "assessed_high": 20, "certainty": "assessed", "under_18": "yes"})
    assert child.faults() == {}


def test_no_assessment_of_age_before_there_is_a_guardian() -> None:
    filling = filled("age", {"assessment_needed": "yes", "guardian_appointed": "no"})
    assert any(path.endswith("/guardian_appointed") for path in filling.faults())


@pytest.mark.parametrize(
    ("age", "child", "guardian", "holds"),
    [
        (5, "cannot", "yes", "yes"),
        (9, "yes", "yes", "yes"),
        (9, "no", "yes", "open"),
        (13, "no", "yes", "no"),
        (16, "yes", "yes", "yes"),
        (16, "yes", "none", "open"),
        (16, "unsure", "yes", "open"),
    ],
)
def test_consent_holds_only_with_the_childs_assent_by_age_and_the_guardian(
    age: int, child: str, guardian: str, holds: str
) -> None:
    filling = filled("consent", {"age": age, "child_answer": child, "guardian_answer": guardian})
    assert {note for note in notes(filling) if note.startswith("holds_")} == {f"holds_{holds}"}


def test_a_home_where_somebody_took_part_is_never_simply_safe() -> None:
    known = {"safe_to_trace": "yes", "found": "found", "involved": "yes"}
    assert any(
        path.endswith("/family_result") for path in filled("family", {**known, "family_result": "safe"}).faults()
    )
    measures = filled("family", {**known, "family_result": "measures"}).faults()
    assert not any(path.endswith("/family_result") for path in measures)


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("first_contact", {"safe_tonight": "no"}),
        ("centre_incident", {"kind": "missing"}),
        ("follow_up_visit", {"reached": "missing"}),
        ("medical_check", {"agreed_to": "all", "self_harm": "yes"}),
        ("legal_intake", {"accused_child": "yes"}),
        ("exit_interview", {"wrong": "yes"}),
        ("my_plan", {"safe": "bad"}),
        ("reactions", {"self_harm": "yes"}),
    ],
)
def test_an_answer_that_cannot_wait_raises_a_task(name: str, answers: dict[str, object]) -> None:
    asked = list(answers)[-1]
    assert [alert.question.name for alert in filled(name, answers).alerts()] == [asked]


def test_what_there_may_be_none_of_asks_for_nothing_until_it_is_begun() -> None:
    filling = filled("centre_daily_log", {"shift": "day", "note_next": "Slept, ate, drew."})
    assert filling.faults() == {}
    filling.put("/data/medicines[1]/medicine", "Drops, twice a day")
    assert set(filling.faults()) == {"/data/medicines[1]/given_at", "/data/medicines[1]/taken"}


def test_a_form_of_a_child_has_a_group_and_its_source_is_told_in_the_readers_language() -> None:
    for name, written in WRITTEN.items():
        facts = kept.facts_of(written)
        assert bool(facts["group"]) is kept.is_of_a_child(facts), name
        told = kept.source_of(facts)
        assert set(told.texts) in (set(LANGUAGES), {"en"}), name
        assert len(set(told.texts.values())) == len(told.texts), name
        assert told.language("ru") == ("ru" if "ru" in told.texts else "en")
    citations = [one for one in WRITTEN.values() if len(kept.source_of(kept.facts_of(one)).texts) == 1]
    assert len(citations) == 9  # of the instruments
