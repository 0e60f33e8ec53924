"""What is asked, what follows from an answer, what does not hold, and what is sent."""

import random
from types import SimpleNamespace

import pytest

from amanat.forms.filling import FaultyInstance, Filling
from amanat.forms.limits import LIMITS
from amanat.forms.model import Heading, RepeatEnd
from amanat.forms.saying import said
from amanat.forms.tests.forms import again, begun, form, shown_paths, values

YES_NO = """
list_name | name | label::English (en) | label::Русский (ru) |
yn | yes | Yes | Да |
yn | no | No | Нет |
"""


@pytest.fixture(scope="module")
def visit():
    return form(
        """
        type | name | EN | RU | relevant | required | constraint | MESSAGE | calculation | PART | ALERT | SCORE |
        text | who | Who | Кто | | yes | | | | identity | | |
        select_one yn | safe | Is ${who} safe? | Безопасно? | | yes | | | | | . = 'no' | |
        begin_group | more | More | Ещё | ${safe} = 'no' | | | | | narrative | | |
        text | what | What happened | Что | | yes | | | | | | |
        integer | days | Days | Дни | | | . >= 0 and . < 100 | Between 0 and 99. | | | | |
        end_group | | | | | | | | | | | |
        calculate | weeks | | | | | | | round(${days} div 7, 1) | | | weeks |
        note | told | That is ${weeks} weeks | Недель | ${weeks} > 1 | | | | | | | |
        """,
        YES_NO,
    )


def test_a_form_without_faults_is_checked_so(visit) -> None:
    assert visit.check() == []
    assert visit.languages == ("en", "ru")
    assert visit.parts == {"identity", "facts", "narrative"}


def test_a_screen_a_group_and_only_what_is_relevant(visit) -> None:
    filling = begun(visit, "ru")
    assert [screen.title for screen in filling.screens()] == [""]
    filling.put("/data/safe", "no")
    assert [screen.title for screen in filling.screens()] == ["", "Ещё"]
    assert "/data/more/what" in shown_paths(filling)


def test_texts_show_answers_in_the_language_of_the_filling(visit) -> None:
    filling = begun(visit)
    filling.put("/data/who", "A. <b>")
    asked = {question.path: question for screen in filling.screens() for question in screen.questions}
    assert asked["/data/safe"].label == "Is A. <b> safe?"
    assert [choice.label for choice in asked["/data/safe"].choices] == ["Yes", "No"]
    assert asked["/data/safe"].required
    assert asked["/data/safe"].changes


@pytest.mark.parametrize(
    ("language", "told"), [("tk", "22 oktýabr 2026"), ("ro", "22 octombrie 2026"), ("en", "22 October 2026")]
)
def test_a_day_is_written_as_the_language_of_the_filling_writes_it(language: str, told: str) -> None:
    """Of Turkmen and Romanian, with a small letter, as everywhere else."""
    question = SimpleNamespace(kind="date")
    assert said(question, "2026-10-22", (), SimpleNamespace(language=language)) == told


def test_what_is_required_is_required_only_where_it_is_relevant(visit) -> None:
    filling = begun(visit)
    assert set(filling.faults()) == {"/data/who", "/data/safe"}
    filling.put("/data/safe", "no")
    assert set(filling.faults()) == {"/data/who", "/data/more/what"}
    assert set(filling.faults("/data/more")) == {"/data/more/what"}


def test_a_constraint_is_asked_of_an_answer_and_not_of_an_empty_one(visit) -> None:
    filling = begun(visit)
    filling.put("/data/safe", "no")
    assert "/data/more/days" not in filling.faults()
    filling.put("/data/more/days", "200")
    assert filling.faults()["/data/more/days"] == "Between 0 and 99."


def test_what_is_typed_wrongly_is_kept_and_told(visit) -> None:
    filling = begun(visit)
    filling.put("/data/safe", "no")
    filling.put("/data/more/days", "three")
    shown = next(q for screen in filling.screens() for q in screen.questions if q.path == "/data/more/days")
    assert shown.typed == "three"
    assert "whole number" in filling.faults()["/data/more/days"]


