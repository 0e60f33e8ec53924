"""The instruments that come with Amanat: scores, bands and missing answers as counted by hand, and what must stand beside them."""

from __future__ import annotations

from datetime import UTC
from typing import Final

import pytest

from amanat.forms.filling import Filling
from amanat.forms.tests.shipped import NOW, filled, notes, shipped

LANGUAGES: Final = ("en", "tk", "ru", "ro")
WORDED: Final = {
    "cries_8": {"en"},
    "phq_9_teens": {"en"},
    "gad_7": {"en", "ru"},
    "who_5": {"en", "ru"},
    "cries_13": set(),
    "cats_2": set(),
    "cpss_5": set(),
    "rcads_25": set(),
}
"""In which languages the items of an instrument are shown: where its terms allow it and an official version is named."""


def items(*points: int | None) -> dict[str, object]:
    return {f"item_{number}": value for number, value in enumerate(points, 1) if value is not None}


def scores(filling: Filling) -> dict[str, str]:
    return {score.name: score.value for score in filling.scores()}


@pytest.mark.parametrize("name", sorted(WORDED))
def test_items_are_worded_only_where_the_terms_allow_it(name: str) -> None:
    for question in shipped(name).questions.values():
        if question.name.startswith("item_"):
            number = question.name.removeprefix("item_")
            worded = {language for language in LANGUAGES if question.label.text(language).startswith(f"{number}. ")}
            assert worded == WORDED[name]


DEPRESSION: Final = (1, 4, 8, 10, 13, 15, 16, 19, 21, 24)  # the items of RCADS-25 that make up its depression scale


@pytest.mark.parametrize(
    ("name", "answers", "expected", "band"),
    [
        (
            "cries_8",  # 5+1+3+1 and 3+0+5+0
            items(5, 3, 1, 0, 5, 3, 1, 0),
            {"cries_8_intrusion": "10", "cries_8_avoidance": "8", "cries_8": "18"},
            {"at_cut"},
        ),
        (
            "cries_8",  # 5+5 and 5+1
            items(5, 5, 5, 1, 0, 0, 0, 0),
            {"cries_8_intrusion": "10", "cries_8_avoidance": "6", "cries_8": "16"},
            {"below_cut"},
        ),
        (
            "cries_8",  # 5+5 and 5+1+1: the cut-off itself
            items(5, 5, 5, 1, 1, 0, 0, 0),
            {"cries_8_intrusion": "10", "cries_8_avoidance": "7", "cries_8": "17"},
            {"at_cut"},
        ),
        (
            "cries_13",  # 5+3+3+1, 0+1+0+5, 1+5+0+3+1
            items(5, 0, 1, 3, 5, 1, 0, 3, 1, 5, 0, 3, 1),
            {"cries_13_intrusion": "12", "cries_13_avoidance": "6", "cries_13_arousal": "10", "cries_13": "28"},
            {"below_cut"},
        ),
        ("phq_9_teens", items(1, 1, 1, 1, 0, 0, 0, 0, 0), {"phq_9_teens": "4"}, {"band_minimal"}),
        ("phq_9_teens", items(1, 2, 0, 3, 1, 2, 0, 1, 1), {"phq_9_teens": "11"}, {"band_moderate", "at_cut"}),
        (
            "phq_9_teens",  # 11 of 8 items: 11 × 9 ÷ 8 = 12.375
            items(1, 2, 0, 3, 1, 2, None, 1, 1),
            {"phq_9_teens": "12"},
            {"prorated", "band_moderate", "at_cut"},
        ),
        ("gad_7", items(3, 2, 1, 0, 3, 3, 3), {"gad_7": "15"}, {"band_severe"}),
        ("gad_7", items(3, 2, 1, 0, 3, 3, None), {"gad_7": "14"}, {"prorated", "band_moderate"}),  # 12 × 7 ÷ 6
        ("who_5", items(3, 3, 3, 2, 2), {"who_5": "52"}, {"above_cut"}),
        ("who_5", items(3, 2, 3, 2, 2), {"who_5": "48"}, {"at_cut"}),
        ("who_5", items(1, 2, 1, 1, 2), {"who_5": "28"}, {"at_cut", "very_low"}),
        (
            "cats_2",
            {**items(2, *[1] * 19), "icd_ptsd": 7, "functioning_1": "yes", "functioning_4": "yes"},
            {"cats_2_dsm5": "21", "cats_2_icd11_ptsd": "7", "cats_2_functioning": "2"},
            {"band_screen", "icd_screen"},
        ),
        (
            "cats_2",
            {**items(*[2] * 5, *[1] * 15), "icd_ptsd": 9},
            {"cats_2_dsm5": "25", "cats_2_icd11_ptsd": "9", "cats_2_functioning": "0"},
            {"band_high", "icd_high"},
        ),
        (
            "cpss_5",  # 5 × 2, 2 × 3, 7 × 1, 6 × 2
            {**items(*[2] * 5, 3, 3, *[1] * 7, *[2] * 6), "functioning_1": "yes", "functioning_7": "yes"},
            {
                "cpss_5_intrusion": "10",
                "cpss_5_avoidance": "6",
                "cpss_5_mood": "7",
                "cpss_5_arousal": "12",
                "cpss_5": "35",
                "cpss_5_functioning": "2",
            },
            {"at_cut"},
        ),
        (
            "rcads_25",  # 10 × 2 and 15 × 1
            {
                **items(*(2 if number in DEPRESSION else 1 for number in range(1, 26))),
                "t_total": 66,
                "t_depression": 69,
            },
            {
                "rcads_25_depression": "20",
                "rcads_25_anxiety": "15",
                "rcads_25": "35",
                "rcads_25_t_total": "66",
                "rcads_25_t_depression": "69",
                "rcads_25_t_anxiety": "",
            },
            {"borderline"},
        ),
    ],
)
def test_a_score_and_its_band_are_as_counted_by_hand(
    name: str, answers: dict[str, object], expected: dict[str, str], band: set[str]
) -> None:
    filling = filled(name, answers)
    assert scores(filling) == expected
    assert notes(filling) - {"before", "instruction", "shown", "unverified", "not"} == band


