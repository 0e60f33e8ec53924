"""What a form promises: nothing that was typed is lost, and every error says where and what to do."""

import datetime
from typing import Any

import pytest
from django import forms
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from amanat.web.errors import Stale
from amanat.web.forms import DateInput, Explained, Form, Radios, summary
from amanat.web.tests.urls import NoteForm, write

TYPED = {
    "name": "Aynur",
    "born": "2012-03-04",
    "risk": "high",
    "needs": ["bed", "doctor"],
    "note": "Two lines.\r\nThe second <one>.",
    "told": "on",
    "seen": "2",
}


def sent(**changes: Any) -> HttpRequest:
    return RequestFactory().post("/note", {key: value for key, value in (TYPED | changes).items() if value is not None})


def test_a_valid_form_calls_the_verb_once_with_its_fields_and_the_version_that_was_seen() -> None:
    form = NoteForm(sent())
    assert form.apply(write)
    assert form.result["name"] == "Aynur"
    assert form.result["needs"] == ["bed", "doctor"]
    assert form.result["born"].isoformat() == "2012-03-04"


def test_a_form_that_was_not_sent_calls_nothing() -> None:
    form = NoteForm(RequestFactory().get("/note"), initial={"name": "Aynur"})
    assert not form.apply(write)
    assert not form.errors
    assert 'value="Aynur"' in str(form)


def test_everything_typed_stands_in_the_page_again_when_one_field_is_missing(client: Client) -> None:
    page = client.post("/note", TYPED | {"told": ""}).content.decode()
    assert 'value="Aynur"' in page
    assert 'value="2012-03-04"' in page
    assert "Two lines.\r\nThe second &lt;one&gt;.</textarea>" in page
    for box in ("high", "bed", "doctor"):
        assert f'value="{box}"' in page
    assert page.count(" checked") == 3


def test_the_page_title_and_a_summary_that_links_to_the_field_tell_of_an_error(client: Client) -> None:
    page = client.post("/note", TYPED | {"name": "", "risk": ""}).content.decode()
    assert "<title>Error: Note" in page
    assert '<a href="#id_name">Name</a>' in page
    assert '<a href="#id_risk_0">Risk</a>' in page
    assert 'id="id_risk_0"' in page


def test_a_field_is_tied_to_its_hint_and_its_error() -> None:
    page = str(NoteForm(sent(name="")))
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page
    assert 'aria-invalid="true"' in page


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    page = str(NoteForm(RequestFactory().get("/note")))
    assert page.count("(optional)") == 2


def test_an_error_of_a_verb_stands_at_the_field_that_it_names_with_its_hint_in_the_summary() -> None:
    form = NoteForm(sent(name="Nobody"))
    assert not form.apply(write)
    assert ("id_name", "Name", "This name stands for nobody.") in summary(form)
    assert "Ask the child." in str(form)
    assert 'value="Nobody"' in str(form)


def test_an_error_of_a_verb_about_a_field_that_this_form_lacks_stands_above_all_fields() -> None:
    form = NoteForm(sent(name="Elsewhere"))
    assert not form.apply(write)
    assert ("", "", "The file moved to another agency.") in summary(form)


def test_an_error_that_no_person_can_act_on_is_not_swallowed() -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        NoteForm(sent()).apply(broken)


def test_choices_can_be_given_for_this_actor() -> None:
    class To(Form):
        to = forms.ChoiceField(widget=Radios())

    form = To(RequestFactory().post("/", {"to": "merdan"}), to=[("merdan", "Merdan")])
    assert form.is_valid()
    with pytest.raises(TypeError, match="'name' offers no choices"):
        NoteForm(sent(), name=[("a", "A")])


@pytest.mark.parametrize("language", ["tk", "ru", "en", "ro"])
def test_a_date_may_be_typed_as_each_language_writes_it_or_come_from_the_browser(language: str) -> None:
    class Day(Form):
        day = forms.DateField(widget=DateInput())

    with translation.override(language):
        for typed in ("04.03.2012", "2012-03-04"):
            form = Day(RequestFactory().post("/", {"day": typed}))
            assert form.is_valid(), form.errors
            assert form.cleaned_data["day"].isoformat() == "2012-03-04"


def test_a_form_of_a_library_is_drawn_by_the_same_templates() -> None:
    class Plain(forms.Form):
        code = forms.CharField()

    page = str(Plain(QueryDict("code=")))
    assert 'class="summary"' in page
    assert '<a href="#id_code">Code</a>' in page


def with_draft(**typed: Any) -> HttpRequest:
    request = RequestFactory().get("/note")
    body = QueryDict(mutable=True)
    for name, value in typed.items():
        body.setlist(name, value if isinstance(value, list) else [value])
    request.draft = (body, datetime.datetime(2026, 11, 24, 9, 2, tzinfo=datetime.UTC))  # type: ignore[attr-defined]
    return request


def test_a_draft_stands_in_the_fields_again_and_the_page_says_so() -> None:
    request = with_draft(note="Half a sen", needs=["doctor"], born="2012-03-04", told="on")
    form = NoteForm(request)
    page = render_to_string("web/post_form.html", {"form": form}, request)
    assert "Half a sen</textarea>" in page
    assert 'value="2012-03-04"' in page
    assert page.count(" checked") == 2
    assert "did not send" in page
    assert "24.11.2026, 09:02" in page
    assert not form.errors


def test_a_draft_brings_the_version_that_its_writer_had_seen() -> None:
    request = with_draft(note="Half a sen", seen="1")
    assert 'name="seen" value="1"' in str(NoteForm(request, initial={"seen": 2}))


def test_a_draft_of_another_form_of_the_page_changes_nothing() -> None:
    form = NoteForm(with_draft(reason="Leave", seen="1"), initial={"seen": 2, "name": "Aynur"})
    assert 'name="seen" value="2"' in str(form)
    assert form.draft_saved_at is None


def test_errors_of_a_form_within_a_form_stand_in_its_summary_under_their_title() -> None:
    request = RequestFactory().post(
        "/note", TYPED | {f"second-{key}": value for key, value in TYPED.items()} | {"second-name": ""}
    )
    whole = NoteForm(request)
    whole.subforms = [("Child 2", NoteForm(request, prefix="second"))]
    assert not whole.is_valid()
    assert [(target, label) for target, label, _message in summary(whole)] == [("id_second-name", "Child 2: Name")]


def test_what_a_choice_means_stands_below_it_and_nowhere_else() -> None:
    form = NoteForm(RequestFactory().get("/note"), risk=[("high", Explained("High", "Danger is likely."))])
    assert "High <small>Danger is likely.</small>" in str(form)
    assert dict(form.fields["risk"].choices)["high"] == "High"  # type: ignore[attr-defined]


def test_a_change_elsewhere_asks_to_look_and_not_to_compare() -> None:
    def changed_elsewhere(**_fields: Any) -> None:
        raise Stale({}, version=9)

    form = NoteForm(sent())
    assert not form.apply(changed_elsewhere)
    assert form.hints == ["Look at what has changed, then send this again."]
    assert 'name="seen" value="9"' in str(form)
