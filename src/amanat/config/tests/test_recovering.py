"""What is done with shares stands in the log, also when nobody could write to it just then; a header of others opens nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import Error
from django.utils import timezone

from amanat.audit import recording
from amanat.audit.models import Entry
from amanat.config import recovering
from amanat.config.recovering import NotRecoverable
from amanat.office.tests.ways import entries_of
from amanat.vault import keys, recovery
from amanat.vault.header import Header
from amanat.vault.keys import KeyFile, Keyring, Passphrase, Workspace, WrongKey
from amanat.vault.recovery import New, WrongShares

HOLDERS = ["Aylar Test", "Berdi Test", "Chary Test"]
OTHER_WORDS = "entirely other words than those before"
NOW = timezone.now()
Trusted = tuple[Workspace, New]
pytestmark = pytest.mark.django_db


@pytest.fixture
def trusted(tmp_path: Path) -> Trusted:
    """A workspace with the keys of this process, so that it can write to its log; its shares were tested a year ago."""
    key = KeyFile.create(tmp_path / "key")
    workspace = Workspace.create(tmp_path / "w", kind="real", provider=key)
    workspace.wrap(key, keys.keyring())
    new = recovery.create(HOLDERS)
    workspace.trust(new, keys.keyring(), (NOW - timedelta(days=365)).isoformat())
    return workspace, new


def identity_of(new: New) -> str:
    return recovery.open_with(new.boxes, new.shares[0].words, new.shares[2].words)


def recovery_of(workspace: Workspace) -> dict[str, object]:
    return Header.read(workspace.path).recovery or {}


def test_a_test_of_the_shares_stands_in_the_header_and_in_the_log(trusted: Trusted) -> None:
    workspace, new = trusted
    recovering.tested(workspace, identity_of(new), [1, 3], keys.keyring(), NOW)
    assert recovery_of(workspace)["tested_at"] == NOW.isoformat()
    [(entry, details)] = entries_of("recovery.test")
    assert (entry.at, details) == (NOW, {"shares": [1, 3]})


def test_shares_that_open_other_keys_than_todays_fail_the_test(trusted: Trusted) -> None:
    workspace, new = trusted
    later = Keyring(keys.keyring().keys | {"master.2": b"2" * 32})
    with pytest.raises(NotRecoverable, match="older keys") as caught:
        recovering.tested(workspace, identity_of(new), [1, 3], later, NOW)
    assert "recovery renew" in str(caught.value.hint)
    assert recovery_of(workspace)["tested_at"] != NOW.isoformat()
    assert not entries_of("recovery.test")


def test_a_header_changed_during_the_conversation_keeps_that_change(trusted: Trusted) -> None:
    workspace, new = trusted
    Workspace.at(workspace.path).change(lambda header: vars(header).update(duty_number="+373 600 00 204"))
    recovering.tested(workspace, identity_of(new), [1, 3], keys.keyring(), NOW)
    assert Header.read(workspace.path).duty_number == "+373 600 00 204"


def test_new_shares_stand_in_the_log_with_their_holders(trusted: Trusted) -> None:
    workspace, former = trusted
    new = recovery.create(["Aylar Test", "Berdi Test", "Dowlet Test"])
    recovering.renewed(workspace, new, keys.keyring(), NOW)
    assert recovery_of(workspace)["holders"] == ["Aylar Test", "Berdi Test", "Dowlet Test"]
    assert entries_of("recovery.renew")[0][1] == {"holders": ["Aylar Test", "Berdi Test", "Dowlet Test"]}
    boxes = recovering.boxes_of(Workspace.at(workspace.path))
    with pytest.raises(WrongShares):
        recovery.open_with(boxes, former.shares[0].words, former.shares[1].words)


def test_new_shares_take_nothing_from_what_the_log_is_still_to_tell(trusted: Trusted) -> None:
    again = reopen(trusted)
    recovering.renewed(again, recovery.create(HOLDERS), keys.keyring(), NOW)
    assert recovering.tell_the_log(again) == 1
    assert [details for _entry, details in entries_of("recovery.open")] == [{"shares": [1, 3]}]
    assert recovery_of(again)["holders"] == HOLDERS


def test_where_no_shares_were_made_a_sentence_says_how(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w", kind="real", provider=KeyFile.create(tmp_path / "key"))
    with pytest.raises(NotRecoverable, match="No shares") as caught:
        recovering.boxes_of(workspace)
    assert "recovery renew" in str(caught.value.hint)


# --- new words --------------------------------------------------------------------------------------------------------


def reopen(trusted: Trusted) -> Workspace:
    workspace, new = trusted
    held = recovering.keys_behind(workspace, identity_of(new))
    recovering.reopened(workspace, OTHER_WORDS, [1, 3], held, NOW)
    return Workspace.at(workspace.path)


def test_two_shares_set_new_words(trusted: Trusted, tmp_path: Path) -> None:
    again = reopen(trusted)
    assert again.unwrap(Passphrase(OTHER_WORDS, again.header.provider)).keys == keys.keyring().keys
    with pytest.raises(WrongKey):
        again.unwrap(KeyFile(tmp_path / "key"))


def test_the_log_tells_of_it_once(trusted: Trusted) -> None:
    again = reopen(trusted)
    assert recovery_of(again)["opened"] == [{"at": NOW.isoformat(), "shares": [1, 3]}]
    assert recovering.tell_the_log(again) == 1
    [(entry, details)] = entries_of("recovery.open")
    assert (entry.at, details) == (NOW, {"shares": [1, 3]})
    assert recovering.tell_the_log(again) == 0
    assert len(entries_of("recovery.open")) == 1


def test_what_could_not_be_written_then_is_written_later(trusted: Trusted, monkeypatch: pytest.MonkeyPatch) -> None:
    again = reopen(trusted)

    def out_of_reach(**_mark: object) -> Entry:
        raise Error("the database is out of reach")

    with monkeypatch.context() as patch:
        patch.setattr(recording, "record", out_of_reach)
        with pytest.raises(Error):
            recovering.tell_the_log(again)
    assert not entries_of("recovery.open")
    assert recovering.tell_the_log(again) == 1


def test_the_shares_still_open_it_afterwards(trusted: Trusted) -> None:
    again = reopen(trusted)
    assert recovering.keys_behind(again, identity_of(trusted[1])).keys == keys.keyring().keys


def test_keys_that_others_sealed_to_the_recovery_key_are_not_taken(trusted: Trusted) -> None:
    """Anybody may seal to a public key. What is in the box has to fit what stands beside it."""
    workspace, new = trusted
    path = Header.path(workspace.path)
    theirs = recovery.seal_keys(new.public, Keyring.fresh().keys)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"recoverable": theirs}))
    with pytest.raises(WrongKey, match="was changed"):
        recovering.keys_behind(Workspace.at(workspace.path), identity_of(new))
