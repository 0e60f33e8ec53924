"""Lists of indicators: read, laid over those of the base, and told with their place where something is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from amanat import packs
from amanat.packs import Fault, differences
from amanat.packs.tests import SHIPPED

pytestmark = [pytest.mark.sqlcipher_only]  # no database is asked
LIST = """
title = {en = "Signs", tk = "Alamatlar", ru = "Признаки", ro = "Semne"}
source = "Invented"
verified = false
exploitation = ["ForcedLabour"]

[[group]]
name = "work"
label = {en = "Work", tk = "Iş", ru = "Работа", ro = "Muncă"}

[[indicator]]
code = "no_pay"
group = "work"
strength = "strong"
label = {en = "No pay", tk = "Hak ýok", ru = "Нет оплаты", ro = "Fără plată"}
"""
FILE = "indicators/signs.toml"
CORE = packs.load(SHIPPED / "core").indicators
Faults = Callable[..., list[Fault]]


def test_a_list_is_read_with_what_its_source_says(faults_of: Faults, island: Path) -> None:
    assert faults_of(FILE, LIST) == []
    told = packs.load(island).indicators["signs"]
    (one,) = told.asked("work")
    assert (one.code, one.strength, one.source.text("ru"), one.verified) == ("no_pay", "strong", "Invented", False)
    assert one.label.text("ru") == "Нет оплаты"
    assert told.exploitation == ("ForcedLabour",)


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (('strength = "strong"', 'strength = "huge"'), "indicator 1 (no_pay).strength", "huge is unknown here"),
        (('group = "work"', 'group = "rest"'), "indicator (no_pay).group", "rest is unknown here"),
        (('group = "work"\n', ""), "indicator (no_pay).group", "“” is unknown here"),
        (('["ForcedLabour"]', '["Nothing"]'), "exploitation", "Nothing is unknown here"),
        ((', ro = "Fără plată"', ""), "indicator 1 (no_pay).label", "The text in ro is missing"),
        (('source = "Invented"\n', ""), "source", "This key is missing"),
        (('code = "no_pay"', 'code = "no pay"'), "indicator 1.code", "only plain letters"),
        (("[[indicator]]", "[[indicators]]"), "indicators", "This key is unknown"),
    ],
)
def test_each_fault_is_told_with_its_place(faults_of: Faults, change: tuple[str, str], where: str, what: str) -> None:
    assert change[0] in LIST
    told = [fault for fault in faults_of(FILE, LIST.replace(*change)) if what in fault.what]
    assert [(fault.file, fault.where) for fault in told] == [(f"island/{FILE}", where)]


def test_a_code_twice_is_told(faults_of: Faults) -> None:
    again = LIST + LIST[LIST.index("[[indicator]]") :]
    assert any("no_pay stands here twice" in fault.what for fault in faults_of(FILE, again))


def test_a_country_changes_one_in_place_adds_others_and_loses_none(faults_of: Faults, island: Path) -> None:
    own = LIST.replace('"no_pay"', '"debt"').replace('"work"', '"coercion"').replace("Work", "Force")
    assert faults_of("indicators/ilo_child_labour.toml", own) == []
    country = packs.load(island)
    told, base = country.indicators["ilo_child_labour"], CORE["ilo_child_labour"]
    assert [one.code for one in told.indicators] == [one.code for one in base.indicators]
    assert told["debt"].label.text("en") == "No pay"
    assert told["wages"] == base["wages"]
    found = differences.differences(packs.load(SHIPPED / "core"), country)
    assert ("indicators/ilo_child_labour", "debt", "renamed") in [(one.where, one.name, one.change) for one in found]


def test_the_labour_list_for_children_has_the_strengths_of_its_source() -> None:
    """65 indicators in six dimensions, none of them weak, as the facts of the field count them."""
    counted = Counter((one.group, one.strength) for one in CORE["ilo_child_labour"].indicators)
    assert counted == {
        ("deceptive_recruitment", "strong"): 2, ("deceptive_recruitment", "medium"): 8,
        ("coercive_recruitment", "strong"): 4, ("coercive_recruitment", "medium"): 6,
        ("abuse_at_recruitment", "medium"): 15,
        ("exploitation", "strong"): 1, ("exploitation", "medium"): 7,
        ("coercion", "strong"): 8, ("coercion", "medium"): 7,
        ("abuse_at_destination", "medium"): 7,
    }  # fmt: skip
    assert CORE["ilo_child_labour"].verified


def test_the_sexual_list_is_unverified_and_that_of_unodc_weighs_nothing() -> None:
    sexual, unodc = CORE["ilo_child_sexual"], CORE["unodc_children"]
    assert not any(one.verified for one in (sexual, *sexual.indicators))
    assert {sexual["hazardous"].strength, sexual["forced_tasks"].strength} == {"strong"}
    assert {one.strength for one in unodc.indicators} == {""}
    assert all(set(one.label.texts) == {"tk", "ru", "en", "ro"} for told in CORE.values() for one in told.indicators)