@pytest.mark.parametrize(
    ("reporter", "band"), [("self", "band_borderline"), ("parent", "band_borderline"), ("teacher", "band_high")]
)
def test_the_bands_of_the_sdq_are_those_of_who_answered(reporter: str, band: str) -> None:
    totals = {"emotional": 5, "conduct": 3, "hyperactivity": 6, "peer": 2, "prosocial": 8}
    filling = filled("sdq_totals", {"age": 12, "reporter": reporter, **totals})
    assert scores(filling)["sdq_difficulties"] == "16"
    assert {note for note in notes(filling) if note.startswith("band_")} == {band}


@pytest.mark.parametrize(
    ("name", "number", "most_missing", "total"),
    [
        ("cries_8", 8, 0, "cries_8"),
        ("cries_13", 13, 0, "cries_13"),
        ("phq_9_teens", 9, 1, "phq_9_teens"),
        ("gad_7", 7, 1, "gad_7"),
        ("who_5", 5, 0, "who_5"),
        ("cats_2", 20, 0, "cats_2_dsm5"),
        ("cpss_5", 20, 0, "cpss_5"),
        ("rcads_25", 25, 0, "rcads_25"),
    ],
)
def test_with_too_many_items_missing_there_is_no_total_and_the_form_says_so(
    name: str, number: int, most_missing: int, total: str
) -> None:
    enough, too_few = number - most_missing, number - most_missing - 1
    assert scores(filled(name, items(*[1] * enough)))[total] != ""
    filling = filled(name, items(*[1] * too_few))
    assert scores(filling)[total] == ""
    assert "incomplete" in notes(filling)
    assert "shown" not in notes(filling)


@pytest.mark.parametrize("name", [*sorted(WORDED), "sdq_totals"])
def test_beside_a_result_stands_what_a_score_is_not_and_self_harm_raises_a_task_whatever_the_total(name: str) -> None:
    assert {"not", "unverified"} <= notes(filled(name, {}))
    assert [alert.question.name for alert in filled(name, {"safety_concern": "yes"}).alerts()] == ["safety_concern"]
    assert filled(name, {"safety_concern": "no"}).alerts() == []


@pytest.mark.parametrize(("points", "alerts"), [(0, []), (1, ["item_9"]), (3, ["item_9"])])
def test_any_answer_but_never_to_the_item_on_self_harm_raises_a_task(points: int, alerts: list[str]) -> None:
    filling = filled("phq_9_teens", items(0, 0, 0, 0, 0, 0, 0, 0, points))
    assert [alert.question.name for alert in filling.alerts()] == alerts


def test_an_instrument_refuses_an_age_for_which_it_is_not_made() -> None:
    assert any(path.endswith("/age") for path in filled("cries_8", {"age": 7}).faults())
    assert not any(path.endswith("/age") for path in filled("cries_8", {"age": 8}).faults())


def test_the_training_test_counts_right_answers_and_an_open_one_as_not_right() -> None:
    right = {f"q{number}": "true" if number in (2, 4, 6, 9) else "false" for number in range(1, 11)}
    assert scores(filled("training_test", right)) == {"training_test": "10"}
    assert scores(filled("training_test", {"q1": "false", "q2": "false"})) == {"training_test": "1"}


def test_a_score_has_a_name_in_the_language_of_who_reads_it() -> None:
    filling = Filling.begin(shipped("cries_8"), language="ru", now=NOW, zone=UTC)
    assert [score.label for score in filling.scores()] == ["Вторжение", "Избегание", "Сумма"]
