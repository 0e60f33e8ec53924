"""Two people wrote in the same part: both versions are shown, the second one chooses, nothing is lost."""

from typing import Any

from django.test import Client

from amanat.web.tests.test_forms import TYPED, sent
from amanat.web.tests.urls import NoteForm, write

OLD = TYPED | {"seen": "1", "risk": "low"}
CARRIED = {"theirs-note": "She is at the centre.", "theirs-risk": "high"}


def test_both_versions_stand_side_by_side_by_their_labels(client: Client) -> None:
    page = client.post("/note", OLD).content.decode()
    assert "She is at the centre." in page
    assert "The second &lt;one&gt;." in page
    assert "High risk" in page
    assert page.count('value="theirs"') == page.count('value="mine"') == 2
    assert 'name="seen" value="2"' in page


def test_a_field_that_is_equal_in_both_versions_asks_nothing() -> None:
    form = NoteForm(sent(seen="1", risk="high"))
    assert not form.apply(write)
    assert [difference.name for difference in form.differences] == ["note"]


def test_who_keeps_theirs_saves_theirs_and_who_keeps_mine_saves_mine() -> None:
    form = NoteForm(sent(**CARRIED, **{"keep-note": "theirs", "keep-risk": "mine"}, risk="low"))
    assert form.apply(write)
    assert form.result["note"] == "She is at the centre."
    assert form.result["risk"] == "low"


def test_without_a_choice_nothing_is_saved_and_both_versions_stay() -> None:
    calls: list[Any] = []
    form = NoteForm(sent(**CARRIED, **{"keep-note": "mine"}, risk="low"))
    assert not form.apply(lambda **fields: calls.append(fields))
    assert calls == []
    page = str(form)
    assert "Choose which of the two versions to keep." in page
    assert "She is at the centre." in page
    assert "The second &lt;one&gt;." in page


def test_a_choice_already_made_is_kept_while_the_other_is_missing() -> None:
    form = NoteForm(sent(**CARRIED, **{"keep-note": "mine"}, risk="low"))
    form.apply(write)
    assert 'name="keep-note" value="mine" checked' in str(form)


def test_a_third_version_meanwhile_is_shown_again() -> None:
    form = NoteForm(sent(**CARRIED, **{"keep-note": "mine", "keep-risk": "mine"}, risk="low", seen="1"))
    assert not form.apply(write)
    assert [difference.name for difference in form.differences] == ["risk", "note"]
    assert "checked" not in str(form).split('name="keep-note"')[1].split(">")[0]


def test_an_invalid_field_elsewhere_does_not_let_the_choice_slip_away() -> None:
    form = NoteForm(sent(**CARRIED, risk="low", name=""))
    assert not form.apply(write)
    page = str(form)
    assert page.count('value="theirs"') == 2
    assert "This field is required." in page


def test_their_choice_of_several_boxes_is_put_in_whole() -> None:
    form = NoteForm(sent(**{"theirs-needs": ["bed"], "keep-needs": "theirs"}))
    assert form.apply(write)
    assert form.result["needs"] == ["bed"]