def test_a_choice_that_is_not_offered_is_told(visit) -> None:
    filling = begun(visit)
    filling.put("/data/safe", "perhaps")
    assert "none of the choices" in filling.faults()["/data/safe"]


def test_calculations_and_relevance_follow_an_answer(visit) -> None:
    filling = begun(visit)
    filling.put("/data/safe", "no")
    filling.put("/data/more/days", "10")
    assert values(filling)["/data/weeks"] == "1.4"
    assert "/data/told" in shown_paths(filling)
    assert [(score.name, score.value) for score in filling.scores()] == [("weeks", "1.4")]
    filling.put("/data/safe", "yes")
    assert "/data/weeks" not in values(filling)


def test_what_is_not_relevant_is_not_sent_but_a_draft_keeps_it(visit) -> None:
    filling = begun(visit)
    filling.put("/data/safe", "no")
    filling.put("/data/more/what", "words")
    filling.put("/data/safe", "yes")
    assert b"words" not in filling.instance()
    assert b"words" in filling.instance(whole=True)
    assert "/data/more/what" not in values(filling)


def test_an_answer_that_raises_an_alert(visit) -> None:
    filling = begun(visit)
    assert filling.alerts() == []
    filling.put("/data/safe", "no")
    assert [(alert.path, alert.label) for alert in filling.alerts()] == [("/data/safe", "No")]


def test_the_part_of_a_group_is_that_of_its_questions(visit) -> None:
    parts = {path: question.part for path, question in visit.questions.items()}
    assert parts["/data/who"] == "identity"
    assert parts["/data/more/what"] == "narrative"
    assert parts["/data/safe"] == "facts"


def test_an_instance_comes_back_as_it_was_sent_under_its_id(visit) -> None:
    filling = begun(visit)
    filling.put("/data/who", "Line one\nline <two> & \u0001three")
    filling.put("/data/safe", "yes")
    read = again(visit, filling.instance())
    assert read.instance_id == filling.instance_id
    assert values(read) == {"/data/who": "Line one\nline <two> & three", "/data/safe": "yes"}
    assert read.instance() == filling.instance()


def test_answers_of_another_version_that_have_no_place_are_left_over(visit) -> None:
    read = again(visit, b"<data id='x'><who>A</who><gone><deep>old</deep></gone><safe><odd>1</odd></safe></data>")
    assert values(read) == {"/data/who": "A"}
    assert [(left.path, left.value) for left in read.left_over] == [("/data/gone/deep", "old"), ("/data/safe/odd", "1")]


def test_answers_that_are_no_xml_are_told(visit) -> None:
    with pytest.raises(FaultyInstance, match="no XML"):
        again(visit, b"not xml")


def test_first_answers_come_from_what_is_known_of_the_child(visit) -> None:
    filling = Filling.begin(
        visit,
        language="en",
        now=begun(visit)._state.run.now,
        zone=begun(visit)._state.run.zone,
        subject_facts={"who": "B"},
    )
    assert values(filling) == {"/data/who": "B"}


def test_one_that_comes_by_its_number_begins_with_its_defaults() -> None:
    made = form(
        """
        type | name | label | repeat_count | default |
        integer | many | How many | | |
        begin_repeat | visit | Visit | ${many} | |
        date | day | Day | | today() |
        end_repeat | | | | |
        """
    )
    filling = begun(made)
    filling.put("/data/many", "2")
    assert values(filling)["/data/visit[2]/day"] == "2026-11-28"
    filling.put("/data/many", "")
    assert values(filling)["/data/visit[2]/day"] == "2026-11-28"  # as long as nobody says how many, none is lost
    filling.put("/data/many", "1")
    assert "/data/visit[2]/day" not in values(filling)


