"""`amanat messages`: set at the machine, shown without the password, tried on a worker, ended."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from amanat.audit.models import Entry
from amanat.config import terminal
from amanat.people import messages
from amanat.people.messages import Reached
from amanat.people.models import User
from amanat.people.tests.mail_server import mail_server
from amanat.vault.sealing import open_sealed

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]
FROM = ("--from", "house@example.org")


def say(*words: str) -> str:
    told = StringIO()
    with translation.override("en"):
        call_command("messages", *words, stdout=told)
    return told.getvalue()


def test_the_password_is_asked_for_and_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "secret", lambda _question: "zq open word")
    say("--smtp-host", "mail.example.org", "--smtp-user", "house", *FROM)
    told = say()
    assert "mail.example.org:587 (starttls), house@example.org" in told
    mail = messages.ways().mail
    assert mail is not None
    assert mail.password == "zq open word"
    entry = Entry.objects.get(verb="workspace.messages")
    assert "zq" not in told + str(open_sealed(entry, "details"))


def test_it_is_tried_on_a_worker(tmp_path: Path) -> None:
    user = User.objects.create_user("merdan", "x", display_name="Merdan")
    with mail_server() as box:
        say("--smtp-host", "127.0.0.1", "--smtp-port", str(box.port), "--smtp-security", "none", *FROM)
        with pytest.raises(CommandError, match="Nothing was sent"):
            say("test", "merdan")
        messages.set_reach(user, Reached("merdan@example.org"))
        assert say("test", "merdan") == "E-mail: sent\n"
        box.refuses = True
        with pytest.raises(CommandError, match="Not everything left"):
            say("test", "merdan")
    assert len(box.letters) == 1
    with pytest.raises(CommandError, match="No worker signs in as"):
        say("test", "nobody")


def test_what_was_not_said_anew_stays_and_off_ends_both(tmp_path: Path) -> None:
    program = tmp_path / "gateway"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    say("--smtp-host", "mail.example.org", *FROM)
    assert f"Program for texts: {program}" in say("--text-command", str(program))
    assert "E-mail: none" in say("--smtp-host", "none")
    assert messages.ways().text_command == str(program)
    say("off")
    assert not messages.ways()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--smtp-host", "mail.example.org"), "from which address"),
        (("--smtp-host", "mail.example.org", "--smtp-user", "u", "--smtp-security", "none", *FROM), "in the open"),
        (("--text-command", "gateway"), "whole path"),
        (("--text-command", "/etc/passwd"), "whole path"),
    ],
)
def test_what_cannot_work_is_refused(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        say(*words)
    assert not messages.ways()
