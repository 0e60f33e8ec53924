"""A form is filled in about a child, a screen at a time: nothing is lost, what does not hold is said, one record comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client

from amanat.access import drafts
from amanat.access.models import Draft
from amanat.access.policy import Part, Relation
from amanat.cases.models import Alert, AlertKind, Attachment, Case, Event, EventKind, Task, TaskKind
from amanat.cases.tests.arriving import names, publish, sent, step
from amanat.cases.tests.docs import picture
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.forms.models import Answers, Record
from tests.cast import Cast

QUERIES = 12
Browse = Callable[..., Client]


@pytest.fixture
def jemal(browse: Browse) -> Client:
    publish()
    return browse("jemal")


def start(client: Client, case: Case) -> tuple[str, str]:
    response = client.get(f"{case.get_absolute_url()}/forms/arrival", follow=True)
    assert response.status_code == 200
    return response.content.decode(), response.redirect_chain[-1][0]


def fill(client: Client, case: Case) -> str:
    """All screens, as they hold; the page of the record."""
    page, address = start(client, case)
    page, address = step(client, page, address, Age_in_years="12", Came_alone="yes")
    page, address = step(client, page, address, Name_of_12="Maral")
    page, address = step(client, page, address, "finish")
    assert "/records/1" in address
    return page


def test_the_file_offers_the_forms_of_which_the_reader_writes_a_part(
    browse: Browse, jemal: Client, case: Case, cast: Cast
) -> None:
    with counting() as asked:
        page = read(jemal, f"{case.get_absolute_url()}?section=forms")
    assert len(asked) <= QUERIES, asked
    assert re.search(r"Other forms.*Arrival at the centre", page, re.DOTALL)
    assert re.search(r"<summary>Assistance .*Safety plan.*<summary>", page, re.DOTALL)
    assert "First contact and urgent needs" not in page.split("<summary>Assistance")[1]
    assert f"{case.get_absolute_url()}/open" in page  # what can be done on the file stands beside it
    bring_in(case, cast, "bahar", Relation.CENTRE_WORKER)
    assert "Arrival at the centre" not in read(browse("bahar"), f"{case.get_absolute_url()}?section=forms")


def test_a_form_becomes_a_record_with_its_answers_by_part(jemal: Client, case: Case) -> None:
    page = fill(jemal, case)
    for told in ("Age in years", "12", "Yes", "Maral", "The form is saved."):
        assert told in page
    record = Record.objects.get()
    assert (record.number, record.version, record.language, record.needs_review) == (1, 1, "en", False)
    assert [row.part for row in Answers.objects.all()] == ["facts"]
    assert Event.objects.filter(kind=EventKind.FORM_RECORDED, part=Part.FACTS).count() == 1
    assert not Draft.objects.exists()


def test_every_page_of_it_asks_the_database_little(jemal: Client, case: Case) -> None:
    _page, address = start(jemal, case)
    with counting() as asked:
        read(jemal, address)
    assert len(asked) <= QUERIES, asked
    fill(jemal, case)
    with counting() as asked:
        read(jemal, f"{case.get_absolute_url()}/records/1")
    assert len(asked) <= QUERIES, asked
    with counting() as asked:
        assert "Record 1" in read(jemal, f"{case.get_absolute_url()}?section=forms")
    assert len(asked) <= QUERIES, asked


def test_what_does_not_hold_is_said_beside_its_question_and_what_was_typed_stays(jemal: Client, case: Case) -> None:
    page, address = start(jemal, case)
    page, address = step(jemal, page, address, Age_in_years="35", Came_alone="yes")
    assert f'<a href="#id_{names(page)["Age in years"]}">Age in years</a>' in page
    assert "This form is for children." in page
    assert 'value="35"' in page
    page, address = step(jemal, page, address, Age_in_years="many")
    assert 'value="many"' in page
    page, address = step(jemal, page, address, Age_in_years="")
    assert names(page)["Age in years"] in page
    assert not Record.objects.exists()


def test_answers_that_ask_for_more_show_the_screen_once_more(jemal: Client, case: Case) -> None:
    page, address = start(jemal, case)
    assert "Who came along" not in page
    page, address = step(jemal, page, address, Age_in_years="9", Came_alone="no")
    assert "Who came along" in page
    assert "it stands on this screen now" in page
    page, address = step(jemal, page, address, Age_in_years="9", Came_alone="no", Who_came_along="An aunt")
    assert "Relative" in page


def test_a_change_gets_only_what_is_otherwise_now(jemal: Client, case: Case) -> None:
    page, address = start(jemal, case)
    piece = jemal.post(address, sent(page, "look", Age_in_years="9", Came_alone="no")).content.decode()
    assert "Who came along" in piece
    assert "Age in years" not in piece
    assert 'hx-swap-oob="afterend:#' in piece
    both = sent(page, "look", Age_in_years="9", Came_alone="yes")
    both["shown"].append(names(piece)["Who came along"] + ":1")
    assert f'id="{names(piece)["Who came along"]}" hx-swap-oob="delete"' in jemal.post(address, both).content.decode()


def test_going_back_keeps_what_was_typed_also_what_does_not_hold_yet(jemal: Client, case: Case) -> None:
    page, address = start(jemal, case)
    page, address = step(jemal, page, address, Age_in_years="12")
    page, address = step(jemal, page, address, "back", Name_of_12="Maral")
    page, address = step(jemal, page, address, Age_in_years="12")
    assert 'value="Maral"' in page


def test_one_leaves_and_goes_on_later_and_another_worker_sees_nothing_of_it(
    browse: Browse, jemal: Client, case: Case, cast: Cast
) -> None:
    page, address = start(jemal, case)
    step(jemal, page, address, Age_in_years="12")
    assert "begun" in read(jemal, f"{case.get_absolute_url()}?section=forms")
    assert 'value="12"' in start(jemal, case)[0]
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    assert 'value="12"' not in start(browse("merdan"), case)[0]


def test_what_was_typed_and_not_sent_is_there_again(jemal: Client, case: Case, cast: Cast) -> None:
    page, address = start(jemal, case)
    body = sent(page, "next", Age_in_years="11")
    kept = QueryDict(mutable=True)
    for name, value in body.items():
        kept.setlist(name, value if isinstance(value, list) else [value])
    drafts.save(cast["jemal"].user, address, kept, cast.now, case.subject)
    page = read(jemal, address)
    assert 'value="11"' in page
    assert "You typed this and did not send it." in page


def test_a_repeat_grows_and_shrinks_without_a_script(jemal: Client, case: Case) -> None:
    page, address = start(jemal, case)
    page, address = step(jemal, page, address, Age_in_years="12")
    before = page.count("Name of 12")
    body = sent(page)
    add = page.split('name="add" value="')[1].split('"')[0]
    page = jemal.post(address, body | {"add": add, "go": ""}, follow=True).content.decode()
    assert page.count("Name of 12") > before
    remove = page.split('name="remove" value="')[1].split('"')[0]
    page = jemal.post(address, sent(page) | {"remove": remove, "go": ""}, follow=True).content.decode()
    assert page.count("Name of 12") == before


def test_the_same_form_sent_twice_is_one_record(jemal: Client, case: Case) -> None:
    page, address = start(jemal, case)
    page, address = step(jemal, page, address, Age_in_years="12")
    page, address = step(jemal, page, address)
    for _time in range(2):
        assert jemal.post(address, sent(page, "finish"), follow=True).redirect_chain[-1][0].endswith("/records/1")
    assert Record.objects.count() == 1


def test_an_alert_raises_a_task_that_says_nothing_of_the_answer(
    browse: Browse, jemal: Client, case: Case, cast: Cast
) -> None:
    bring_in(case, cast, "sona", Relation.HEALTH_WORKER)
    sona = browse("sona")
    page, address = start(sona, case)
    page, address = step(sona, page, address, "finish", Something_hurts_now="yes")
    task = Task.objects.get(kind=TaskKind.FORM_ALERT)
    assert task.owner == cast["jemal"]
    assert Alert.objects.get().kind == AlertKind.ANSWER, "the duty list finds who takes it up now"
    overview = read(jemal, case.get_absolute_url())
    assert "An answer needs somebody at once: Forms, record 1. If it is not open to you, ask Sona." in overview
    assert "hurts" not in overview
    Task.objects.create(
        case=case, subject=case.subject, kind=TaskKind.FLAG, part="existence", owner=task.owner, made_by=task.owner,
        due=task.due - timedelta(days=2), text="Bring shoes.",
    )  # fmt: skip
    for page in (read(jemal, "/"), read(jemal, case.get_absolute_url())):
        assert page.index("An answer needs somebody") < page.index("Bring shoes."), "before what is late"
    assert "at once</span>" in read(jemal, "/")


def test_a_picture_becomes_a_document_of_the_file(jemal: Client, case: Case) -> None:
    page, address = start(jemal, case)
    page, address = step(jemal, page, address, Age_in_years="12")
    page, address = step(jemal, page, address)
    body = sent(page, "finish", Picture_of_the_paper=SimpleUploadedFile("paper.jpg", picture()))
    page = jemal.post(address, body, follow=True).content.decode()
    assert f"/attachments/{Attachment.objects.get().pk.hex}" in page


def test_a_form_that_nobody_offers_is_not_there(jemal: Client, case: Case) -> None:
    assert jemal.get(f"{case.get_absolute_url()}/forms/unknown").status_code == 404
