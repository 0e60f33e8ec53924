"""`POST /intake/<kind>`: what is taken, what is refused before it is read, and that nothing is said to be kept that is not."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends import filebased
from django.test import Client

from amanat.people.clock import stopped
from amanat.vault import gate, intake
from amanat.vault.keys import keyring
from tests.cast import NOW

pytestmark = pytest.mark.django_db
FOLDER = Path(settings.WORKSPACE)


@pytest.fixture(autouse=True)
def door() -> Iterator[Path]:
    """A gate with one kind of packet, and the folder where packets come to wait."""
    gate.change(FOLDER, limits={"letter": (3, 60)}, tokens={})
    cache.clear()
    place = intake.folder(FOLDER)
    yield place
    for packet in intake.waiting(place):
        packet.unlink()
    gate.path(FOLDER).unlink()


@pytest.fixture
def sender() -> Client:
    return Client(enforce_csrf_checks=True)


def send(sender: Client, body: bytes = b"a letter", kind: str = "letter", **more: str) -> int:
    return sender.post(f"/intake/{kind}", body, content_type="application/octet-stream", **more).status_code


def test_what_is_taken_is_on_the_disk_sealed(sender: Client, door: Path) -> None:
    assert send(sender) == 202
    (kept,) = intake.waiting(door)
    assert b"a letter" not in kept.read_bytes()
    assert intake.open_packet(keyring(), kept.read_bytes()).body == b"a letter"


def test_one_sender_may_send_so_many_and_is_told_when_again(sender: Client, door: Path) -> None:
    assert [send(sender) for _time in range(3)] == [202] * 3
    response = sender.post("/intake/letter", b"x", content_type="application/octet-stream")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    assert len(intake.waiting(door)) == 3
    assert send(sender, REMOTE_ADDR="192.0.2.7") == 202, "another sender is not kept waiting"


def test_what_is_too_large_or_of_no_known_length_or_kind_is_refused(sender: Client, door: Path) -> None:
    assert send(sender, bytes(intake.MOST)) == 202
    assert send(sender, bytes(intake.MOST + 1)) == 413
    assert send(sender, CONTENT_LENGTH="") == 411
    assert send(sender, kind="unknown") == 404
    assert sender.get("/intake/letter").status_code == 405
    assert len(intake.waiting(door)) == 1


def test_a_kind_with_tokens_takes_nothing_without_one_of_them(sender: Client, door: Path) -> None:
    gate.change(FOLDER, tokens={"letter": (hashlib.sha256(b"secret").hexdigest(),)})
    assert [send(sender), send(sender, headers={"Authorization": "Bearer other"})] == [401, 401]
    assert send(sender, headers={"Authorization": "Bearer secret"}) == 202
    assert "secret" not in gate.path(FOLDER).read_text()


def test_a_guarded_kind_of_which_no_token_was_given_takes_nothing(sender: Client, door: Path) -> None:
    gate.change(FOLDER, guarded=("letter",))
    assert [send(sender), send(sender, headers={"Authorization": "Bearer any"})] == [401, 401]
    assert intake.waiting(door) == []


def test_over_several_processes_nobody_is_forgotten_before_their_time(
    sender: Client, door: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the count stands in files, which Django would drop after five minutes."""
    settings.CACHES = {"default": {"BACKEND": f"{filebased.__name__}.FileBasedCache", "LOCATION": tmp_path / "cache"}}
    gate.change(FOLDER, limits={"letter": (2, 3600)})
    with stopped(NOW):
        assert [send(sender), send(sender)] == [202, 202]
        later = time.time() + 600
        monkeypatch.setattr(filebased, "time", SimpleNamespace(time=lambda: later))
        assert send(sender) == 429


def test_a_full_disk_is_no_acknowledgement(sender: Client, door: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as now:
        now.setattr(os, "fsync", full)
        response = sender.post("/intake/letter", b"x", content_type="application/octet-stream")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert list(door.iterdir()) == []


def test_as_many_as_may_wait_are_no_acknowledgement_either(
    sender: Client, door: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "ROOM", 1)
    assert [send(sender), send(sender)] == [202, 503]


def test_two_who_change_the_gate_at_once_lose_neither_change() -> None:
    import threading

    changes = [
        threading.Thread(target=gate.change, args=(FOLDER,), kwargs=part)
        for part in ({"duty_number": "+373 600 00 204"}, {"tokens": {"letter": ("00",)}})
    ]
    for change in changes:
        change.start()
    for change in changes:
        change.join()
    held = gate.read(FOLDER)
    assert (held.duty_number, held.tokens) == ("+373 600 00 204", {"letter": ("00",)})
    assert gate.path(FOLDER).stat().st_mode & 0o777 == 0o600


def test_a_workspace_that_was_never_open_has_a_gate_from_its_header() -> None:
    gate.path(FOLDER).unlink()
    assert gate.read(FOLDER).intake_public == settings.HEADER.intake_public
    gate.change(FOLDER, limits={})
