"""The child's own plan is one sheet in large type, however long it is; what has no room on it is said, and stands on the page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

from amanat.access import paper
from amanat.cases.shown import Text as Words
from amanat.plans import child, one_sheet, road
from amanat.plans.lines import broken, shortened, width
from amanat.plans.models import RowKind
from amanat.plans.texts import Row, Text, text_of
from amanat.web import press
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]

STYLE = Path(press.__file__).with_name("paper.css")
# Long words of each language, as a team may write them.
SAID = {
    "tk": "Biz seniň bilen bilelikde mugallymlarymyzyňkydan habarlaşarys, aladalanmaly däldigiňi düşündireris.",
    "ru": "Мы вместе с воспитательницей поговорим с преподавательницей и обо всём договоримся по-хорошему.",
    "en": "Together we talk with the headmistress about extracurricular opportunities and misunderstandings.",
    "ro": "Vorbim împreună cu învățătoarea despre neînțelegerile și responsabilitățile extracurriculare.",
}
LARGE = 14  # points
PHRASES = ("school_back", "doctor", "safe_bed", "talk")
DOMAINS = ("education", "health", "accommodation", "psychological")


def plan_of(stations: int, steps: int, said: str) -> Text:
    rows = [Row("w" * 32, RowKind.WHOLE)]
    for number in range(stations):
        need, goal = f"{number:032x}", f"{number + 500:032x}"
        fields = {"domain": DOMAINS[number % 4], "level": "high"}
        rows.append(Row(need, RowKind.NEED, "", number, fields))
        told = {"phrase": PHRASES[number % 4], "for_child": said, "own_words": said, "owner": "social_worker"}
        rows.append(Row(goal, RowKind.OBJECTIVE, need, number, told | {"end": "2027-02-01"}))
        for step in range(steps):
            told = {"phrase": PHRASES[step % 4], "for_child": said, "owner": "psychologist"}
            rows.append(Row(f"{number * 100 + step + 10_000:032x}", RowKind.ACTIVITY, goal, step, told))
    return text_of(rows)


def sheet(cast: Cast, language: str, text: Text, said: str = "", to_ask: Sequence[str] = ()) -> str:
    """The paper of a plan in which `said` is the greeting and the goal as well."""

    def told() -> dict[str, Any]:
        whole = {"greeting": Words(said), "goal": Words(said), "stops": child.stops(text, {}), "to_ask": to_ask}
        return one_sheet.laid(whole)

    return paper.sheet(cast.actor("jemal"), "plans/paper_child.html", told, language)


def pressed(sheets: Sequence[str]) -> list[tuple[int, float]]:
    """By the press's own style: how many pages each gets, and its smallest type in points."""
    measuring = (
        "import json, sys, weasyprint\n"
        "style = weasyprint.CSS(filename=sys.argv[1])\n"
        "made = [weasyprint.HTML(string=one).render(stylesheets=[style]) for one in json.load(sys.stdin)]\n"
        "boxes = [[box for page in one.pages for box in page._page_box.descendants()] for one in made]\n"
        "sizes = [[box.style['font_size'] for box in all if getattr(box, 'text', '')] for all in boxes]\n"
        "print(json.dumps([[len(one.pages), round(min(all) * 0.75, 3)] for one, all in zip(made, sizes)]))"
    )
    command = [sys.executable, "-c", measuring, str(STYLE)]
    done = subprocess.run(command, input=json.dumps(sheets), capture_output=True, check=True, text=True)
    return [(count, size) for count, size in json.loads(done.stdout)]


def test_it_is_one_sheet_in_large_type_however_many_stations_and_in_every_language(cast: Cast) -> None:
    asked = list(product((1, 4, 8, 12), SAID))
    made = [sheet(cast, language, plan_of(many, 2, SAID[language]), SAID[language]) for many, language in asked]
    for which, (count, size) in zip(asked, pressed(made), strict=True):
        assert count == 1, which
        assert size >= LARGE, which


def test_it_is_one_sheet_whatever_is_written(cast: Cast) -> None:
    """At its longest, in capitals, in many paragraphs, without a gap; with many steps, and two who are still to be asked."""
    told = {
        "long": SAID["ru"] * 40,
        "capitals": SAID["ru"].upper() * 5,
        "paragraphs": "Щука\n\n" * 300,
        "no gap": "Щ" * 4000,
        "narrow": "i" * 4000,
    }
    to_ask = ("child", "guardian")
    made = [sheet(cast, "ru", plan_of(5, 30, said), said, to_ask) for said in told.values()]
    assert dict(zip(told, [count for count, _size in pressed(made)], strict=True)) == dict.fromkeys(told, 1)


def test_the_numbers_on_the_road_are_as_large() -> None:
    drawn = re.search(r'font-size="(\d+)"', render_to_string("plans/road.html", {"road": road.drawn([False])}))
    wide = re.search(r"\.paper-road svg \{ width: (\d+)mm; \}", STYLE.read_text().split(".paper-child { page")[1])
    assert drawn
    assert wide
    assert int(drawn[1]) * int(wide[1]) / 25.4 * 72 / road.WIDTH >= LARGE


def test_what_is_behind_gives_room_to_what_comes_next_and_what_comes_later_is_said() -> None:
    text = plan_of(12, 1, "")
    stops = [replace(one, is_done=place < 3) for place, one in enumerate(child.stops(text, {}))]
    laid = one_sheet.laid({"greeting": Words(""), "goal": Words("Aşpez boljak."), "stops": stops, "to_ask": ()})
    shown = laid["sheet"]
    assert shown.behind == 3
    assert len(shown.stops) >= 3, "three of usual length have room"
    assert shown.later == 12 - 3 - len(shown.stops) > 0
    assert [one.number for one in laid["road"].stations] == [*range(4, 4 + len(shown.stops)), 0]
    assert laid["road"].goes_on


def test_the_sentences_on_what_does_not_stand_there(cast: Cast) -> None:
    told = sheet(cast, "en", plan_of(12, 2, SAID["en"]))
    assert "more stations come later" in told
    assert "behind me" not in told
    assert 'start="1"' in told
    told = sheet(cast, "en", plan_of(2, 0, ""))
    assert "later. I can ask to see" not in told


def test_a_text_is_shortened_by_whole_words_and_only_where_it_is_too_long() -> None:
    assert broken("one two three", 7) == ["one two", "three"]
    assert all(width(line) <= 20 for line in broken(SAID["ru"] * 3, 20))
    assert shortened("one two three", 2, 7) == "one two three"
    assert shortened("one two three four five", 2, 7) == "one two three …"