@pytest.fixture(scope="module")
def family():
    return form(
        """
        type | name | label | calculation | repeat_count | relevant |
        integer | many | How many | | | |
        begin_repeat | kid | Child | | | |
        text | name | Name | | | |
        integer | age | Age | | | |
        calculate | next | | ${age} + 1 | | |
        calculate | so_far | | coalesce(indexed-repeat(${so_far}, ${kid}, position(..) - 1), 0) + ${age} | | |
        begin_repeat | toy | Toy | | | |
        text | what | What | | | |
        end_repeat | | | | | |
        end_repeat | | | | | |
        begin_repeat | place | Place | | ${many} | |
        text | town | Town | | | |
        end_repeat | | | | | |
        calculate | total | | sum(${age}) | | |
        calculate | number | | count(${kid}) | | |
        """
    )


def test_repeats_are_added_and_removed_and_counted(family) -> None:
    filling = begun(family)
    filling.put("/data/kid[1]/age", "3")
    filling.add("/data/kid")
    filling.put("/data/kid[2]/age", "9")
    filling.add("/data/kid[2]/toy")
    filling.put("/data/kid[2]/toy[2]/what", "ball")
    found = values(filling)
    assert (found["/data/total"], found["/data/number"], found["/data/kid[2]/next"]) == ("12", "2", "10")
    assert found["/data/kid[2]/so_far"] == "12"
    assert values(again(family, filling.instance())) == found
    filling.remove("/data/kid", 1)
    assert values(filling)["/data/total"] == "9"
    assert values(filling)["/data/kid[1]/toy[2]/what"] == "ball"


def test_a_counted_repeat_has_as_many_as_the_answer_says(family) -> None:
    filling = begun(family)
    filling.put("/data/many", "3")
    filling.put("/data/place[3]/town", "Mary") if "/data/place[3]/town" in shown_paths(filling) else pytest.fail(
        "no third place"
    )
    filling.add("/data/place")
    items = [item for screen in filling.screens() for item in screen.items]
    assert [item.count for item in items if isinstance(item, RepeatEnd) and item.path == "/data/place"] == [3]
    assert not any(
        item.can_remove for item in items if isinstance(item, Heading) and item.path.startswith("/data/place")
    )
    filling.put("/data/many", "1")
    assert "/data/place[2]/town" not in shown_paths(filling)


def test_repeats_end_at_their_cap_with_a_sentence(family) -> None:
    filling = begun(family)
    filling.put("/data/many", "100000")
    assert str(LIMITS.repeats) in filling.faults()["/data/place"]
    assert sum(path.startswith("/data/place") for path in shown_paths(filling)) == LIMITS.repeats


@pytest.fixture(scope="module")
def journey():
    return form(
        """
        type | name | label | choice_filter | trigger | calculation | default | parameters | appearance | read_only |
        select_one country | country | Country | | | | | | | |
        select_one town or_other | town | Town | | | | | | | |
        select_one place | place | Place | country = ${country} | | | | | | |
        select_multiple place | seen | Seen | | | | | | | |
        rank place | best | Best | | | | | | | |
        range | pain | Pain | | | | | start=0 end=10 step=2 | | |
        acknowledge | ok | OK | | | | | | | |
        time | hour | Hour | | | | | | | |
        dateTime | moment | Moment | | | | | | | |
        geopoint | where | Where | | | | | | | |
        image | sign | Sign | | | | | | signature | |
        text | copy | Copy | | ${country} | concat('from ', ${country}) | | | | |
        date | since | Since | | | | today() | | | |
        select_one_from_file towns.csv | home | Home | | | | | | | |
        calculate | of_home | | | | pulldata('towns', 'size', 'name', ${home}) | | | | |
        calculate | named | | | | jr:choice-name(${place}, '${place}') | | | | |
        text | fixed | Fixed | | | | same | | | yes |
        start | began | | | | | | | | |
        """,
        """
        list_name | name | label | country |
        country | tm | Turkmenistan | |
        country | md | Moldova | |
        town | t | T | |
        place | mary | Mary | tm |
        place | orhei | Orhei | md |
        """,
        media={"towns.csv": b"name,label,size\nmary,Mary,123\norhei,Orhei,20\n"},
    )


