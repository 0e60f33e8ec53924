"""A session ends when it should, and whoever reads its table can do nothing with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone

from amanat.people.clock import stopped
from amanat.people.models import Session, User
from amanat.people.sessions import end_sessions, short_name
from amanat.people.tests.ways import PASSWORD, session_of, sign_in

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36"
)


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def stay_awake(client: Client, hours: float) -> None:
    """Ask for a page every nine minutes, from the beginning of the session on."""
    began = session_of(client).began_at
    for minutes in range(0, int(hours * 60), 9):
        with stopped(began + timedelta(minutes=minutes)):
            client.get("/account")


def test_a_session_ends_twelve_hours_after_the_sign_in_however_busy_it_is(at_work: Client) -> None:
    began = session_of(at_work).began_at
    stay_awake(at_work, 12)
    with stopped(began + timedelta(hours=12, seconds=-1)):
        assert is_in(at_work)
    with stopped(began + timedelta(hours=12)):
        assert at_work.get("/account").headers["Location"].startswith("/account/sign-in")


def test_changing_the_password_does_not_begin_the_twelve_hours_again(at_work: Client) -> None:
    began = session_of(at_work).began_at
    with stopped(began + timedelta(minutes=9)):
        new = "another four quiet words"
        at_work.post("/account/password", {"old": PASSWORD, "password": new, "again": new})
    assert session_of(at_work).began_at == began


def test_suspending_a_worker_shuts_every_browser_at_its_next_request(at_work: Client, merdan: User) -> None:
    merdan.is_active = False
    merdan.save()
    assert not is_in(at_work)


def test_ending_all_sessions_of_a_worker_leaves_nobody_else_out(at_work: Client, merdan: User, jemal: User) -> None:
    colleague = sign_in(Client(), jemal)
    assert end_sessions(merdan) == 1
    assert not is_in(at_work)
    assert colleague.get("/account/second-factors").status_code == 200


def test_a_session_that_was_ended_meanwhile_does_not_come_back_by_being_saved(at_work: Client, merdan: User) -> None:
    session = at_work.session
    session["language"] = "ru"
    end_sessions(merdan)
    with pytest.raises(UpdateError):
        session.save()
    assert not merdan.sessions.exists()


def test_a_sign_in_sweeps_away_the_sessions_that_ended(jemal: User, merdan: User) -> None:
    with stopped(timezone.now() - timedelta(hours=13)):
        sign_in(Client(), jemal)
    sign_in(Client(), jemal)
    assert Session.objects.count() == 1


def test_the_table_holds_neither_the_key_of_the_cookie_nor_a_readable_word(at_work: Client) -> None:
    row = session_of(at_work)
    kept = " ".join(str(value) for value in Session.objects.values().get().values())
    assert at_work.cookies["session"].value not in kept
    for word in [b"_auth_user_id", b"mfa", b"merdan"]:
        assert word not in bytes(row.sealed)


def test_the_content_of_a_session_does_not_open_in_another_row(at_work: Client, jemal: User) -> None:
    other = sign_in(Client(), jemal)
    row = session_of(other)
    row.sealed = session_of(at_work).sealed
    row.save()
    assert other.get("/account/second-factors").status_code == 302


def test_being_seen_is_written_at_most_every_thirty_seconds(at_work: Client) -> None:
    began = session_of(at_work).seen_at
    for seconds, seen in [(29, 0), (30, 30), (59, 30), (60, 60)]:
        with stopped(began + timedelta(seconds=seconds)):
            at_work.get("/account")
        assert session_of(at_work).seen_at == began + timedelta(seconds=seen)


@pytest.mark.parametrize(
    ("line", "name"), [(FIREFOX, "Firefox, Windows"), (CHROME, "Chrome, Android"), ("curl/8.5", ""), ("", "")]
)
def test_a_browser_is_kept_by_a_short_name(line: str, name: str) -> None:
    assert short_name(line) == name


def test_a_visitor_who_only_looks_gets_no_session(client: Client, db: None) -> None:
    client.get("/account/sign-in")
    assert not Session.objects.exists()
    assert "session" not in client.cookies
