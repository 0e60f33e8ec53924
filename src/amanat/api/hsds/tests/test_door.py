"""The door of the read API: for everybody, only reading, so often; the same answer is not sent twice; locked it says so."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from amanat.api.hsds import door
from amanat.api.hsds.tests.conftest import Asker, content_of
from amanat.directory.models import Service
from amanat.directory.tests.made import many, service

LISTS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")


def test_whoever_asks_needs_no_session_and_gets_none(ask: Asker) -> None:
    answer = ask.answer("/services", {"Origin": "https://elsewhere.example"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert not answer.cookies
    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    assert ask.client.get("/hsds").json() == ask("/")


def test_a_worker_whose_session_is_locked_reads_it_as_everybody_does(ask: Asker, browse: Callable[..., Client]) -> None:
    assert browse("jemal", second_factor=False).get("/hsds/services").status_code == 200


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_is_only_read(ask: Asker, method: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = getattr(strict, method)("/hsds/services", b"{}", content_type="application/json")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer.json() == {"error": "This address is only read."}


@pytest.mark.sqlcipher_only
def test_what_is_not_there_is_said_in_json(ask: Asker) -> None:
    for path in ("/nothing", "/services/", "/services/1", "/locations", f"/services/{'0' * 32}"):
        assert ask(path, 404) == {"error": "There is no such entry here."}


def test_the_same_answer_is_not_sent_twice(ask: Asker) -> None:
    made = service("Beds")
    held = ask.answer("/services")
    again = ask.answer("/services", {"If-None-Match": held["ETag"]})
    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", "no-cache")
    Service.objects.filter(pk=made.pk).update(name="More beds")
    assert ask.answer("/services", {"If-None-Match": held["ETag"]}).status_code == 200
    head = ask.client.head("/hsds/services")
    assert (head.status_code, content_of(head)) == (200, b"")


@pytest.mark.sqlcipher_only
def test_one_address_asks_so_often_and_another_does_not_wait_for_it(
    ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "OFTEN", (3, 60))
    monkeypatch.setattr(door, "WHOLE", (1, 60))
    assert ask.answer("/services", format="ndjson").status_code == 200
    for _again in range(2):
        refused = ask.answer("/services", format="ndjson")
        assert refused.status_code == 429
        assert 0 < int(refused["Retry-After"]) <= 60
    assert ask("/services", 429) == {"error": "Too many questions. Ask again later."}
    assert ask.client.get("/hsds/services", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("path", ["/hsds", "/hsds/", "/hsds/services", "/hsds/services/1", "/hsds/nothing"])
def test_while_the_workspace_is_locked_it_says_when_to_come_again(path: str) -> None:
    view = resolve(path, urlconf="amanat.config.tree.locked_urls").func
    answer = view(RequestFactory().get(path))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert json.loads(answer.content) == {"error": "The workspace is locked. Ask again later."}


def queries(ask: Asker, path: str, **parameters: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        ask(path, **parameters)
    return len(asked)


def test_a_list_costs_the_same_however_long_the_directory_is(ask: Asker) -> None:
    wanted = [(f"/{name}", more) for name in LISTS[:3] for more in ({}, {"full": "true"}, {"search": "service house"})]
    many(1)
    few = [queries(ask, path, **more) for path, more in wanted]
    many(79)
    assert [queries(ask, path, per_page="100", **more) for path, more in wanted] == few
    assert max(few) <= 20
