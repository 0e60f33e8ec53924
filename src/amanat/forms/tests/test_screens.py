"""Each type, structure and appearance as a page draws it and takes it back, without a script; a change sends what changed only."""

from __future__ import annotations

import re
import uuid

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from amanat.forms import appearances, screens
from amanat.forms.filling import Filling
from amanat.forms.lines import Line
from amanat.forms.model import RepeatEnd, Screen
from amanat.forms.screens import ScreenForm, name_of
from amanat.forms.tests.forms import again, begun, form, shown_paths, values

pytestmark = pytest.mark.sqlcipher_only  # no database at all
VERSION = uuid.UUID(int=5)
ENGLISH, RUSSIAN = "English (en)", "Русский (ru)"
HINT, GUIDANCE = f"hint::{ENGLISH}", f"guidance_hint::{ENGLISH}"
REQUIRED, REQUIRED_RU = f"required_message::{ENGLISH}", f"required_message::{RUSSIAN}"
MESSAGE_RU = f"constraint_message::{RUSSIAN}"
CHOICES = """
list_name | name | label::English (en) | label::Русский (ru) | media::image | country |
yn | yes | **Yes** | Да | yes.png | |
yn | no | No | Нет | | |
town | mary | Mary | Мары | | tm |
town | tejen | Tejen | Теджен | | tm |
town | orhei | Orhei | Оргеев | | md |
"""
# Type, name and what else stands in the row; the label is the name.
ROWS: list[tuple[str, str, dict[str, str]]] = [
    *((kind, name, {"EN": ""}) for kind, name in (
        ("start", "began"), ("end", "ended"), ("today", "day"), ("username", "who"), ("deviceid", "device"), ("audit", "audit"),
    )),
    ("begin_group", "all", {"appearance": "field-list"}),
    ("text", "text", {GUIDANCE: "How to ask *it*", "required": "yes", REQUIRED: "Name it.", REQUIRED_RU: "Назовите."}),
    ("text", "long", {"appearance": "multiline"}),
    ("text", "digits", {"appearance": "numbers"}),
    ("integer", "age", {HINT: "In *years*", "constraint": ". < 18", "MESSAGE": "Children only.", MESSAGE_RU: "Только дети."}),
    ("decimal", "weight", {}),
    ("date", "born", {}),
    ("date", "month", {"appearance": "month-year"}),
    ("date", "year", {"appearance": "year"}),
    ("date", "plainly", {"appearance": "no-calendar"}),
    ("time", "hour", {}),
    ("dateTime", "moment", {}),
    ("select_one yn", "safe", {
        "EN": "Is it [safe](https://example.org/safe)?", "RU": "Безопасно?",
        f"media::image::{ENGLISH}": "house.png", f"media::image::{RUSSIAN}": "dom.png",
        f"media::big-image::{ENGLISH}": "plan.png", f"media::audio::{ENGLISH}": "house.mp3",
    }),
    ("select_one town", "town", {"appearance": "minimal"}),
    ("select_one town", "typed", {"appearance": "autocomplete"}),
    ("select_one town", "liked", {"appearance": "likert"}),
    ("select_one town", "quickly", {"appearance": "quick"}),
    ("select_multiple town", "seen", {"appearance": "columns-2"}),
    ("select_one town", "near", {"choice_filter": "country = ${text}"}),
    ("rank town", "best", {}),
    ("range", "pain", {"parameters": "start=0 end=10 step=2"}),
    ("range", "stars", {"parameters": "start=1 end=5 step=1", "appearance": "rating"}),
    ("range", "pick", {"parameters": "start=0 end=50 step=5", "appearance": "picker"}),
    ("acknowledge", "ok", {}),
    ("image", "photo", {"appearance": "new"}),
    ("image", "sign", {"appearance": "signature"}),
    *((kind, name, {}) for kind, name in (("audio", "sound"), ("video", "film"), ("file", "paper"))),
    ("geopoint", "where", {"appearance": "placement-map"}),
    *((kind, name, {}) for kind, name in (("geotrace", "way"), ("geoshape", "field"), ("barcode", "code"))),
    ("note", "told", {"EN": "# Told <br> <span style='color:red'>red</span> ${text}"}),
    ("text", "fixed", {"read_only": "yes", "default": "given"}),
    ("calculate", "doubled", {"EN": "", "calculation": "${age} * 2"}),
    ("text", "copied", {"calculation": "concat('to ', ${town})", "trigger": "${town}"}),
    ("text", "more", {"relevant": "${age} = 7"}),
    ("end_group", "", {}),
    ("begin_group", "table", {"appearance": "table-list"}),
    ("select_one yn", "hungry", {}),
    ("select_one yn", "cold", {}),
    ("end_group", "", {}),
    ("begin_repeat", "kin", {}),
    ("integer", "many", {}),
    ("begin_repeat", "toy", {"repeat_count": "${many}"}),
    ("text", "what", {}),
    ("end_repeat", "", {}),
    ("end_repeat", "", {}),
]  # fmt: skip


