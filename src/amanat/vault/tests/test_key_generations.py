"""Generations of a key: the newest is used, each opens what it made, and none that stands in a header is ever lost."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from amanat.vault import recovery
from amanat.vault.header import Header, Overtaken
from amanat.vault.keys import AUDIT, INTAKE, MASTER, Keyring, Locked, Passphrase, Workspace, WrongKey

WORDS = "tokan mirub selod karif nodal vezum"
CHEAP = {"name": "passphrase", "salt": "00" * 16, "passes": 1, "kib": 64, "lanes": 1}
KINDS = (MASTER, AUDIT, INTAKE)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "w", kind="real", provider=by_words())


def by_words(words: str = WORDS) -> Passphrase:
    return Passphrase(words, dict(CHEAP))


def begins(_generation: int) -> bool:
    return False


def keys_of(workspace: Workspace) -> dict[str, bytes]:
    return Workspace.at(workspace.path).unwrap(by_words()).keys


def test_what_an_older_master_key_wrapped_opens_and_the_newest_one_wraps() -> None:
    first = Keyring.fresh()
    second = first.with_next(MASTER)
    before, after = first.wrap(b"k" * 32, b"here"), second.wrap(b"k" * 32, b"here")
    assert (before[0], after[0]) == (1, 2)
    assert second.unwrap(before, b"here") == second.unwrap(after, b"here") == b"k" * 32
    with pytest.raises(InvalidTag):
        second.unwrap(after, b"elsewhere")
    with pytest.raises(InvalidTag):
        second.unwrap(b"\1" + after[1:], b"here")


def test_a_process_that_began_before_says_so() -> None:
    first = Keyring.fresh()
    with pytest.raises(Locked, match="Begin it anew"):
        first.unwrap(first.with_next(MASTER).wrap(b"k" * 32, b""), b"")


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_generation_stands_beside_the_former_one(workspace: Workspace, kind: str) -> None:
    before = keys_of(workspace)
    held = workspace.renew(kind, by_words(), begins)
    assert held.newest(kind) == 2
    assert held.keys == keys_of(workspace)
    assert held.keys.items() > before.items()
    assert held.keys.keys() - before.keys() == {f"{kind}.2"}
    assert held.of(kind, 2) not in before.values()
    assert Header.read(workspace.path).intake_public == held.intake_public()


def test_the_shares_open_the_new_key_at_once(workspace: Workspace) -> None:
    new = recovery.create(["Aylar", "Berdi", "Chary"])
    workspace.trust(new, workspace.unwrap(by_words()), "2026-11-24T09:00:00+00:00")
    held = workspace.renew(MASTER, by_words(), begins)
    identity = recovery.open_with(new.boxes, new.shares[0].words, new.shares[2].words)
    assert recovery.open_keys(identity, Header.read(workspace.path).recoverable) == held.keys


def test_a_rotation_that_was_begun_is_gone_on_with(workspace: Workspace) -> None:
    held = workspace.renew(MASTER, by_words(), begins)
    assert workspace.renew(MASTER, by_words(), lambda generation: generation == 2).keys == held.keys


def test_two_who_rotate_at_once_make_one_key(workspace: Workspace) -> None:
    """Two keys of one name would be worse than none: one of them is lost, with all that it wraps."""
    with ThreadPoolExecutor(2) as two:
        turns = [two.submit(workspace.renew, MASTER, by_words(), lambda generation: generation > 1) for _ in range(2)]
        first, second = (turn.result() for turn in turns)
    assert first.keys == second.keys == keys_of(workspace)
    assert first.newest(MASTER) == 2


def test_wrong_words_change_nothing(workspace: Workspace) -> None:
    before = Header.path(workspace.path).read_bytes()
    with pytest.raises(WrongKey):
        workspace.renew(AUDIT, by_words("entirely other words than these"), begins)
    assert Header.path(workspace.path).read_bytes() == before


def test_a_crash_leaves_the_header_as_it_was(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_args: object) -> None:
        raise OSError("power cut")

    before = keys_of(workspace)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", crash)
        with pytest.raises(OSError, match="power cut"):
            workspace.renew(MASTER, by_words(), begins)
    assert keys_of(workspace) == before


def test_who_read_the_header_before_can_not_write_the_new_key_away(workspace: Workspace) -> None:
    stale = Workspace.at(workspace.path)
    renewed = workspace.renew(MASTER, by_words(), begins)
    stale.change(lambda header: vars(header).update(duty_number="+373 600 00 204"))
    assert keys_of(workspace) == renewed.keys


def test_nor_can_who_holds_the_keys_of_before(workspace: Workspace) -> None:
    held = workspace.unwrap(by_words())
    renewed = workspace.renew(MASTER, by_words(), begins)
    now = Workspace.at(workspace.path)
    with pytest.raises(Overtaken):
        now.trust(recovery.create(["Aylar", "Berdi", "Chary"]), held, "2026-11-24T09:00:00+00:00")
    with pytest.raises(Overtaken):
        now.wrap(by_words("entirely other words than these"), held)
    assert keys_of(workspace) == renewed.keys
