"""The header and what it wraps: the kind is bound in, the wrong words open nothing, nothing prints a key."""

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from amanat.vault import keyrings, keys, recovery
from amanat.vault.header import Header, NotAWorkspace
from amanat.vault.keys import KeyFile, Keyring, Locked, Passphrase, Workspace, WrongKey

WORDS = "tokan mirub selod karif nodal vezum"
CHEAP = {"name": "passphrase", "salt": "00" * 16, "passes": 1, "kib": 64, "lanes": 1}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "w", kind="real", provider=Passphrase(WORDS, dict(CHEAP)))


def test_the_words_open_it_whatever_the_spacing_and_case(workspace: Workspace) -> None:
    opened = workspace.unwrap(Passphrase(f"  {WORDS.upper()} ".replace(" ", "  "), dict(CHEAP)))
    assert set(opened.keys) == set(keyrings.NAMES)
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


# --- words as people type them ----------------------------------------------------------------------------------------


def test_marks_do_not_matter_so_that_another_keyboard_opens_it_too() -> None:
    salted = CHEAP | {"folds": True}
    typed = ["žaýym ýüzük ördek çörek ňaman şa", "ZAYYM yuzuk ordek corek naman sa"]
    assert len({Passphrase(words, dict(salted)).kek() for words in typed}) == 1
    assert Passphrase("ёлка мойка", dict(salted)).kek() == Passphrase("елка моика", dict(salted)).kek()


def test_in_an_older_header_they_still_do() -> None:
    """It was wrapped by the words with their marks."""
    assert Passphrase("ýüzük", dict(CHEAP)).kek() != Passphrase("yuzuk", dict(CHEAP)).kek()
    assert Passphrase(WORDS).parameters["folds"]


def test_an_older_header_still_opens(workspace: Workspace) -> None:
    path = Header.path(workspace.path)
    held = json.loads(path.read_text())
    for later in ("recovery", "recoverable", "proxied", "language", "duty_number"):
        del held[later]
    del held["wrapped"]["ca.1"]
    path.write_text(json.dumps(held))
    opened = Workspace.at(workspace.path).unwrap(Passphrase(WORDS, dict(CHEAP)))
    assert set(opened.keys) == set(keyrings.NAMES) - {"ca.1"}


# --- other words, and shares ------------------------------------------------------------------------------------------


@pytest.fixture
def trusted(workspace: Workspace) -> tuple[Workspace, recovery.New]:
    """A workspace with shares, read anew from its header."""
    new = recovery.create(["Aylar", "Berdi", "Chary"])
    workspace.trust(new, workspace.unwrap(Passphrase(WORDS, dict(CHEAP))), "2026-11-24T09:00:00+00:00")
    return Workspace.at(workspace.path), new


def recovered(workspace: Workspace, new: recovery.New) -> Keyring:
    identity = recovery.open_with(new.boxes, new.shares[0].words, new.shares[2].words)
    return Keyring(recovery.open_keys(identity, workspace.header.recoverable))


def test_two_shares_give_all_keys(trusted: tuple[Workspace, recovery.New]) -> None:
    assert recovered(*trusted).keys == trusted[0].unwrap(Passphrase(WORDS, dict(CHEAP))).keys


def test_new_words_take_the_place_of_the_old_ones(trusted: tuple[Workspace, recovery.New]) -> None:
    workspace, new = trusted
    held = recovered(workspace, new)
    workspace.wrap(Passphrase("entirely other words than those before", dict(CHEAP)), held)
    again = Workspace.at(workspace.path)
    assert again.unwrap(Passphrase("entirely other words than those before", dict(CHEAP))).keys == held.keys
    with pytest.raises(WrongKey):
        again.unwrap(Passphrase(WORDS, dict(CHEAP)))


def test_what_two_shares_open_follows_each_change_of_the_keys(trusted: tuple[Workspace, recovery.New]) -> None:
    workspace, new = trusted
    more = Keyring(recovered(workspace, new).keys | {"master.2": b"2" * 32})
    workspace.wrap(Passphrase(WORDS, dict(CHEAP)), more)
    assert recovered(Workspace.at(workspace.path), new).keys == more.keys


def test_former_shares_open_nothing_of_the_header_once_others_were_given(
    trusted: tuple[Workspace, recovery.New],
) -> None:
    workspace, former = trusted
    held = recovered(workspace, former)
    workspace.trust(recovery.create(["Aylar", "Berdi", "Dowlet"]), held, "2026-11-25T09:00:00+00:00")
    again = Workspace.at(workspace.path)
    assert again.header.recovery is not None
    assert again.header.recovery["holders"] == ["Aylar", "Berdi", "Dowlet"]
    with pytest.raises(recovery.WrongShares):
        recovery.open_with(again.header.recovery["boxes"], former.shares[0].words, former.shares[1].words)
    with pytest.raises(recovery.WrongShares):
        recovered(again, former)