def survey() -> str:
    rows = [{"type": kind, "name": name, "EN": name, "RU": name} | more for kind, name, more in ROWS]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return "\n".join(
        " | ".join(cells) + " |" for cells in [columns, *([row.get(one, "") for one in columns] for row in rows)]
    )


@pytest.fixture(scope="module")
def everything():
    return form(survey(), CHOICES)


def page_of(filling: Filling, screen: Screen | None = None, faults: dict[str, str] | None = None) -> ScreenForm:
    return ScreenForm(RequestFactory().get("/"), screen or filling.screens()[0], version=VERSION, faults=faults)


def drawn(lines: list[Line]) -> dict[str, str]:
    """Each line as it is drawn, by the name of its question."""
    html = {line.item.path: render_to_string("forms/line.html", {"line": line}) for line in lines}
    return {path.rsplit("/", 1)[-1]: " ".join(one.split()) for path, one in html.items()}


@pytest.fixture(scope="module")
def page(everything) -> dict[str, str]:
    filling = begun(everything)
    filling.put("/data/all/text", "A *b* [c](https://example.org)")
    with translation.override("en"):
        return {
            name: one for screen in filling.screens() for name, one in drawn(page_of(filling, screen).lines).items()
        }


def test_a_form_with_everything_has_no_faults(everything) -> None:
    assert everything.check() == []
    assert everything.languages == ("en", "ru")  # a picture without a language makes none of its own
    assert everything.files == {"yes.png", "house.png", "dom.png", "plan.png", "house.mp3"}


@pytest.mark.parametrize(("name", "has", "lacks"), [
    ("text", ['type="text"', "<details", "How to ask <em>it</em>"], ["<details open", "(optional)"]),
    ("long", ["<textarea"], []),
    ("digits", ['inputmode="numeric"'], []),
    ("age", ['inputmode="numeric"', "In <em>years</em>", "(optional)"], []),
    ("weight", ['inputmode="decimal"'], []),
    ("born", ['type="date"'], []),
    ("month", ['type="month"', "2026-03"], ['type="date"']),
    ("year", ['inputmode="numeric"', "four digits"], ['type="date"']),
    ("plainly", ['type="date"'], []),
    ("hour", ['type="time"'], []),
    ("moment", ['type="datetime-local"'], []),
    ("safe", ['type="radio"', '<a href="https://example.org/safe"', "<strong>Yes</strong>", "Not stated"], ["<select"]),
    ("town", ["<select", "Not stated"], ['type="radio"']),
    ("typed", ["<select"], ['type="radio"']),
    ("liked", ['type="radio"', "choices short"], []),
    ("quickly", ['type="radio"'], ["short"]),
    ("seen", ['type="checkbox"', "choices short"], []),
    ("near", ["nothing to choose yet"], []),
    ("best", ["Write a number beside each", "<span>Mary</span>", 'name="{}.mary"'], ["<select"]),
    ("pain", ['type="number"', 'min="0"', 'max="10"', 'step="2"', "from 0 to 10"], []),
    ("stars", ['type="radio"', 'value="5"', "short"], ['value="6"']),
    ("pick", ["<select", 'value="50"'], []),
    ("ok", ['type="checkbox"'], []),
    ("photo", ['type="file"', 'capture="environment"', "image/png"], []),
    ("sign", ['type="file"', "on paper"], ["capture"]),
    ("sound", ['type="file"', 'accept="audio/*"'], []),
    ("film", ['accept="video/mp4"'], []),
    ("paper", ['type="file"'], ["accept"]),
    ("where", ['type="text"', "Latitude and longitude"], []),
    ("way", ['type="text"', "of each point"], []),
    ("field", ['type="text"', "of each corner"], []),
    ("code", ['type="text"', "beside the bars"], []),
    ("told", ['<strong class="said-heading">Told</strong><br>red A *b* [c](https://example.org)'], ["color", 'type="text"']),
    ("fixed", ["<p>given</p>"], ['type="text"']),
    ("copied", ['type="text"'], []),
    ("hungry", ['type="radio"', "choices short", "<strong>Yes</strong>"], []),
])  # fmt: skip
def test_every_type_and_appearance_is_drawn(page: dict[str, str], name: str, has: list[str], lacks: list[str]) -> None:
    own = page[name].replace(name_of(f"/data/all/{name}"), "{}")
    assert [piece for piece in has if piece not in own] == []
    assert [piece for piece in lacks if piece in own] == []


