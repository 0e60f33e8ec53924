"""What a pack may say of deadlines: the shipped rules hold, and each fault is told."""

from __future__ import annotations

import pytest

from amanat import packs
from amanat.legal.reading import RULES, rules
from amanat.packs.tests import SHIPPED

MANIFEST = """name = "land"
version = "1.0.0"
extends = "core"
languages = ["tk", "ru", "en", "ro"]
time_zone = "UTC"
weekend = ["sunday"]
title = {en = "Land", tk = "Land", ru = "Land", ro = "Land"}
"""
RULE = """[[deadline]]
name = "appeal"
label = {en = "a", tk = "a", ru = "a", ro = "a"}
after = ["judgment"]
finished_by = ["appeal"]
named = "appeal_by"
working_days = 10
source = "A lawyer"
verified = true
"""


@pytest.fixture
def land(tmp_path):
    """A pack on core, with this `deadlines.toml`."""

    def make(text):
        folder = tmp_path / "land"
        folder.mkdir()
        (folder / "pack.toml").write_text(MANIFEST)
        (folder / "deadlines.toml").write_text(text)
        return folder, [SHIPPED / "core"]

    return make


def test_the_shipped_rules_invent_no_length():
    told = {rule.name: rule for rule in rules()}
    assert [name for name, rule in told.items() if rule.span] == ["reflection"]
    assert not told["reflection"].verified
    assert not told["appeal"].verified


def test_a_country_replaces_a_rule_by_its_name(land):
    folder, known = land(RULE)
    assert packs.check(folder, known) == []
    rule = packs.load(folder, known).part(RULES)["appeal"]
    assert (rule.span.amount, rule.span.unit, rule.verified) == (10, "working_days", True)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ('after = ["judgment"]', 'after = ["nonsense"]', "nonsense is unknown here."),
        ('after = ["judgment"]', "after = []", "Nothing begins this deadline."),
        ('named = "appeal_by"', 'named = "someday"', "someday is unknown here."),
        ("working_days = 10", "working_days = 10\ndays = 3", "A deadline has one length."),
        ("working_days = 10", "days = 0", "This length makes no sense."),
        ("working_days = 10", 'working_days = 1\ncalendar = "moon"', "moon is unknown here."),
        ("working_days = 10", "hours = 10", "hours"),
        ('source = "A lawyer"\n', "", "This key is missing."),
    ],
)
def test_each_fault_is_told(land, was, now, told):
    folder, known = land(RULE.replace(was, now))
    assert any(told in f"{fault.what} {fault.where}" for fault in packs.check(folder, known))
