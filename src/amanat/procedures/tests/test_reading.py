"""`procedures.toml`: what a country may write, and how each slip is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from amanat import packs
from amanat.packs.loaders import Source
from amanat.packs.tests import SHIPPED
from amanat.procedures import Span, Step
from amanat.procedures.reading import STEPS, check_steps

MANIFEST = """
name = "island"
version = "0.1.0"
extends = "core"
languages = ["en"]
time_zone = "Asia/Ashgabat"
weekend = ["sunday"]
title.en = "Island"
"""
STEP = """
[[step]]
name = "boat"
label.en = "Ask for a boat"
after = ["opened"]
working_days = 3
who = ["social_worker"]
by_hand = true
source = "Invented"
verified = false
"""
Write = Callable[..., list[packs.Fault]]


@pytest.fixture
def island(tmp_path: Path) -> Path:
    """A pack on `core` with one step of its own."""
    shutil.copytree(SHIPPED / "core", tmp_path / "core", ignore=shutil.ignore_patterns("fields", "forms"))
    folder = tmp_path / "island"
    folder.mkdir()
    (folder / "pack.toml").write_text(MANIFEST, encoding="utf-8")
    (folder / "procedures.toml").write_text(STEP, encoding="utf-8")
    whole = STEP.replace("boat", "guardian").replace("label.en", 'label = {tk = "x", ru = "x", ro = "x", en')
    (tmp_path / "core" / "procedures.toml").write_text(
        whole.replace('guardian"\nafter', 'guardian"}\nafter'), encoding="utf-8"
    )
    return folder


@pytest.fixture
def faults(island: Path) -> Write:
    """Write the steps, and tell the faults as (where, what)."""

    def write(text: str = "", *, change: tuple[str, str] = ("", ""), more: str = "") -> list[packs.Fault]:
        (island / "procedures.toml").write_text((text or STEP).replace(*change) + more, encoding="utf-8")
        return packs.check(island)

    return write


def steps_of(folder: Path) -> dict[str, Step]:
    return dict(packs.load(folder).part(STEPS))


def test_a_country_adds_steps_to_those_that_it_extends(island: Path) -> None:
    steps = steps_of(island)
    assert list(steps) == ["guardian", "boat"]
    assert (steps["boat"].span, steps["boat"].who) == (Span(3, "working_days"), ("social_worker",))


def test_a_step_of_the_same_name_takes_the_place_of_the_bases(island: Path, faults: Write) -> None:
    assert faults(change=('"boat"', '"guardian"')) == []
    assert {name: step.label.text("en") for name, step in steps_of(island).items()} == {"guardian": "Ask for a boat"}


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (('["opened"]', '["launched"]'), "step (boat).after", "launched is unknown here."),
        (('["opened"]', '["stage:sailing"]'), "step (boat).after", "stage:sailing is unknown here."),
        (('["opened"]', '["step:oars"]'), "step (boat).after", "step:oars is unknown here."),
        (('["opened"]', '["step:boat"]'), "step (boat).after", "This step never begins"),
        (("by_hand = true", 'finished_by = ["step:guardian"]'), "step (boat).finished_by", "step:guardian is unknown here."),
        (("by_hand = true", ""), "step 1 (boat)", "Nothing finishes this step."),
        (('["social_worker"]', '["captain"]'), "step 1 (boat).who", "captain is unknown here."),
        (('["social_worker"]', "[]"), "step 1 (boat).who", "Nobody does this step."),
        (("working_days = 3", "working_days = 3\nhours = 2"), "step 1 (boat)", "A step has one length."),
        (("working_days = 3", "working_days = 0"), "step 1 (boat).working_days", "This length makes no sense."),
        (("working_days = 3", 'blocks = ["case.note"]'), "step 1 (boat).blocks", "case.note is unknown here."),
        (("working_days = 3", 'when.weather = ["calm"]'), "step 1 (boat).when.weather", "This key is unknown."),
        (("working_days = 3", 'when.risk = ["calm"]'), "step (boat).when.risk", "calm is unknown here."),
        (("working_days = 3", "also_before = true\nagain = true"), "step 1 (boat).also_before", "A step that comes again"),
        (("verified = false", ""), "step 1 (boat).verified", "This key is missing."),
        (("working_days = 3", 'working_days = 3\ncalendar = "tides"'), "step (boat).calendar", "tides is unknown here."),
        (("working_days = 3", 'days = 3\ncalendar = "hotline"'), "step 1 (boat).calendar", "Only working days are counted"),
    ],
)  # fmt: skip
def test_each_slip_is_told_with_its_place(faults: Write, change: tuple[str, str], where: str, what: str) -> None:
    (fault,) = faults(change=change)
    assert (fault.file, fault.where) == ("island/procedures.toml", where)
    assert fault.what.startswith(what)
    assert fault.mend


def test_a_form_that_the_pack_does_not_have_is_a_fault_where_it_has_forms(island: Path, faults: Write) -> None:
    assert faults(change=('["opened"]', '["form:rowing"]')) == []
    pack = packs.load(island)
    told: list[packs.Fault] = []
    source = Source(island / "procedures.toml", island, ("en",), told)
    check_steps(source, pack.part(STEPS), {**pack.parts, "forms": {"sailing": None}})
    assert [(fault.where, fault.what) for fault in told] == [("step (boat).after", "form:rowing is unknown here.")]


def test_two_steps_of_one_name_are_a_fault(faults: Write) -> None:
    assert [fault.what for fault in faults(more=STEP)] == ["Two steps have one name."]


def test_a_step_that_others_wait_for_is_not_retired_alone(island: Path, faults: Write) -> None:
    retired = STEP.replace('"boat"', '"guardian"').replace("verified", "retired = true\nverified")
    retired = retired.replace('label.en = "Ask for a boat"\n', "")
    waits = STEP.replace('"opened"', '"step:guardian"')
    (fault,) = faults(retired + waits)
    assert fault.what == "These steps wait for it: boat."
    assert faults(retired) == []
    guardian = steps_of(island)["guardian"]
    assert (guardian.retired, guardian.label.text("tk")) == (True, "x")


def test_facts_are_plain_pairs_that_can_hold_or_not(island: Path, faults: Write) -> None:
    assert faults(change=("working_days = 3", 'when.risk = ["high", "critical"]')) == []
    boat = steps_of(island)["boat"]
    assert boat.holds({"risk": "high"})
    assert not boat.holds({"risk": "low"})
