"""What a pack may say of deadlines: the shipped rules hold, and each fault is told."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from amanat import packs
from amanat.legal import deadlines
from amanat.legal.catching_up import DuesFollower
from amanat.legal.deadlines import Happened
from amanat.legal.models import LegalDue
from amanat.legal.reading import RULES, rules
from amanat.legal.tests.stood import proceeding_on, ruled
from amanat.packs.tests import SHIPPED
from amanat.procedures import Calendar

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


@pytest.mark.parametrize("zone", ["Asia/Ashgabat", "UTC"])
def test_no_shipped_rule_without_a_length_says_a_day_that_nobody_named(zone):
    calendar = Calendar(ZoneInfo(zone), frozenset({6}), holidays=None)
    for rule in (one for one in rules() if one.span is None):
        for event in rule.after:
            told = Happened(event, date(2026, 11, 27), **{_other(rule.named): date(2026, 12, 1)})
            [one] = deadlines.running([rule], [told], calendar)
            assert one.deadline is None
            assert one.lacks_day is not rule.open_end
            named = [told, Happened(event, told.on, **{rule.named: date(2026, 12, 9)})]
            assert [one.deadline.last_day for one in deadlines.running([rule], named, calendar)] == [date(2026, 12, 9)]


def _other(named):
    return next(one for one in deadlines.NAMED if one != named)


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


@pytest.mark.django_db
def test_once_a_pack_says_another_length_the_deadlines_of_all_proceedings_are_worked_out_anew(
    settings, land, cast, case
):
    proceeding = proceeding_on(case, cast)
    ruled(proceeding, cast, "judgment")
    assert LegalDue.objects.get().due is None  # the core knows no length, and the decision named no day
    assert not DuesFollower().turn()
    folder, _core = land(RULE)
    settings.AMANAT_PACKS = [*settings.AMANAT_PACKS, folder]
    assert DuesFollower().turn()
    assert LegalDue.objects.get().due is not None
    assert not DuesFollower().turn()
