"""The words are lost: two people come with their papers, and the workspace opens with new words. Each command as a person types it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from amanat.vault import recovery
from amanat.vault.header import Header
from amanat.vault.keys import Passphrase, Workspace
from tests.conversation import Conversation
from tests.served import typed

WORDS = "tokan mirub selod karif nodal vezum"
OTHER = "quiet harbour seven lamps by the river"
HOLDERS = ["Aylar Test", "Berdi Test", "Chary Test"]
LONG_AGO = "2025-01-01T09:00:00+00:00"
ENTRIES = (
    "import json; from amanat.audit.models import Entry; from amanat.vault.sealing import open_sealed\n"
    "print(json.dumps([[e.verb, open_sealed(e, 'details')] for e in Entry.objects.select_related('subject').order_by('at')]))"
)
# It makes a database file of its own; what is written is held by test_recovering.
pytestmark = pytest.mark.sqlcipher_only


@dataclass(frozen=True)
class Office:
    """A real workspace, and the papers of three people."""

    folder: Path
    shares: list[str]

    @property
    def header(self) -> Header:
        return Header.read(self.folder)

    def amanat(self, *command: str, words: str = WORDS) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "AMANAT_WORKSPACE": str(self.folder), "PYTHONPATH": "src"}
        return typed(environment, *command, said=f"{words}\n")

    def log(self, words: str = WORDS) -> list[list[object]]:
        told: list[list[object]] = json.loads(self.amanat("shell", "-c", ENTRIES, words=words).stdout.splitlines()[-1])
        return told


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("office") / "w"
    provider = Passphrase(WORDS)
    workspace = Workspace.create(folder, kind="real", provider=provider, host="amanat.example")
    new = recovery.create(HOLDERS)
    workspace.trust(new, workspace.unwrap(provider), LONG_AGO)
    office = Office(folder, [share.words for share in new.shares])
    assert office.amanat("migrate").returncode == 0
    return office


@pytest.fixture
def office(made: Office, tmp_path: Path) -> Office:
    shutil.copytree(made.folder, tmp_path / "w")
    return Office(tmp_path / "w", made.shares)


def test_two_shares_set_new_words_and_the_old_ones_open_nothing(office: Office) -> None:
    with Conversation(office.folder, "recovery", "open") as told:
        told.answer(office.shares[2])
        assert "do not open" in told.answer(recovery.create(HOLDERS).shares[0].words)
        told.answer(office.shares[2].upper(), office.shares[0])
        assert "new words open this workspace" in told.answer(OTHER, OTHER)
        assert told.code == 0
    assert office.amanat("audit", "head").returncode == 1
    assert office.amanat("audit", "head", words=OTHER).returncode == 0
    assert office.log(OTHER) == [["recovery.open", {"shares": [1, 3]}]]
    assert office.header.recovery
    assert "opened" not in office.header.recovery


def test_weak_new_words_are_refused_and_the_old_ones_still_open(office: Office) -> None:
    with Conversation(office.folder, "recovery", "open") as told:
        told.answer(*office.shares[:2])
        assert "can be guessed" in told.answer("password")
        told.hang_up()
    assert office.amanat("audit", "head").returncode == 0


def test_where_the_database_is_gone_the_new_words_count_and_the_log_tells_later(office: Office) -> None:
    database = office.folder / "amanat.db"
    whole = database.read_bytes()
    database.write_bytes(b"no database at all" * 300)
    with Conversation(office.folder, "recovery", "open") as told:
        told.answer(*office.shares[:2])
        assert "tell of this when the workspace is served next" in told.answer(OTHER, OTHER)
        assert told.code == 0, told.all
    for beside in office.folder.glob("amanat.db-*"):
        beside.unlink()
    database.write_bytes(whole)
    assert office.header.recovery
    assert [note["shares"] for note in office.header.recovery["opened"]] == [[1, 2]]


def test_the_yearly_test_is_recorded(office: Office) -> None:
    with Conversation(office.folder, "recovery", "test", words=WORDS) as told:
        assert "due in a year" in told.answer(office.shares[1], office.shares[0])
        assert told.code == 0
    assert office.header.recovery
    assert office.header.recovery["tested_at"] > LONG_AGO
    assert office.log() == [["recovery.test", {"shares": [1, 2]}]]


def test_somebody_left_and_three_other_papers_are_given_out(office: Office) -> None:
    with Conversation(office.folder, "recovery", "renew", words=WORDS) as told:
        told.write_down(["Aylar Test", "Berdi Test", "Dowlet Test"])
        assert office.header.recovery
        assert office.header.recovery["holders"] == HOLDERS  # until two were typed back
        assert "burn the former papers" in told.answer(told.shares[0], told.shares[1])
        assert told.code == 0
    assert office.log() == [["recovery.renew", {"holders": ["Aylar Test", "Berdi Test", "Dowlet Test"]}]]
    with Conversation(office.folder, "recovery", "open") as former:
        assert "do not open this workspace" in former.answer(*office.shares[:2])
    with Conversation(office.folder, "recovery", "open") as told_again:
        assert "These words open" in told_again.answer(*told.shares[1:])


@pytest.mark.thorough
def test_where_there_are_no_shares_a_sentence_says_so(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "w", kind="real", provider=Passphrase(WORDS))
    with Conversation(tmp_path / "w", "recovery", "open") as told:
        assert "No shares were made" in told.heard
        assert told.code == 1
        assert "Traceback" not in told.all


# --- the certificate and the sheet ------------------------------------------------------------------------------------


def test_a_workspace_of_before_gets_an_authority_by_typing_its_words_again(office: Office) -> None:
    held = json.loads(Header.path(office.folder).read_text())
    del held["wrapped"]["ca.1"]
    Header.path(office.folder).write_text(json.dumps(held))
    with Conversation(office.folder, "tls", "renew", words=WORDS) as told:
        assert "by this workspace's own authority" in told.answer(WORDS)
        assert told.code == 0, told.all
    again = Workspace.at(office.folder)
    assert "ca.1" in again.unwrap(Passphrase(WORDS, again.header.provider)).keys
    assert office.log() == [["tls.change", {"certificate": "own"}]]


@pytest.mark.thorough
def test_a_certificate_that_is_wrong_gets_a_sentence(office: Office) -> None:
    done = office.amanat("tls", "use", "nowhere.pem", "nowhere.key")
    assert done.returncode == 1
    assert "can't be read as a certificate" in done.stderr
    assert office.log() == []


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Before a device comes for the first time"),
        ("tk", ""),
        *(pytest.param(one, "", marks=pytest.mark.thorough) for one in ("ru", "ro")),
    ],
)
def test_the_sheet_says_all_that_a_new_device_needs(office: Office, language: str, title: str) -> None:
    told = office.amanat("tls", "renew").stdout
    fingerprint = re.search(r"(?:[0-9A-F]{4} ){15}[0-9A-F]{4}", told)
    assert fingerprint
    done = office.amanat("sheet", "--language", language, "--port", "8443", words="")
    assert done.returncode == 0, done.stderr
    page = (office.folder / f"sheet-{language}.html").read_text()
    assert f'<html lang="{language}">' in page
    assert "https://amanat.example:8443" in page
    assert fingerprint[0] in page
    for needed in ("Windows", "Android", "certutil -hashfile ca.crt SHA256", "./run amanat unlock", title):
        assert needed in page
    for holder in HOLDERS:  # whoever reads the wall need not know whom to press
        assert holder not in page


@pytest.mark.thorough
def test_behind_a_proxy_the_sheet_has_the_usual_port_and_nothing_to_trust(office: Office) -> None:
    assert office.amanat("tls", "proxy").returncode == 0
    assert office.amanat("sheet", words="").returncode == 0
    page = (office.folder / "sheet-en.html").read_text()
    assert "<h1>https://amanat.example</h1>" in page
    assert "certutil" not in page