def test_what_only_a_phone_tells_and_empty_rows_of_tables_are_no_questions(page: dict[str, str], everything) -> None:
    hidden = (
        "began",
        "ended",
        "day",
        "who",
        "device",
        "audit",
        "doubled",
        "more",
        "reserved_name_for_field_list_labels",
    )
    assert [name for name in page if name.startswith(hidden)] == []
    assert "/data/meta/audit" not in everything.questions


def test_pictures_and_sound_follow_the_language_and_have_words(everything, page: dict[str, str]) -> None:
    at = f"/forms/files/{VERSION}"
    assert f'<a href="{at}/plan.png" target="_blank"><img src="{at}/house.png" alt="Is it safe?"></a>' in page["safe"]
    assert f'href="{at}/house.mp3">Listen' in page["safe"]
    assert f'<img src="{at}/yes.png" alt=""><strong>Yes</strong>' in page["safe"]
    russian = drawn(page_of(begun(everything, "ru")).lines)["safe"]
    assert f'<img src="{at}/dom.png" alt="Безопасно?">' in russian
    assert f"{at}/yes.png" in russian


def sent(filling: Filling, screen: Screen, **answers: str | list[str]) -> QueryDict:
    """What a browser sends of a screen; of an answer to a rank the number beside each choice, as `best.mary`."""
    body = QueryDict(mutable=True)
    body.setlist("shown", [line.seen for line in page_of(filling, screen).lines])
    for name, answer in answers.items():
        question, _dot, choice = name.partition(".")
        field = name_of(next(item.path for item in screen.questions if item.question.name == question))
        body.setlist(f"{field}.{choice}" if choice else field, answer if isinstance(answer, list) else [answer])
    return body


def taken(everything, **answers: str | list[str]) -> Filling:
    filling = begun(everything)
    screen = filling.screens()[0]
    screens.take(filling, screen, sent(filling, screen, text="A", **answers))
    return filling


def test_an_order_is_taken_by_its_numbers(everything) -> None:
    filling = taken(everything, **{"best.mary": "2", "best.tejen": "7", "best.orhei": "1"})
    assert values(filling)["/data/all/best"] == "orhei mary tejen"
    assert re.findall(r'value="(\d)"', drawn(page_of(filling).lines)["best"]) == ["2", "3", "1"]
    assert filling.faults() == {}


@pytest.mark.parametrize("numbers", [("1", "1", "2"), ("1", "", "2"), ("1", "one", "2"), ("", "", "3")])
def test_an_order_that_is_none_is_told_and_stays_as_it_was_typed(everything, numbers: tuple[str, ...]) -> None:
    names = ("best.mary", "best.tejen", "best.orhei")
    filling = taken(everything, **dict(zip(names, numbers, strict=True)))
    assert filling.faults() == {"/data/all/best": "Give each of them a number of its own, from 1 to 3: 1 comes first."}
    shown = drawn(page_of(again(everything, filling.instance(whole=True))).lines)["best"]
    assert tuple(re.findall(r'value="(\w*)"', shown.split('class="ranks"')[1])) == numbers


def test_no_number_at_all_is_no_answer(everything) -> None:
    assert "/data/all/best" not in values(taken(everything, **{"best.mary": " "}))


def test_a_year_and_a_month_are_kept_as_their_first_day(everything) -> None:
    filling = taken(everything, month="2026-03", year="2011", born="2011-05-06")
    found = values(filling)
    assert [found[f"/data/all/{name}"] for name in ("month", "year", "born")] == [
        "2026-03-01",
        "2011-01-01",
        "2011-05-06",
    ]
    lines = drawn(page_of(filling).lines)
    assert 'value="2026-03"' in lines["month"]
    assert 'value="2011"' in lines["year"]
    assert list(taken(everything, year="soon").faults()) == ["/data/all/year"]


def test_numbers_of_a_rating_and_a_range_are_taken(everything) -> None:
    filling = taken(everything, stars="4", pick="25", pain="4", ok="on", seen=["mary", "orhei"])
    assert filling.faults() == {}
    assert values(filling)["/data/all/stars"] == "4"
    assert re.search(r'value="4"[^>]* checked', drawn(page_of(filling).lines)["stars"])
    assert list(taken(everything, pain="5").faults()) == ["/data/all/pain"]


def test_faults_speak_the_language_of_the_filling_and_the_first_has_the_focus(everything) -> None:
    filling = begun(everything, "ru")
    filling.put("/data/all/age", "30")
    faults = filling.faults()
    assert faults == {"/data/all/text": "Назовите.", "/data/all/age": "Только дети."}
    page = page_of(filling, faults=faults)
    lines = drawn(page.lines)
    assert "autofocus" in lines["text"]
    assert "autofocus" not in lines["age"]
    summary = render_to_string("web/error_summary.html", {"form": page})
    assert [f"#id_{name_of(path)}" in summary for path in faults] == [True, True]
    assert begun(everything).faults() == {"/data/all/text": "Name it."}


