"""Scores over time: compared with themselves only, with bands as counted by hand; an answer that needed somebody, and what became of it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat import packs
from amanat.access.files import open_file
from amanat.access.models import Consent, Grant
from amanat.access.policy import Relation
from amanat.cases.actions import alerting
from amanat.cases.actions.writing import finish_task
from amanat.cases.models import Alert, Task
from amanat.cases.tests.looking import counting, read
from amanat.forms.tests.shipped import WRITTEN, filled, shipped
from amanat.packs.labels import Label
from amanat.packs.tests import SHIPPED
from amanat.people.models import DutyPlace
from amanat.psychology import measures
from amanat.psychology.change import Key, Total, Verdict, changes, compared, lines
from amanat.psychology.drawing import HEIGHT, WIDTH, drawn
from amanat.psychology.scales import SCALES, Band, Cut, Scale
from amanat.psychology.tests.helped import fill, items, with_psychologist
from amanat.psychology.tests.test_contacts import PEOPLE, PLAN
from tests.cast import NOW

PHQ, GAD = (1, 2, 0, 3, 1, 2, 0, 1, 0), (3, 2, 1, 0, 3, 3, 3)  # 10 and 15
KEY = Key("phq_9_teens", "phq_9_teens", "1", "ru", "")
DAY = date(2026, 11, 1)


@pytest.fixture
def instruments(settings):
    settings.AMANAT_PACKS = [SHIPPED / "core", SHIPPED / "instruments"]


@pytest.fixture
def case(instruments, case, cast):
    return with_psychologist(case, cast)


@pytest.fixture
def page(case, browse):
    return lambda name="jemal": read(browse(name), reverse("psychology.scores", args=[case]))


def scale(**more):
    bands = (Band(0, 4, Label({}), True), Band(5, 27, Label({}), False))
    told = {"score": "s", "reporter": "", "least": 0, "most": 27, "better": "lower", "bands": bands, "cuts": ()}
    return Scale(**told | {"change": 5, "change_verified": False, "source": Label({})} | more)


def total(value, days=0, key=KEY, number=1):
    return Total(key, DAY + timedelta(days=days), number, value)


# --- the rule -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (15, 10, Verdict.BETTER),  # 5 less is the first that is called a change
        (15, 11, Verdict.NONE),
        (10, 15, Verdict.WORSE),
        (10, 14, Verdict.NONE),
        (10, 10, Verdict.NONE),
    ],
)
def test_a_difference_below_five_is_not_called_a_change(before, after, verdict):
    assert compared(total(before), total(after, 7), scale()).verdict is verdict


def test_where_more_is_better_the_words_turn_round():
    assert compared(total(40), total(52, 7), scale(better="higher")).verdict is Verdict.BETTER
    assert compared(total(52), total(40, 7), scale(better="higher")).verdict is Verdict.WORSE


@pytest.mark.parametrize("known", [None, scale(change=0)])
def test_nothing_is_called_better_where_nobody_knows_from_when_on(known):
    assert compared(total(27), total(0, 7), known).verdict is Verdict.UNSAID


@pytest.mark.parametrize("name", ["score", "form", "version", "used", "reporter"])
def test_what_is_not_the_same_tool_and_version_is_not_compared(name):
    other = Key(**{one: getattr(KEY, one) for one in KEY.__slots__} | {name: "other"})
    with pytest.raises(ValueError, match="not compared"):
        compared(total(10), total(1, 7, other), scale())
    assert len(lines([total(10), total(1, 7, other)])) == 2


KEYS = st.builds(Key, *(st.sampled_from(["a", "b"]) for _ in range(5)))
TOTALS = st.lists(
    st.builds(
        Total,
        KEYS,
        st.dates(date(2025, 1, 1), date(2027, 1, 1)),
        st.integers(1, 50),
        st.integers(0, 27).map(float),
    ),
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(TOTALS)
def test_every_total_stands_in_one_line_of_its_own_kind_in_the_order_of_days(totals):
    found = lines(totals)
    assert sorted(map(repr, totals)) == sorted(repr(one) for line in found.values() for one in line)
    for key, line in found.items():
        assert {one.key for one in line} == {key}
        assert all(before.on <= after.on for before, after in pairwise(line))
        told = changes(line, scale())
        assert told[0] is None
        assert all(one and one.before is line[0] for one in told[1:])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 27), st.integers(0, 400)), min_size=1, max_size=8), st.booleans())
def test_every_point_lies_in_the_picture_and_higher_totals_higher(values, known):
    line = sorted((total(float(value), days) for value, days in values), key=lambda one: one.on)
    picture = drawn(line, scale(cuts=(Cut(5, Label({}), True, False),)) if known else None)
    assert all(0 <= spot.x <= WIDTH and 0 <= spot.y <= HEIGHT for spot in picture.spots)
    for one, spot in zip(line, picture.spots, strict=True):
        for another, other in zip(line, picture.spots, strict=True):
            assert (one.value > another.value) == (spot.y < other.y) or one.value == another.value


# --- what the pack says -------------------------------------------------------------------------------------------------


def test_the_packs_know_their_scales_without_a_fault():
    assert packs.check(SHIPPED / "core") == []
    assert packs.check(SHIPPED / "instruments") == []


@pytest.mark.parametrize(
    ("name", "value", "band", "verified"),
    [
        ("phq_9_teens:", 4, "few signs", False),
        ("phq_9_teens:", 11, "moderate", False),
        ("phq_9_teens:", 15, "moderately severe", False),
        ("gad_7:", 15, "severe", True),
        ("gad_7:", 14, "moderate", True),
        ("who_5:", 50, "low well-being", True),
        ("who_5:", 28, "very low well-being", False),
        ("who_5:", 52, "above the limit", True),
        ("cries_8:", 16, "below 17", False),
        ("cries_8:", 17, "17 or more", False),
        ("cries_13:", 30, "30 or more", True),
        ("cats_2_dsm5:", 21, "above the limit for screening", True),
        ("cats_2_icd11_ptsd:", 6, "below 7", True),
        ("cpss_5:", 31, "31 or more", True),
        ("sdq_difficulties:self", 16, "borderline", False),
        ("sdq_difficulties:parent", 16, "borderline", False),
        ("sdq_difficulties:teacher", 16, "high", False),
        ("rcads_25_t_total:", 66, "borderline", False),
    ],
)
def test_a_band_is_that_of_the_source_and_says_whether_anybody_checked_it(name, value, band, verified):
    found = packs.load(SHIPPED / "instruments").part(SCALES)[name].band(value)
    assert (found.label.text("en"), found.verified) == (band, verified)


@pytest.mark.parametrize(
    ("name", "languages"),
    [
        ("cries_8", "en ru"),
        ("cries_13", "en"),
        ("cpss_5", "en"),
        ("cats_2", "en ru"),
        ("gad_7", "en ru ro"),
        ("phq_9_teens", "en ru ro"),
        ("who_5", "en ru ro"),
        ("rcads_25", "en ru ro"),
        ("sdq_totals", "en ru ro"),
    ],
)
def test_only_versions_are_offered_of_which_an_official_one_is_known(name, languages):
    """As LICENCE.md of the pack says; a Turkmen one is known of none."""
    shown = (one for screen in filled(name, {}).screens() for one in screen.questions)
    (asked,) = (one for one in shown if one.question.name == "version_language")
    assert [choice.value for choice in asked.choices if choice.value] == [*languages.split(), "other"]


def test_the_terms_of_an_instrument_stand_beside_its_scores(cast, case, page):
    fill(case, cast, "who_5", items(1, 2, 1, 1, 2))
    assert "not for commercial use" in page()


def test_only_the_two_tools_of_which_one_knows_have_a_smallest_change():
    known = {name: one for name, one in packs.load(SHIPPED / "instruments").part(SCALES).items() if one.change}
    assert {name: (one.change, one.change_verified) for name, one in known.items()} == {
        "phq_9_teens:": (5, False),
        "gad_7:": (5, False),
    }


def test_bands_with_a_gap_are_told_as_a_fault(tmp_path):
    folder = tmp_path / "gap"
    folder.mkdir()
    manifest = (SHIPPED / "instruments" / "pack.toml").read_text().replace('"instruments"', '"gap"')
    (folder / "pack.toml").write_text(manifest)
    text = (SHIPPED / "instruments" / "measures.toml").read_text().replace("least = 17\n", "least = 19\n")
    (folder / "measures.toml").write_text(text)
    told = packs.check(folder, [SHIPPED / "core"])
    assert any("gap" in fault.what for fault in told)


# --- the page -----------------------------------------------------------------------------------------------------------


def test_totals_stand_in_a_picture_and_its_table_with_their_bands(cast, case, page):
    fill(case, cast, "phq_9_teens", items(*PHQ) | {"filled_on": "2026-11-10"})
    fill(case, cast, "phq_9_teens", items(1, 1, 1, 1, 0, 0, 0, 0, 0))
    told = page()
    assert "10 → 4 (−6)" in told.replace("&rarr;", "→")
    assert "better" in told
    assert "moderate" in told
    assert "<svg" in told
    assert "A score is no diagnosis" in told
    (line,) = measures.context(open_file(cast.actor("jemal"), case))["lines"]
    assert [(row.total.value, row.total.on.isoformat()) for row in line.rows] == [
        (10.0, "2026-11-10"),
        (4.0, "2026-11-20"),
    ]


def test_another_language_version_and_another_tool_stand_apart(cast, case, page):
    fill(case, cast, "phq_9_teens", items(*PHQ))
    fill(case, cast, "phq_9_teens", items(0, 0, 0, 0, 0, 0, 0, 0, 0) | {"version_language": "ro"})
    fill(case, cast, "gad_7", items(*GAD))
    found = measures.context(open_file(cast.actor("jemal"), case))["lines"]
    assert sorted((line.key.form, line.used, len(line.rows)) for line in found) == [
        ("gad_7", "Russian", 1),
        ("phq_9_teens", "Romanian", 1),
        ("phq_9_teens", "Russian", 1),
    ]
    assert "is not compared" in page()


def test_a_score_without_a_known_change_calls_nothing_better(cast, case, page):
    for points in ((5, 3, 1, 0, 5, 3, 1, 0), (0,) * 8):
        fill(case, cast, "cries_8", items(*points))
    told = page()
    assert "not judged" in told
    assert "better</span>" not in told
    assert "nothing is called better or worse" in told


def test_the_picture_of_a_part_of_a_score_ends_at_its_maximum_not_at_the_highest_seen(cast, case, page):
    fill(case, cast, "cries_8", items(5, 3, 5, 1, 0, 3, 1, 0))
    found = {line.key.score: line for line in measures.context(open_file(cast.actor("jemal"), case))["lines"]}
    assert [found[score].drawing.ticks[-1][1] for score in ("cries_8", "cries_8_intrusion")] == ["40", "20"]
    assert "knows no bands and no limits" in page()


def test_many_days_of_other_forms_push_no_score_out_of_sight(cast, case, monkeypatch):
    monkeypatch.setattr(measures, "MOST", 2)
    fill(case, cast, "gad_7", items(*GAD))
    for _day in range(3):
        fill(case, cast, "safety_plan", PLAN, deep=PEOPLE)
    (line,) = measures.context(open_file(cast.actor("jemal"), case))["lines"]
    assert [row.total.value for row in line.rows] == [15.0]


def test_too_few_answers_make_no_total(cast, case, page):
    fill(case, cast, "cries_8", items(5, 3, 1))
    assert measures.context(open_file(cast.actor("jemal"), case))["lines"] == []
    assert "Without a total" in page()


def test_the_scores_are_closed_to_whom_the_summary_is_closed(cast, case, browse):
    fill(case, cast, "gad_7", items(*GAD))
    assert browse("aman").get(reverse("psychology.scores", args=[case])).status_code == 403


def test_an_answer_of_self_harm_is_shown_to_wait_to_be_taken_and_to_be_done(cast, case, page):
    DutyPlace.objects.create(agency=case.agency, membership=cast["merdan"], order=1)
    fill(case, cast, "phq_9_teens", items(*PHQ[:8], 1))
    told = page()
    assert "An answer needed somebody at once" in told
    assert "nobody has taken it yet" in told
    assert "better off dead" not in told, "the item itself is in the psychologist's own part"
    assert "better off dead" in page("ogulgerek")
    alerting.take_alert(Alert.objects.get(), actor=cast.actor("merdan", NOW + timedelta(minutes=3)))
    assert "Taken by Merdan" in page()
    assert "The task about it is open: Jemal" in page()
    task = Task.objects.select_related("case__subject", "subject").get()
    finish_task(task, actor=cast.actor("jemal", NOW + timedelta(hours=1)))
    assert "The task about it was done by Jemal" in page()
    (one,) = measures.context(open_file(cast.actor("jemal"), case))["handled"]
    assert one.is_done


def test_each_answer_leads_to_its_own_alert_whatever_the_times_say(cast, case):
    """Two answers at one moment: the first was taken up before the second was given."""
    DutyPlace.objects.create(agency=case.agency, membership=cast["merdan"], order=1)
    fill(case, cast, "phq_9_teens", items(*PHQ[:8], 1))
    first = Alert.objects.get()
    alerting.take_alert(first, actor=cast.actor("merdan"))
    fill(case, cast, "phq_9_teens", items(*PHQ[:8], 2))
    second = Alert.objects.exclude(pk=first.pk).get()
    told = measures.context(open_file(cast.actor("jemal"), case))["handled"]
    assert {one.record.number: (one.alert.pk, one.waits) for one in told} == {
        1: (first.pk, False),
        2: (second.pk, True),
    }


def test_two_answers_while_one_alert_waits_are_one_alert(cast, case):
    for item in (1, 2):
        fill(case, cast, "phq_9_teens", items(*PHQ[:8], item))
    told = measures.context(open_file(cast.actor("jemal"), case))["handled"]
    assert [one.alert.pk for one in told] == [Alert.objects.get().pk] * 2


def test_who_reads_by_a_consent_learns_of_no_answer_that_it_does_not_name(cast, case):
    fill(case, cast, "phq_9_teens", items(*PHQ[:8], 1))
    consent = Consent.objects.create(
        subject=case.subject,
        purpose="assistance_by_partner",
        recipient=cast["selbi"].agency,
        parts=["psychology_summary"],
        recorded_by=cast["jemal"],
        given_on=NOW.date(),
    )
    Grant.objects.create(
        subject=case.subject, membership=cast["selbi"], relation=Relation.RECEIVER, since=NOW, consent=consent
    )
    told = measures.context(open_file(cast.actor("selbi"), case))
    assert [len(line.rows) for line in told["lines"]] == [1]
    assert told["handled"] == []


def test_a_total_without_such_an_answer_says_nothing_of_it(cast, case, page):
    fill(case, cast, "phq_9_teens", items(*PHQ))
    assert "needed somebody at once" not in page()


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("count", [2, 20])
def test_the_page_costs_few_queries_however_many_records(cast, case, browse, count):
    for _time in range(count):
        fill(case, cast, "gad_7", items(*GAD))
    fill(case, cast, "phq_9_teens", items(*PHQ[:8], 1))
    client, address = browse("ogulgerek"), reverse("psychology.scores", args=[case])
    with counting() as queries:
        read(client, address)
    assert len(queries) <= 12, len(queries)


def test_every_score_of_the_instruments_has_its_range():
    known = {name.partition(":")[0] for name in packs.load(SHIPPED / "instruments").part(SCALES)}
    scores = {one.extras.score for name in WRITTEN for one in shipped(name).questions.values() if one.extras.score}
    assert scores - {"training_test"} <= known


def test_without_a_known_range_the_picture_names_no_end():
    assert drawn([Total(KEY, DAY, 1, 14.0)], None).ticks == []


def test_the_terms_of_an_instrument_stand_in_the_readers_language(cast, case, browse):
    fill(case, cast, "cries_8", items(5, 3, 5, 1, 0, 3, 1, 0))
    jemal = browse("jemal")
    jemal.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "ru"
    told = read(jemal, reverse("psychology.scores", args=[case]))
    assert '<span lang="ru">Можно использовать свободно' in told
    assert "LICENCE.md" not in told
