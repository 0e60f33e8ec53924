"""A locked workspace: what it says, to whom it offers to be opened, and what it still takes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from django.test import RequestFactory

from amanat.config.tree.locked_views import is_here
from amanat.vault import gate
from tests.tree import Tree, tree

DUTY = "+373 600 00 204"  # invented, of the demo country


@pytest.fixture(scope="module")
def locked(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    """One that began locked and stays so."""
    with tree(environment, tmp_path_factory.mktemp("log") / "log", "--locked") as running:
        yield running
        assert running.status()["state"] == "locked"


# --- what it says -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/cases", "/account/sign-in", "/people", "/nothing/here?q=a+name"])
def test_every_page_says_that_it_is_locked_with_the_duty_number_and_what_to_do(locked: Tree, path: str) -> None:
    answer = locked.ask(path, Accept_Language="en")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert "This workspace is locked" in answer.text
    assert DUTY in answer.text
    assert "What to do" in answer.text
    assert "switch it off" in answer.text
    assert "Calls show on no screen now: answer them at the telephone" in answer.text
    assert "A call that nobody answers is not kept" in answer.text
    assert "requests from the public page to be called back, forms that phones send" in answer.text
    assert "nobody who stands here can open it" in answer.text
    assert "./run amanat recovery open" in answer.text
    assert "a name" not in locked.log.read_text()


@pytest.mark.parametrize("language", ["tk", "ru", "en", "ro"])
def test_it_speaks_the_language_of_the_browser(locked: Tree, language: str) -> None:
    page = locked.ask("/", Accept_Language=language).text
    assert f'<html lang="{language}"' in page
    assert DUTY in page


def test_a_form_that_is_sent_meanwhile_gets_the_same_page(locked: Tree) -> None:
    assert locked.ask("/cases/new", "POST", b"name=A").status == 503


def test_a_ring_is_told_to_come_again(locked: Tree) -> None:
    answer = locked.ask("/api/v1/hotline/ring", "POST", b"")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert "The workspace is locked." in answer.text


def test_commands_say_that_it_is_locked_and_ask_for_nothing(locked: Tree) -> None:
    for command in (["audit", "head"], ["shell", "-c", "print('open')"], ["index", "sweep"]):
        done = locked.amanat(*command)
        assert done.returncode == 1
        assert done.stderr.strip() == "This workspace is locked. Open it with: ./run amanat unlock"


@pytest.mark.sqlcipher_only  # PostgreSQL's is somewhere else anyway
def test_it_needs_no_database(locked: Tree) -> None:
    database = locked.folder / "amanat.db"
    database.rename(database.with_name("away"))
    try:
        assert DUTY in locked.ask("/").text
        assert locked.send(b"letter-without-database") == 202
    finally:
        database.with_name("away").rename(database)


# --- what it takes --------------------------------------------------------------------------------------------------------


def test_a_locked_one_refuses_what_an_open_one_refuses(locked: Tree) -> None:
    assert locked.send(b"x", kind="unknown") == 404
    assert locked.send(bytes(1_000_001)) == 413
    assert locked.ask("/intake/letter").status == 405


def test_a_token_that_is_revoked_is_refused_at_once(locked: Tree) -> None:
    digest = hashlib.sha256(b"a phone's password").hexdigest()
    gate.change(locked.folder, tokens={"letter": (digest,)})
    try:
        assert locked.send(b"letter-by-token", Authorization="Bearer a phone's password") == 202
        assert locked.send(b"letter-by-token", Authorization="Bearer another") == 401
        gate.change(locked.folder, tokens={"letter": ()})
        assert locked.send(b"letter-by-token", Authorization="Bearer a phone's password") == 401
    finally:
        gate.change(locked.folder, tokens={})


@pytest.mark.parametrize(
    ("address", "host", "headers", "here"),
    [
        ("127.0.0.1", "localhost:8000", {}, True),
        ("127.0.0.1", "127.0.0.1", {}, True),
        ("::1", "[::1]:8000", {}, True),
        ("192.168.1.20", "localhost", {}, False),
        ("127.0.0.1", "testserver", {}, False),
        ("127.0.0.1", "localhost", {"X-Forwarded-For": "203.0.113.7"}, False),
        ("127.0.0.1", "localhost", {"Forwarded": "for=203.0.113.7"}, False),
        ("", "localhost", {}, False),
    ],
)
def test_only_who_sits_at_the_machine_is_offered_it(
    address: str, host: str, headers: dict[str, str], here: bool
) -> None:
    request = RequestFactory().get("/unlock", REMOTE_ADDR=address, headers={"Host": host, **headers})
    assert is_here(request) is here


def test_from_elsewhere_the_page_is_not_there(locked: Tree) -> None:
    answer = locked.ask("/unlock", X_Forwarded_For="203.0.113.7", Accept_Language="en")
    assert answer.status == 503
    assert "This workspace is locked" in answer.text
    assert '<form method="post" action="/unlock"' not in answer.text