def test_a_trigger_sets_an_answer_that_nobody_touched_and_the_page_shows_it(everything) -> None:
    filling = begun(everything)
    for town, copied in (("mary", ""), ("orhei", "to mary")):
        screen = filling.screens()[0]
        body = sent(filling, screen, town=town, copied=copied)  # the page still has what it was set to before
        screen = screens.take(filling, screen, body)
        assert values(filling)["/data/all/copied"] == f"to {town}"
        swaps, _gone = screens.changed(page_of(filling, screen).lines, body)
        assert [line.item.question.name for line, _after in swaps] == ["copied"]
    screens.take(filling, screen, sent(filling, screen, town="orhei", copied="mine"))
    assert values(filling)["/data/all/copied"] == "mine"


def test_a_repeat_in_a_repeat_has_as_many_as_its_own_answer_says(everything) -> None:
    filling = begun(everything)
    filling.add("/data/kin")
    filling.put("/data/kin[2]/many", "2")
    assert "/data/kin[2]/toy[2]/what" in shown_paths(filling)
    assert "/data/kin[1]/toy[1]/what" not in shown_paths(filling)
    ends = [item for screen in filling.screens() for item in screen.items if isinstance(item, RepeatEnd)]
    assert [(end.path, end.can_add) for end in ends] == [
        ("/data/kin[1]/toy", False), ("/data/kin[2]/toy", False), ("/data/kin", True),
    ]  # fmt: skip


def test_a_form_ends_when_it_is_sent_and_tells_nothing_of_the_device(everything) -> None:
    filling = taken(everything)
    assert b"<ended/>" in filling.instance(whole=True)
    assert b"<ended>2026-11-28T02:30:00.000+05:00</ended>" in filling.instance()
    assert b"<who/><device/>" in filling.instance()
    assert b"<day>2026-11-28</day>" in filling.instance()


def test_on_paper_all_choices_of_a_cascade_stand(everything) -> None:
    paper = {shown.question.name: shown for shown in begun(everything).on_paper()}
    assert [choice.value for choice in paper["near"].choices] == ["mary", "tejen", "orhei"]
    assert [name for name in paper if name.startswith(("reserved", "generated"))] == []
    assert begun(everything, "ru").screens()[1].title == "table"


def test_a_change_sends_what_changed_and_no_byte_of_anything_else(everything) -> None:
    filling = begun(everything)
    screen = filling.screens()[0]
    body = sent(filling, screen, text="md", age="7")
    screen = screens.take(filling, screen, body)
    page = page_of(filling, screen)
    swaps, gone = screens.changed(page.lines, body)
    assert gone == []
    assert [line.item.question.name for line, _after in swaps] == ["near", "told", "more"]
    answer = render_to_string("forms/changed.html", {"swaps": swaps, "gone": gone, "form": page})
    ids = re.findall(r'<div id="(q\w+)" class="question', answer)
    assert ids == [name_of(f"/data/all/{name}") for name in ("near", "told", "more")]
    for line in page.lines:
        if line.name not in ids:
            assert f'"{line.name}' not in answer
            assert f">{line.item.label}<" not in answer


@pytest.mark.parametrize(("row", "what"), [
    ("select_one_external town | a | A | state=${b} | |", "select_one_external"),
    ("select_one town | a | A | | search('towns') | |", "search()"),
    ("background-audio | a | | | | |", "background-audio"),
])  # fmt: skip
def test_what_would_be_asked_otherwise_than_meant_is_refused_by_name(row: str, what: str) -> None:
    survey = f"type | name | label | choice_filter | appearance |\ntext | b | B | | |\n{row}"
    made = form(survey, "list_name | name | label |\ntown | x | X |") if "external" not in row else external(survey)
    assert what in " ".join(fault.what for fault in made.check())


def external(survey: str):
    """A form with a sheet of its own for such choices."""
    from amanat.forms.compiling import compiled
    from amanat.forms.converting import convert
    from amanat.forms.workbooks import read_workbook

    rows = "\n".join(f"| | {row}" for row in survey.splitlines())
    text = f"| survey |\n{rows}\n| external_choices |\n| | list_name | name | label | state |\n| | town | x | X | y |\n"
    return compiled(convert(read_workbook("small.md", text.encode())))


def test_what_the_documentation_says_of_appearances_is_so() -> None:
    assert not set(appearances.DRAWN) & set(appearances.PLAIN)
    assert [one for one in appearances.PLAIN if appearances.is_short(frozenset({one}))] == []
    assert [one for one in appearances.PLAIN if appearances.is_folded(frozenset({one}))] == []
