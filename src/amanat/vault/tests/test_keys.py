"""The header and what it wraps: the kind is bound in, the wrong words open nothing, nothing prints a key."""

import json
import stat
from pathlib import Path

import pytest
from django.conf import settings

from amanat.vault import keys
from amanat.vault.header import Header, NotAWorkspace
from amanat.vault.keys import KeyFile, Keyring, Locked, Passphrase, Workspace, WrongKey

WORDS = "tokan mirub selod karif nodal vezum"
CHEAP = {"name": "passphrase", "salt": "00" * 16, "passes": 1, "kib": 64, "lanes": 1}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "w", kind="real", provider=Passphrase(WORDS, dict(CHEAP)))


def test_the_words_open_it_whatever_the_spacing_and_case(workspace: Workspace) -> None:
    opened = workspace.unwrap(Passphrase(f"  {WORDS.upper()} ".replace(" ", "  "), dict(CHEAP)))
    assert set(opened.keys) == set(keys.NAMES)
    assert all(len(key) == 32 for key in opened.keys.values())


def test_other_words_open_nothing(workspace: Workspace) -> None:
    with pytest.raises(WrongKey):
        workspace.unwrap(Passphrase("other words", dict(CHEAP)))


@pytest.mark.parametrize(("name", "value"), [("kind", "demo"), ("host", "elsewhere.example"), ("id", "another")])
def test_what_is_bound_into_the_header_can_not_be_edited(workspace: Workspace, name: str, value: str) -> None:
    path = Header.path(workspace.path)
    held = json.loads(path.read_text()) | {name: value}
    path.write_text(json.dumps(held))
    with pytest.raises(WrongKey):
        Workspace.at(workspace.path).unwrap(Passphrase(WORDS, dict(CHEAP)))


def test_a_key_wrapped_under_one_name_does_not_serve_under_another(workspace: Workspace) -> None:
    path = Header.path(workspace.path)
    held = json.loads(path.read_text())
    held["wrapped"]["audit.1"] = held["wrapped"]["master.1"]
    path.write_text(json.dumps(held))
    with pytest.raises(WrongKey):
        Workspace.at(workspace.path).unwrap(Passphrase(WORDS, dict(CHEAP)))


def test_a_workspace_is_never_made_over_another(workspace: Workspace) -> None:
    with pytest.raises(FileExistsError):
        Workspace.create(workspace.path, kind="demo", provider=Passphrase(WORDS, dict(CHEAP)))


def test_a_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    keyfile = KeyFile.create(tmp_path / "key")
    assert stat.S_IMODE(keyfile.path.stat().st_mode) == 0o600
    made = Workspace.create(tmp_path / "w", kind="demo", provider=keyfile)
    assert made.unwrap(made.provider(keyfile=keyfile.path)).keys
    assert stat.S_IMODE(Header.path(made.path).stat().st_mode) == 0o600


def test_a_damaged_key_file_gives_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("not hexadecimal")
    with pytest.raises(WrongKey, match="can't be read"):
        KeyFile(path).kek()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"kind": "real"}'])
def test_a_damaged_header_gives_a_sentence(tmp_path: Path, text: str) -> None:
    Header.path(tmp_path).write_text(text)
    with pytest.raises(NotAWorkspace, match="damaged"):
        Header.read(tmp_path)


def test_a_header_of_a_newer_version_is_refused(workspace: Workspace) -> None:
    path = Header.path(workspace.path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    with pytest.raises(NotAWorkspace, match="format 99"):
        Header.read(workspace.path)


def test_no_clear_key_stands_in_the_header(workspace: Workspace) -> None:
    text = Header.path(workspace.path).read_text()
    opened = workspace.unwrap(Passphrase(WORDS, dict(CHEAP)))
    assert not [name for name, key in opened.keys.items() if key.hex() in text]


def test_a_keyring_never_prints_itself() -> None:
    assert "secret" not in repr(Keyring({"master.1": b"secret" * 6}))


def test_a_locked_process_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_held", None)
    with pytest.raises(Locked):
        keys.database_key()


def test_the_key_that_signs_is_the_workspaces_own_and_not_in_the_settings() -> None:
    assert keys.keyring()["web"].hex() == settings.SECRET_KEY
    assert keys.keyring()["web"].hex() not in (Path(settings.ROOT) / "src/amanat/config/settings.py").read_text()