def test_a_recovery_key_that_somebody_else_put_there_is_noticed(trusted: tuple[Workspace, recovery.New]) -> None:
    """Backups would be sealed to it."""
    path = Header.path(trusted[0].path)
    held = json.loads(path.read_text())
    held["recovery"]["public"] = recovery.create(["Mallory", "Mallet", "Moll"]).public
    path.write_text(json.dumps(held))
    with pytest.raises(WrongKey, match="not this workspace's own"):
        Workspace.at(trusted[0].path).unwrap(Passphrase(WORDS, dict(CHEAP)))


def test_an_intake_key_that_somebody_else_put_there_is_noticed(workspace: Workspace) -> None:
    """What comes in while the workspace is locked would be sealed to it."""
    path = Header.path(workspace.path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"intake_public": "11" * 32}))
    with pytest.raises(WrongKey, match="not this workspace's own"):
        Workspace.at(workspace.path).unwrap(Passphrase(WORDS, dict(CHEAP)))


def test_a_crash_leaves_the_old_header_or_the_new_one(
    trusted: tuple[Workspace, recovery.New], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, new = trusted

    def crash(*_args: object) -> None:
        raise OSError

    held = recovered(workspace, new)
    for step in ("fsync", "open"):
        with monkeypatch.context() as patch:
            patch.setattr(os, step, crash)
            with pytest.raises(OSError):  # noqa: PT011  (any failing of the disk)
                workspace.wrap(Passphrase("entirely other words than those before", dict(CHEAP)), held)
        assert Workspace.at(workspace.path).unwrap(Passphrase(WORDS, dict(CHEAP))).keys == held.keys


def test_many_who_change_the_header_at_once_lose_nothing_of_each_other(workspace: Workspace) -> None:
    """And whoever reads it meanwhile finds it whole."""
    provider, parts = (
        Passphrase(WORDS, dict(CHEAP)),
        [{"duty_number": "+373 600 00 204"}, {"tls": True}, {"language": "tk"}],
    )

    def change(part: dict[str, object]) -> None:
        for _time in range(20):
            Header.change(workspace.path, lambda header: vars(header).update(part))
            Header.read(workspace.path)

    with ThreadPoolExecutor(4) as many:
        turns = [many.submit(change, part) for part in parts]
        turns.append(many.submit(workspace.renew, "master", provider, lambda _generation: False))
        for turn in turns:
            turn.result()
    header = Header.read(workspace.path)
    assert [{name: getattr(header, name) for name in part} for part in parts] == parts
    assert "master.2" in header.wrapped
    assert {path.name for path in workspace.path.iterdir()} == {"header.json", "run"}


def test_shares_and_words_that_are_changed_at_once_both_hold(trusted: tuple[Workspace, recovery.New]) -> None:
    """One of them was typed for minutes, on a header that was read before."""
    workspace, former = trusted
    held, stale = recovered(workspace, former), Workspace.at(workspace.path)
    new = recovery.create(["Aylar", "Berdi", "Dowlet"])
    workspace.trust(new, held, "2026-11-25T09:00:00+00:00")
    stale.wrap(Passphrase("entirely other words than those before", dict(CHEAP)), held)
    again = Workspace.at(workspace.path)
    assert again.unwrap(Passphrase("entirely other words than those before", dict(CHEAP))).keys == held.keys
    assert recovered(again, new).keys == held.keys


def test_a_folder_gets_one_header(workspace: Workspace) -> None:
    before = Header.path(workspace.path).read_bytes()
    with pytest.raises(FileExistsError):
        workspace.write_first(Passphrase(WORDS, dict(CHEAP)), Keyring.fresh())
    assert Header.path(workspace.path).read_bytes() == before


def test_a_process_that_holds_the_keys_can_not_be_dumped_or_traced(tmp_path: Path) -> None:
    """By others of the same user; `prctl(3)` asks for what Linux calls dumpable. (Core files: see the tests of the tree.)"""
    Workspace.create(tmp_path, kind="demo", provider=KeyFile.create(tmp_path / "key"))
    script = (
        "import ctypes, sys; from pathlib import Path; from amanat.vault.keys import Workspace\n"
        "dumpable = ctypes.CDLL(None).prctl; before = dumpable(3)\n"
        "workspace = Workspace.at(Path(sys.argv[1])); workspace.unlock(workspace.provider())\n"
        "print(before, dumpable(3))\n"
    )
    environment = {**os.environ, "PYTHONPATH": "src", "AMANAT_WORKSPACE": str(tmp_path)}
    command = [sys.executable, "-c", script, str(tmp_path)]
    assert subprocess.check_output(command, env=environment, text=True).split() == ["1", "0"]


def test_every_command_is_hardened_before_it_asks_for_anything(tmp_path: Path) -> None:
    """Words are typed and keys made long before any are held."""
    script = (
        "import ctypes, sys, amanat.__main__ as ours\n"
        "dumpable = ctypes.CDLL(None).prctl; before = dumpable(3)\n"
        "ours.setting_up.make_workspace = lambda *_told: sys.exit(f'{before} {dumpable(3)}')\n"
        "sys.argv = ['amanat', 'init']; ours.main()\n"
    )
    environment = {**os.environ, "PYTHONPATH": "src", "AMANAT_WORKSPACE": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr.split() == ["1", "0"]
