"""What opens a real workspace is changed: to a key file, to other words. What opened it before opens nothing any more."""

from __future__ import annotations

import io
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from amanat.config import opening, unlocking
from amanat.config.opening import NoPlace, OnlyADemo
from amanat.config.tests.conftest import CHEAP, WORDS
from amanat.office.tests.ways import entries_of
from amanat.vault import recovery
from amanat.vault.header import Header
from amanat.vault.keys import KeyFile, Passphrase, Workspace, WrongKey, keyring
from tests.cast import NOW

OTHER_WORDS = "entirely other words than those before"
OPENER = {"words": WORDS}
pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]  # whatever the database


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Another disk than the workspace's."""
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk"


@pytest.fixture
def by_file(office: Workspace, disk: Path) -> KeyFile:
    opening.by_file(office, disk / "key", OPENER, NOW)
    return KeyFile(disk / "key")


def now(office: Workspace) -> Workspace:
    return Workspace.at(office.path)


def test_a_key_file_opens_it_and_the_words_do_not(office: Workspace, by_file: KeyFile) -> None:
    assert now(office).unwrap(by_file).keys == keyring().keys
    assert stat.S_IMODE(by_file.path.stat().st_mode) == 0o600
    with pytest.raises(WrongKey):
        now(office).unwrap(Passphrase(WORDS, dict(CHEAP)))
    assert str(by_file.path) not in Header.path(office.path).read_text(), "whoever has the folder is not told where"
    assert len(entries_of("keys.file")) == 1


def test_words_take_its_place_again(office: Workspace, by_file: KeyFile) -> None:
    opening.by_words(office, OTHER_WORDS, {"keyfile": str(by_file.path)}, NOW)
    again = now(office)
    assert again.unwrap(again.provider(words=OTHER_WORDS)).keys == keyring().keys
    with pytest.raises(WrongKey):
        again.unwrap(by_file)
    assert len(entries_of("keys.words")) == 1


def test_two_shares_open_it_as_before(office: Workspace, disk: Path) -> None:
    new = recovery.create(["Aylar Test", "Berdi Test", "Chary Test"])
    office.trust(new, keyring(), NOW.isoformat())
    opening.by_file(office, disk / "key", OPENER, NOW)
    identity = recovery.open_with(new.boxes, new.shares[0].words, new.shares[2].words)
    assert recovery.open_keys(identity, now(office).header.recoverable) == keyring().keys


def test_the_environment_says_where_it_lies(
    office: Workspace, by_file: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(WrongKey, match="AMANAT_KEYFILE"):
        unlocking.own_keys(now(office))
    monkeypatch.setenv("AMANAT_KEYFILE", str(by_file.path))
    assert unlocking.own_keys(now(office)).keys == keyring().keys
    assert unlocking.ask_again(now(office)) == {"keyfile": str(by_file.path)}


@pytest.mark.parametrize("where", ["w/key", "w/run/key", "link/key"])
def test_it_never_lies_in_the_workspace(office: Workspace, tmp_path: Path, where: str) -> None:
    (tmp_path / "link").symlink_to(office.path)
    with pytest.raises(NoPlace, match="would lie in the workspace"):
        opening.by_file(office, tmp_path / where, OPENER, NOW)
    assert not (tmp_path / where).exists()


def test_it_is_made_over_no_other_file_and_in_no_missing_folder(office: Workspace, disk: Path) -> None:
    (disk / "letter").write_text("dear all")
    (disk / "away").symlink_to(disk / "nowhere")
    for name, sentence in (("letter", "is there already"), ("away", "is there already"), ("usb/key", "no folder")):
        with pytest.raises(NoPlace, match=sentence):
            opening.by_file(office, disk / name, OPENER, NOW)
    assert (disk / "letter").read_text() == "dear all"
    assert now(office).unwrap(Passphrase(WORDS, dict(CHEAP)))


def test_wrong_words_make_none(office: Workspace, disk: Path) -> None:
    with pytest.raises(WrongKey):
        opening.by_file(office, disk / "key", {"words": OTHER_WORDS}, NOW)
    assert not (disk / "key").exists()
    assert not entries_of("keys.file")


def test_where_the_header_can_not_be_written_the_words_still_open_it(
    office: Workspace, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Header, "change", full)
    with pytest.raises(OSError, match="No space"):
        opening.by_file(office, disk / "key", OPENER, NOW)
    assert now(office).unwrap(Passphrase(WORDS, dict(CHEAP)))


def test_a_demo_stays_as_it_is(office: Workspace, tmp_path: Path) -> None:
    demo = Workspace.create(tmp_path / "demo", kind="demo", provider=KeyFile.create(tmp_path / "demo" / "key"))
    opening.check_is_real(office)
    with pytest.raises(OnlyADemo):
        opening.check_is_real(demo)


# --- as a person types it ---------------------------------------------------------------------------------------------


def say(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_the_command_says_who_reads_all_and_how_to_serve(
    office: Workspace, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    say(monkeypatch, WORDS)
    call_command("keys", "file", str(disk / "key"), stdout=out)
    assert "Whoever has this file and the workspace's folder, or a copy of both, reads everything." in out.getvalue()
    assert f"./run serve --key-file {disk / 'key'}" in out.getvalue()
    say(monkeypatch, OTHER_WORDS, OTHER_WORDS)
    monkeypatch.setenv("AMANAT_KEYFILE", str(disk / "key"))
    call_command("keys", "words", stdout=out)
    assert "What opened it before does not any more." in out.getvalue()
    again = now(office)
    assert again.unwrap(again.provider(words=OTHER_WORDS)).keys == keyring().keys


def test_the_command_says_what_is_wrong_with_a_place(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    say(monkeypatch, WORDS)
    with pytest.raises(CommandError, match="best on another disk"):
        call_command("keys", "file", str(office.path / "key"))
