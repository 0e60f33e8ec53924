"""The bench of the centre and plans: what it seeds is what the product reads, and it says where something falls short or is lost."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse

from amanat.access.models import Grant
from amanat.centre.models import Dose, LogEntry, Stay, StayBed, Tally
from amanat.plans.actions import drafting
from tests.cast import IDENTITY
from tools.bench.assistance import finding, housing, planning
from tools.bench.assistance.editing import Sheet, Writer, lost
from tools.bench.assistance.page import section
from tools.bench.assistance.pages import jobs
from tools.bench.assistance.size import Size, size_of
from tools.bench.forms.counting import Counted

pytestmark = pytest.mark.sqlcipher_only
MS = {"p50": 20.0, "p95": 90.0, "count": 100, "bytes": 7_000}


def measured(alone: float = 90.0, together: float = 290.0, missing: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "machine": "2 cores",
        "date": "2026-11-27",
        "memory": 300.0,
        "places": 200,
        "days": 1826,
        "figures": {"plan, 1": MS | {"p95": alone}, "plan, 16": MS | {"p95": together}},
        "costs": {"plan": {"queries": 11, "opened": 21, "ms": 24.0, "bytes": 7_000}},
        "edited": {"minutes": 10.0, "acknowledged": 900, "met": 60, "refused": 1, "lost": list(missing), "save": MS},
    }


@pytest.mark.parametrize(
    ("found", "short"),
    [(measured(), 0), (measured(alone=101), 1), (measured(together=301), 1), (measured(missing=("w1n1w",)), 1)],
)
def test_the_page_says_what_falls_short(found: dict[str, Any], short: int) -> None:
    assert "\n".join(section({"sqlcipher 000100000": found})).count("**not reached**") == short


def test_the_full_size_is_what_was_asked_for() -> None:
    assert size_of(100_000) == Size(100_000, places=200, days=1826)
    assert size_of(1_000).places == 20


def test_a_word_that_was_acknowledged_and_stands_nowhere_is_told() -> None:
    assert lost(["wa1n1w", "wa1n2w"], ["wa1n2w She goes there.", "wa1n3w"]) == ["wa1n1w"]


def test_the_form_with_long_texts_is_read_as_a_browser_would_send_it() -> None:
    page = (
        '<form><input name="language" value="ru"></form><form><input type="hidden" name="seen" value="3">'
        '<textarea name="words">\nShe said &quot;no&quot;</textarea><select name="owner"><option value="child">A</option>'
        '<option value="lawyer" selected>B</option></select><input type="radio" name="keep-words" value="mine"></form>'
    )
    sheet = Sheet(page)
    assert sheet.fields == {"seen": "3", "words": 'She said "no"', "owner": "lawyer"}
    assert sheet.long == ["words"]


def test_the_seeded_plan_is_read_and_written_by_the_pages(cast: Any, case: Any, browse: Any, monkeypatch: Any) -> None:
    """Two turns of one who writes: a row of their own, then one that stands there; both words are found."""
    managers = {case.subject_id: cast["jemal"].pk}
    planning.write([case], managers, {case.pk}, random.Random(1))
    browser = browse("jemal")
    page = browser.get(reverse("plans.plan", args=[case])).content.decode()
    assert page.count("plan-objective") == planning.NEEDS * planning.OBJECTIVES
    assert browser.get(reverse("monitoring.journey", args=[case])).status_code == 200
    planning.reopen(case, cast["jemal"].pk)
    client = Counted()
    client.inner = browser
    monkeypatch.setattr("tools.bench.assistance.editing.PAUSE", (0, 0))
    writer = Writer(client, "jemal", case.pk.hex, until=0, run="a")
    writer.work()
    row = case.plan_rows.filter(kind="objective").first()
    writer._write(f"/cases/{case.pk.hex}/plan/rows/{row.pk}")
    assert writer.book.acknowledged == {"wajemaln1w", "wajemaln2w"}
    assert not lost(sorted(writer.book.acknowledged), finding.main(case.pk))


def test_who_meets_anothers_text_sends_again_and_loses_nothing(
    cast: Any, case: Any, browse: Any, monkeypatch: Any
) -> None:
    planning.write([case], {case.subject_id: cast["jemal"].pk}, (), random.Random(1))
    planning.reopen(case, cast["jemal"].pk)
    row = case.plan_rows.filter(kind="activity").first()
    client = Counted()
    client.inner = browse("jemal")

    def quicker(_seconds: float) -> None:
        drafting.write(case, row=row, words="wbothern1w", owner="lawyer", actor=cast.actor("jemal"))

    monkeypatch.setattr("tools.bench.assistance.editing.time.sleep", quicker)
    writer = Writer(client, "jemal", case.pk.hex, until=0, run="b")
    writer._write(f"/cases/{case.pk.hex}/plan/rows/{row.pk}")
    assert (writer.book.met, writer.book.acknowledged) == (1, {"wbjemaln1w"})
    assert not lost(["wbothern1w", "wbjemaln1w"], finding.main(case.pk))


def test_the_seeded_house_has_its_days_and_its_pages(cast: Any, register: Any, browse: Any) -> None:
    """Nobody sleeps in a bed that another one has."""
    cases = [register(identity=IDENTITY | {"names": [{"given": f"Girl {number}"}]}) for number in range(6)]
    bahar, on_shift = cast["bahar"], [cast[name] for name in ("bahar", "jemal", "aman", "merdan")]
    size = Size(plans=6, places=2, days=300)
    told = housing.write(cases, on_shift, cast["sona"], bahar.agency, bahar.site, size, random.Random(3))
    told |= {"centre": ["bahar"], "files": {}}
    assert Stay.objects.filter(state="in").count() == StayBed.objects.filter(until=None).count() == 2
    slept = sorted(StayBed.objects.values_list("bed", "since", "until"))
    assert all(one[2] and one[2] < two[1] for one, two in pairwise(slept) if one[0] == two[0])
    assert LogEntry.objects.count() > 600
    assert Dose.objects.count() == sum(Tally.objects.filter(what="dose").values_list("count", flat=True))
    Grant.objects.filter(membership=bahar).update(
        since=cast.now - timedelta(days=1)
    )  # seeded by the clock of the machine
    browser = browse("bahar")
    for job in jobs(told):
        for address in job.addresses.get("bahar", ())[:1]:
            assert browser.get(address).status_code == 200, address