def test_every_kind_takes_what_a_browser_posts(journey) -> None:
    assert journey.check() == []
    filling = begun(journey)
    posted = {
        "country": "md", "place": "orhei", "seen": ["orhei", "mary"], "best": ["mary", "orhei"], "pain": "4", "ok": "on",
        "hour": "14:30", "moment": "2026-11-27T14:30", "where": "37.95, 58.38", "sign": "a.png", "home": "mary",
        "town": "other", "town_other": "Tejen", "fixed": "changed",
    }  # fmt: skip
    for name, raw in posted.items():
        filling.put(f"/data/{name}", raw)
    assert filling.faults() == {}
    found = {path.removeprefix("/data/"): value for path, value in values(filling).items()}
    assert found.pop("began") == "2026-11-28T02:30:00.000+05:00"
    assert found == {
        "country": "md", "town": "other", "town_other": "Tejen", "place": "orhei", "seen": "orhei mary", "best": "mary orhei",
        "pain": "4", "ok": "OK", "hour": "14:30:00.000+05:00", "moment": "2026-11-27T14:30:00.000+05:00",
        "where": "37.95 58.38", "sign": "a.png", "copy": "from md", "since": "2026-11-28", "home": "mary", "of_home": "123",
        "named": "Orhei", "fixed": "same",
    }  # fmt: skip
    typed = {q.path: q.typed for screen in filling.screens() for q in screen.questions}
    assert (typed["/data/hour"], typed["/data/moment"]) == ("14:30", "2026-11-27T14:30")


def test_answers_are_read_in_words(journey) -> None:
    filling = begun(journey)
    for name, raw in {"seen": ["mary", "orhei"], "home": "mary", "since": "2026-03-05"}.items():
        filling.put(f"/data/{name}", raw)
    said = {answer.path: answer.label for answer in filling.answers()}
    assert said["/data/seen"] == "Mary, Orhei"
    assert said["/data/home"] == "Mary"
    assert "2026" in said["/data/since"]
    assert said["/data/since"] != "2026-03-05"


def test_a_cascade_offers_what_fits_and_tells_what_fits_no_longer(journey) -> None:
    filling = begun(journey)
    filling.put("/data/country", "tm")
    filling.put("/data/place", "mary")
    asked = {q.path: q for screen in filling.screens() for q in screen.questions}
    assert [choice.value for choice in asked["/data/place"].choices] == ["mary"]
    assert asked["/data/country"].changes
    filling.put("/data/country", "md")
    assert list(filling.faults()) == ["/data/place"]


@pytest.mark.parametrize(("name", "raw"), [
    ("pain", "5"), ("pain", "12"), ("hour", "25:00"), ("moment", "yesterday"), ("where", "200 400"), ("since", "2026-02-30"),
    ("sign", "../secret"), ("copy", "x" * (LIMITS.answer + 5)),
])  # fmt: skip
def test_what_is_no_answer_of_its_kind_is_told(journey, name: str, raw: str) -> None:
    filling = begun(journey)
    filling.put(f"/data/{name}", raw)
    assert list(filling.faults()) == [f"/data/{name}"]


@pytest.mark.parametrize("name", ["visit", "family", "journey"])
def test_computing_only_what_depends_gives_what_computing_everything_gives(request, name: str) -> None:
    made, chance = request.getfixturevalue(name), random.Random(7)
    for _case in range(12):
        filling = begun(made)
        for _answer in range(12):
            path = chance.choice(shown_paths(filling))
            filling.put(path, chance.choice(["", "1", "20", "x", "yes", "no", "tm", "mary"]))
            match chance.randint(1, 4):
                case 1:
                    filling.add("/data/kid")
                case 2:
                    filling.add(f"/data/kid[{chance.randint(1, 3)}]/toy")
                case 3:
                    filling.remove("/data/kid", chance.randint(1, 3))
        whole = again(made, filling.instance(whole=True))
        assert shown_paths(whole) == shown_paths(filling)
        assert (whole.instance(), whole.faults(), whole.left_over) == (filling.instance(), filling.faults(), [])
