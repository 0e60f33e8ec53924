"""The packs of countries that Amanat ships: whole, in four languages, each fact with its source."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from amanat import packs
from amanat.packs.tests import SHIPPED
from amanat.procedures.reading import STEPS

LANGUAGES = {"tk", "ru", "en", "ro"}
TURKMEN = set("abçdeäfghijžklmnňoöprsştuüwyýz")
NAMES = ("core", "moldova", "turkmenistan")
LOADED = {name: packs.load(SHIPPED / name) for name in NAMES}


@pytest.mark.parametrize("name", ["moldova", "turkmenistan"])
def test_a_country_has_no_faults(name: str) -> None:
    assert packs.check(SHIPPED / name) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_step_says_what_it_is_in_four_languages_and_where_it_comes_from(name: str) -> None:
    steps = LOADED[name].part(STEPS).values()
    assert len(steps) > 15
    for step in steps:
        for text in filter(None, (step.label, step.help, step.source)):
            assert set(text.texts) == LANGUAGES
            assert not set(text.text("ro")) & set("şţŞŢ")
            told = re.sub(r"454-V|\w+\.md", "", text.text("tk"))
            assert {sign for sign in told.lower() if sign.isalpha()} <= TURKMEN, text.text("tk")


@pytest.mark.parametrize("name", ["moldova", "turkmenistan"])
def test_regions_and_agencies_of_a_country_have_labels_of_their_own(name: str) -> None:
    for codes in ("region", "agency_kind"):
        for language in LANGUAGES:
            labels = [label for _code, label in LOADED[name].codes(codes).choices(language)]
            assert len(set(labels)) == len(labels) > 6


def test_only_what_somebody_read_in_the_law_is_verified() -> None:
    verified = {(name, step.name) for name in NAMES for step in LOADED[name].part(STEPS).values() if step.verified}
    assert verified == {("turkmenistan", "screening")}


def test_for_a_child_of_turkmenistan_no_means_have_to_be_shown() -> None:
    screening = LOADED["turkmenistan"].part(STEPS)["screening"]
    assert "even where none of the means was used" in screening.help.text("en")
    assert "454-V" in screening.source.text("en")


def test_the_centre_in_moldova_takes_a_child_for_thirty_days_and_six_months_at_most() -> None:
    steps = LOADED["moldova"].part(STEPS)
    assert (steps["centre_stay"].span.amount, steps["centre_stay"].span.unit) == (30, "days")
    assert (steps["centre_end"].span.amount, steps["centre_end"].span.unit) == (6, "months")
    assert "30 places" in steps["centre_stay"].help.text("en")


def test_easter_moves_and_nobody_has_checked_the_list() -> None:
    holidays = LOADED["moldova"].manifest.holidays
    easter = {year: min(days) for year, days in holidays.by_year.items()}
    assert easter == {year: orthodox_easter(year) for year in (2026, 2027, 2028)}
    assert not any(LOADED[name].manifest.holidays.are_known(2026) for name in NAMES)


def orthodox_easter(year: int) -> date:
    """The Julian Easter Sunday by Meeus, in the Gregorian calendar of this century."""
    moon = (19 * (year % 19) + 15) % 30
    day = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, rest = divmod(moon + day + 114, 31)
    return date(year, month, rest + 1) + timedelta(days=13)
