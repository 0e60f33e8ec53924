"""Messages leave by a real server and a real program, say only that something waits, and are tried again when they do not leave."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email import message_from_string, policy
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from amanat.people import messages, sending, waiting
from amanat.people.clock import stopped
from amanat.people.messages import ALERT, GIVEN_UP_AFTER, Messenger, Reached
from amanat.people.models import Message, Outlet, Reach, User
from amanat.people.sending import Mail, NotSent, Ways
from amanat.people.tests.mail_server import Box, mail_server

pytestmark = pytest.mark.sqlcipher_only


@pytest.fixture
def box() -> Iterator[Box]:
    with mail_server() as box:
        yield box


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., str]:
    """A program of the office that writes down what it gets and where it runs, and ends with a code."""

    def made(code: int = 0, also: str = "") -> str:
        path = tmp_path / "gateway"
        path.write_text(f"#!/bin/sh\n{also}\ncat >> {tmp_path}/got\nenv > {tmp_path}/env\nexit {code}\n")
        path.chmod(0o700)
        return str(path)

    return made


@pytest.fixture
def something_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_askers", {})
    waiting.register(ALERT, lambda _members, _now: True)


def by(box: Box, command: str = "") -> None:
    messages.set_ways(Ways(Mail("127.0.0.1", box.port, "house@example.org", sending.PLAIN), command))


def turn(moment: datetime) -> None:
    with stopped(moment):
        Messenger().turn()


@pytest.mark.usefixtures("something_waits")
class TestSending:
    def test_both_ways_say_one_sentence_in_the_workers_language_and_nothing_else(
        self, jemal: User, now: datetime, box: Box, script: Callable[..., str], tmp_path: Path
    ) -> None:
        jemal.language = "ru"
        jemal.save()
        by(box, script())
        messages.set_reach(jemal, Reached("jemal@example.org", "+99312463500"))
        messages.post([jemal], ALERT, now)
        turn(now)
        letter = message_from_string(box.letters[0], policy=policy.default)
        with override(jemal.language):
            told = messages.sentence()
        assert letter.get_content().strip() == told
        assert (letter["To"], letter["From"], letter["Subject"]) == ("jemal@example.org", "house@example.org", "Amanat")
        assert json.loads((tmp_path / "got").read_text()) == {"to": "+99312463500", "text": told}
        assert not Message.objects.exists()

    def test_no_header_and_no_greeting_names_this_machine(self, jemal: User, now: datetime, box: Box) -> None:
        by(box)
        messages.set_reach(jemal, Reached("jemal@example.org"))
        messages.post([jemal], ALERT, now)
        turn(now)
        letter = message_from_string(box.letters[0], policy=policy.default)
        assert set(letter.keys()) <= {
            *("From", "To", "Subject", "Date", "Message-ID"),
            *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
        }
        assert letter["Message-ID"].endswith("@example.org>")
        assert box.greeted == ["ehlo example.org"]

    def test_the_program_runs_without_the_environment_of_the_house(
        self, jemal: User, script: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AMANAT_SOMETHING", "secret")
        sending.send_text(script(), "+99312463500", "x")
        held = {line.split("=")[0] for line in (tmp_path / "env").read_text().splitlines()}
        assert held - {"PWD", "SHLVL", "_", "OLDPWD"} == set(sending.CLEAN)

    def test_what_did_not_leave_is_tried_again_later_and_only_by_that_way(
        self, jemal: User, now: datetime, box: Box, script: Callable[..., str], tmp_path: Path
    ) -> None:
        by(box, script())
        box.refuses = True
        messages.set_reach(jemal, Reached("jemal@example.org", "+99312463500"))
        messages.post([jemal], ALERT, now)
        turn(now)
        message = Message.objects.get()
        assert (message.sent_email, message.sent_text) == (False, True)
        turn(now + timedelta(seconds=29))
        assert Message.objects.get().tries == 1
        box.refuses = False
        turn(now + timedelta(seconds=30))
        assert (len(box.letters), Message.objects.exists()) == (1, False)
        assert len((tmp_path / "got").read_text().splitlines()) == 1

    def test_after_hours_it_is_given_up_and_told_for_a_week(self, jemal: User, now: datetime, box: Box) -> None:
        by(box)
        box.refuses = True
        messages.set_reach(jemal, Reached("jemal@example.org"))
        messages.post([jemal], ALERT, now)
        moment, tries = now, 0
        while Message.objects.filter(given_up_at=None).exists():
            moment, tries = Message.objects.get().next_try_at, tries + 1
            turn(moment)
        assert now + GIVEN_UP_AFTER <= moment <= now + GIVEN_UP_AFTER + messages.LATEST
        assert 20 < tries < 40
        turn(moment + 6 * timedelta(days=1))
        assert Message.objects.count() == 1
        turn(moment + messages.TOLD_FOR)
        assert not Message.objects.exists()

    def test_the_log_names_nobody(
        self, jemal: User, now: datetime, script: Callable[..., str], caplog: pytest.LogCaptureFixture
    ) -> None:
        messages.set_ways(Ways(text_command=script(code=3)))
        messages.set_reach(jemal, Reached(phone="+99312463500"))
        messages.post([jemal], ALERT, now)
        with caplog.at_level(logging.DEBUG):
            turn(now)
        assert "exit code 3" in caplog.text
        assert not [word for word in ("463500", "jemal", "Jemal", "waits for you") if word in caplog.text]

    def test_of_two_looks_at_the_same_moment_one_sends(self, jemal: User, now: datetime, box: Box) -> None:
        by(box)
        messages.set_reach(jemal, Reached("jemal@example.org"))
        messages.post([jemal], ALERT, now)
        message = Message.objects.get()
        assert [Messenger()._is_mine(message, now) for _time in range(2)] == [True, False]

    def test_one_that_is_on_its_way_is_enough(self, jemal: User, now: datetime, box: Box) -> None:
        by(box)
        messages.set_reach(jemal, Reached("jemal@example.org"))
        for _time in range(2):
            messages.post([jemal], ALERT, now)
        assert Message.objects.count() == 1

    @pytest.mark.parametrize("waits", [True, False])
    def test_what_is_posted_while_one_is_sent_goes_out_as_well(
        self, jemal: User, now: datetime, box: Box, monkeypatch: pytest.MonkeyPatch, waits: bool
    ) -> None:
        """Also where the first one was of no use any more: nobody may have looked at the second."""
        by(box)
        messages.set_reach(jemal, Reached("jemal@example.org"))
        messages.post([jemal], ALERT, now)

        def meanwhile(_members: object, moment: datetime) -> bool:
            messages.post([jemal], ALERT, moment)
            return waits

        monkeypatch.setattr(waiting, "_askers", {})
        waiting.register(ALERT, meanwhile)
        turn(now)
        monkeypatch.setattr(waiting, "_askers", {})
        waiting.register(ALERT, lambda _members, _now: True)
        turn(now)
        assert (len(box.letters), Message.objects.exists()) == (1 + waits, False)


def test_what_nobody_waits_for_any_more_is_not_sent(
    jemal: User, now: datetime, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_askers", {})
    by(box)
    messages.set_reach(jemal, Reached("jemal@example.org"))
    messages.post([jemal], ALERT, now)
    turn(now)
    assert (box.letters, Message.objects.exists()) == ([], False)


def test_without_a_way_or_an_address_nothing_is_kept(jemal: User, now: datetime, box: Box) -> None:
    messages.set_reach(jemal, Reached("jemal@example.org"))
    messages.post([jemal], ALERT, now)
    messages.set_reach(jemal, Reached())
    by(box)
    messages.post([jemal], ALERT, now)
    assert not Message.objects.exists()


def test_a_program_that_does_not_end_is_ended(
    script: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sending, "WITHIN", 0.2)
    with pytest.raises(NotSent, match="too long"):
        sending.send_text(script(also="sleep 600 &\nwait"), "+99312463500", "x")
    with pytest.raises(NotSent, match="FileNotFoundError"):
        sending.send_text(str(tmp_path / "not_there"), "+99312463500", "x")


def test_a_server_without_tls_is_sent_nothing_where_tls_was_asked_for(box: Box) -> None:
    with pytest.raises(NotSent):
        sending.send_email(Mail("127.0.0.1", box.port, "house@example.org"), "jemal@example.org", "x")
    assert box.letters == []


def test_addresses_numbers_and_passwords_lie_sealed(jemal: User) -> None:
    messages.set_reach(jemal, Reached("jemal@example.org", "+99312463500"))
    messages.set_ways(Ways(Mail("mail.example.org", 587, "house@example.org", user="u", password="zqpassword")))
    held = bytes(Reach.objects.get().sealed) + bytes(Outlet.objects.get().sealed)
    assert not [word for word in (b"example", b"463500", b"zqpassword") if word in held]
    assert messages.reach_of(jemal) == Reached("jemal@example.org", "+99312463500")


class TestPage:
    def test_what_a_message_says_is_read_in_the_language_of_the_page(self, at_work: Client, merdan: User) -> None:
        """It leaves in that of the account, and the page says so where it is another."""
        User.objects.filter(pk=merdan.pk).update(language="ru")
        at_work.cookies[settings.LANGUAGE_COOKIE_NAME] = "ro"
        page = at_work.get("/account/reach").content.decode()
        with override("ro"):
            assert messages.sentence() in page
        with override("ru"):
            assert messages.sentence() not in page
        assert '<span lang="ru">Русский</span>' in page

    def test_a_number_is_kept_as_programs_take_it_and_shown_as_people_write_it(
        self, at_work: Client, merdan: User
    ) -> None:
        page = at_work.post("/account/reach", {"email": "m@example.org", "phone": "00 993 12 463500"}, follow=True)
        assert messages.reach_of(merdan) == Reached("m@example.org", "+99312463500")
        assert "+993 12 46-35-00" in page.content.decode()

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"phone": "463500"}, "no whole number"),
            ({"phone": "call me"}, "no whole number"),
            ({"email": "merdan"}, "no e-mail address"),
            ({"email": "мердан@example.org"}, "no e-mail address"),
        ],
    )
    def test_what_is_none_is_said_and_nothing_typed_is_lost(
        self, at_work: Client, merdan: User, typed: dict[str, str], said: str
    ) -> None:
        page = at_work.post("/account/reach", {"email": "", "phone": ""} | typed).content.decode()
        assert said in page
        assert next(iter(typed.values())) in page
        assert messages.reach_of(merdan) == Reached()

    def test_it_says_when_the_office_sends_none(self, at_work: Client, box: Box) -> None:
        assert "sends no messages yet" in at_work.get("/account/reach").content.decode()
        by(box)
        assert "and no text messages" in at_work.get("/account/reach").content.decode()
