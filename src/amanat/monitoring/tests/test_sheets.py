"""The follow-up sheet: to take along, with what was agreed and room to write; afterwards with what was found, and unknown as unknown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from amanat.access.files import Closed, open_file
from amanat.cases import agreed, papers
from amanat.cases.agreed import Agreed
from amanat.cases.shown import Text, name_of
from amanat.cases.tests.looking import counting, read
from amanat.monitoring import sheets
from amanat.monitoring.actions import following_up
from amanat.monitoring.models import FollowUp, Solution, SolutionState
from amanat.monitoring.tests.conftest import TODAY
from amanat.web import pdf

pytestmark = pytest.mark.django_db
HELD = {"on": TODAY, "way": "visit", "words": "She opened herself."}
EMPTY = "paper-line"  # room to write on


@pytest.fixture
def arranged(actor, opened):
    return following_up.arrange(opened, begins=date(2026, 10, 24), actor=actor("jemal"))


@pytest.fixture
def sheet(actor, opened):
    """Makes it, as jemal does."""

    def made(key="", language="en"):
        one = papers.named(sheets.PAPER)
        return papers.made(open_file(actor("jemal"), opened), one, key, language)

    return made


def test_the_sheet_to_take_along_says_what_was_agreed_and_leaves_room_for_the_rest(
    cast, monkeypatch, opened, arranged, sheet
):
    common = {"subject": opened.subject, "case": opened, "author": cast["jemal"], "at": cast.now}
    Solution.objects.create(**common, version=1, state=SolutionState.DECIDED, content={"kind": "reintegration"})
    monkeypatch.setattr(agreed, "_asks", [lambda _file: [Agreed(Text("She goes to school again."), date(2027, 2, 1))]])
    made = sheet()
    for told in ("After one month", "What was agreed", "Durable solution", "She goes to school again.", "Not reached"):
        assert told in made
    assert EMPTY in made
    assert "What was found</h2>" not in made, "nobody was there yet"
    assert "The last time" not in made


def test_afterwards_it_says_what_was_found_and_leaves_no_room(actor, arranged, sheet):
    following_up.record(arranged[0], **HELD, result="safe", child_says="I have a friend.", actor=actor("bahar"))
    made = sheet(arranged[0].pk.hex)
    for told in ("Reached: safe and going well", "She opened herself.", "I have a friend.", "Bahar"):
        assert told in made
    assert EMPTY not in made
    assert "never as success" not in made
    following = sheet()
    assert "After three months" in following
    assert "The last time: After one month" in following
    assert "I have a friend." in following


@pytest.mark.parametrize("result", ["unknown", "declined"])
def test_who_was_not_reached_is_unknown_on_it_and_never_a_success(actor, arranged, sheet, result):
    following_up.record(arranged[0], **HELD, result=result, actor=actor("bahar"))
    assert "It counts as unknown, never as success." in sheet(arranged[0].pk.hex)


def test_a_try_in_vain_stands_on_it_and_there_is_room_for_the_next(actor, arranged, sheet):
    again = TODAY + timedelta(days=3)
    following_up.record(arranged[0], **HELD, result="unknown", next=again, actor=actor("bahar"))
    made = sheet()
    assert "Tried again on" in made
    assert "She opened herself." in made
    assert EMPTY in made


def test_what_ended_without_a_visit_says_why(actor, opened, arranged, sheet):
    following_up.arrange(opened, begins=TODAY, anew=True, actor=actor("jemal"))
    made = sheet(arranged[0].pk.hex)
    assert "A new round was begun." in made
    assert "It counts as unknown" in made
    assert EMPTY not in made


def test_it_bears_the_code_name_and_not_the_name_of_the_child(actor, opened, arranged, sheet):
    name = name_of(open_file(actor("jemal"), opened))
    assert opened.child.code_name in sheet()
    assert name is not None
    assert name.text not in sheet()


def test_there_is_none_without_a_follow_up_or_for_one_of_another_child(actor, opened, sheet):
    assert sheet() is None
    following_up.arrange_one(opened, due_on=TODAY, why="Court.", actor=actor("jemal"))
    assert "Court." in sheet()
    assert sheet("0" * 32) is None
    assert sheet("no reference") is None


def test_in_russian_nothing_of_the_packs_words_is_english(arranged, sheet):
    made = sheet(language="ru")
    assert "Через месяц" in made
    for told in ("After one month", "Not reached", "Legal status", "Visit at home"):
        assert told not in made


def test_each_follow_up_leads_to_its_sheet_and_handing_it_out_asks_for_it_once(
    actor, browse, monkeypatch, opened, arranged
):
    monkeypatch.setattr(pdf, "made", lambda html: b"%PDF " + html.encode())
    where = f"{reverse('cases.hand_out_paper', args=[opened, sheets.PAPER])}?key={arranged[1].pk.hex}"
    page = read(browse("bahar"), reverse("monitoring.follow_ups", args=[opened]))
    assert page.count(f"{sheets.PAPER}?key=") == 5
    assert where in page
    asked, told = [], papers.named(sheets.PAPER).told
    one = papers.Paper(**(vars(papers.named(sheets.PAPER)) | {"told": lambda *of: asked.append(of) or told(*of)}))
    monkeypatch.setitem(papers._papers, sheets.PAPER, one)
    answer = browse("bahar").post(where, {"language": "tk"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert len(asked) == 1
    assert browse("bahar").get(where.replace(arranged[1].pk.hex, "0" * 32)).status_code == 404


def test_it_asks_as_much_for_many_follow_ups_as_for_few(actor, opened, arranged, sheet):
    with counting() as few:
        sheet()
    for day in range(1, 20):
        following_up.arrange_one(opened, due_on=TODAY + timedelta(days=day), why="x", actor=actor("jemal"))
    with counting() as many:
        sheet()
    assert len(few) == len(many) <= 12
    assert FollowUp.objects.count() == 24


def test_who_sees_nothing_of_the_plan_makes_none(actor, opened, arranged):
    one = papers.named(sheets.PAPER)
    with pytest.raises(Closed):
        papers.made(open_file(actor("selbi"), opened), one, "", "en")
