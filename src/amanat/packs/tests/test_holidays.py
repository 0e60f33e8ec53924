"""Holidays in `pack.toml`: what a country may write, and how a slip is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from amanat import packs

HOLIDAYS = """
[holidays]
yearly = ["01-01", "02-29"]
source = "Invented"
verified = true

[[holidays.year]]
year = 2026
days = [2026-04-13]
worked = [2026-04-18]
"""
Faults = Callable[..., list[packs.Fault]]


def write(island: Path, change: tuple[str, str] = ("", "")) -> list[packs.Fault]:
    manifest = island / "pack.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + HOLIDAYS.replace(*change), encoding="utf-8")
    return packs.check(island)


def test_days_of_each_year_and_of_one(island: Path) -> None:
    assert write(island) == []
    holidays = packs.load(island).manifest.holidays
    assert all(date(*day) in holidays for day in ((2030, 1, 1), (2028, 2, 29), (2026, 4, 13)))
    assert date(2027, 4, 13) not in holidays
    assert holidays.worked == {date(2026, 4, 18)}
    assert (holidays.are_known(2026), holidays.are_known(2027)) == (True, False)


def test_a_pack_without_holidays_knows_no_year(island: Path) -> None:
    holidays = packs.load(island).manifest.holidays
    assert date(2026, 1, 1) not in holidays
    assert not holidays.are_known(2026)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (('"02-29"', '"02-30"'), "holidays.yearly"),
        (('"02-29"', '"29.02"'), "holidays.yearly"),
        (('"02-29"', '"01-01"'), "holidays.yearly"),
        (("[2026-04-13]", "[2027-04-13]"), "year 1.days"),
        (("[2026-04-13]", '["2026-04-13"]'), "year 1.days"),
        (("worked", "wroked"), "year 1.wroked"),
        (("verified = true", ""), "holidays.verified"),
        (("year = 2026", ""), "year 1.year"),
    ],
)
def test_each_slip_is_told_with_its_place(island: Path, change: tuple[str, str], where: str) -> None:
    told = write(island, change)
    assert where in [fault.where for fault in told]
    assert all(fault.file == "island/pack.toml" and fault.mend for fault in told)


def test_a_week_without_a_working_day_is_a_fault(faults_of: Faults) -> None:
    week = 'weekend = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]'
    (fault,) = faults_of("pack.toml", change=('weekend = ["sunday"]', week))
    assert (fault.where, fault.what) == ("weekend", "This week has no working day.")
