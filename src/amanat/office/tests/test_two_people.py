"""What two people are asked for before a backup is restored: shares for each file, and a yes where nobody can know who was erased since."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import CommandError

from amanat.cases.models import Case
from amanat.config import two_people
from amanat.office.backups import envelope, fetching, pairs, taking
from amanat.office.backups.pairs import Chosen, Identities, OldList
from amanat.office.tests.backing import files, identity, made, rehearsed
from amanat.vault import recovery
from amanat.vault.erasures import ErasureList
from amanat.vault.keys import Workspace, keyring
from amanat.vault.models import Subject
from tests.cast import Cast

pytestmark = pytest.mark.sqlcipher_only  # whatever the database

DAY = timedelta(days=1)
AS_OLD = "This list is as old as the backup: nobody can tell whether a child was erased since."
ASKED = "do you accept it? Type your name"


# --- shares that were given out anew ----------------------------------------------------------------------------------


@pytest.fixture
def renewed(cast: Cast, case: Case, disk: Path, shares: list[str]) -> list[str]:
    """The new shares: a backup is from before they were given out, and one from after. Of the one before only the data are left."""
    made(cast.now)
    new = recovery.create(["Ogul", "Serdar", "Aman"])
    Workspace.at(Path(settings.WORKSPACE)).trust(new, keyring(), "2026-11-24T12:00:00+00:00")
    made(cast.now + DAY)
    (disk / files(disk, "keys")[0]).unlink()
    return [share.words for share in new.shares]


def test_data_from_before_open_by_the_former_shares_and_their_keys_by_the_new_ones(
    disk: Path, shares: list[str], renewed: list[str]
) -> None:
    told = rehearsed([*renewed[:2], *shares[:2]], "--from", str(disk), "--backup", "amanat-20261124T090000Z")
    assert "type two of the shares that were in use on 2026-11-25 09:00 UTC" in told
    assert "Type two of the former shares, those that were in use on 2026-11-24 09:00 UTC" in told
    assert "Backup of 2026-11-24 09:00 UTC" in told
    assert "Everything could be read" in told


def test_two_are_enough_where_both_files_are_of_one_time(disk: Path, renewed: list[str]) -> None:
    told = rehearsed(renewed[:2], "--from", str(disk))
    assert "Everything could be read" in told
    assert "former shares" not in told


def test_shares_of_the_other_time_are_asked_for_again(disk: Path, shares: list[str], renewed: list[str]) -> None:
    said = [*shares[:2], *renewed[:2], *renewed[1:], *shares[1:]]
    told = rehearsed(said, "--from", str(disk), "--backup", "amanat-20261124T090000Z")
    assert told.count("These two shares do not open this workspace.") == 2
    assert "Everything could be read" in told


# --- a list that may not be the newest --------------------------------------------------------------------------------


def chosen_list(
    disk: Path, shares: list[str], said: list[str], monkeypatch: pytest.MonkeyPatch, **options: bool
) -> tuple[ErasureList | None, dict[str, object]]:
    """What the conversation about the list comes to, with the newest pair of a disk opened by shares 1 and 3."""
    found: Chosen = fetching.in_folder(disk)
    key = identity(disk, shares)
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in said)))
    unlocked = pairs.unlock(found, Identities(key, key))
    return two_people.choose_list(found, unlocked, [1, 3], None, **{"accept_old": False} | options)


def test_the_list_that_came_with_the_backup_has_to_be_accepted_by_both(
    cast: Cast,
    case: Case,
    disk: Path,
    shares: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made(cast.now)
    for said in ([], ["Ogul"], ["Ogul", "Serdar"], [""], ["Ogul", ""]):
        with pytest.raises((CommandError, SystemExit), match=r"Nothing was restored|nothing was finished"):
            chosen_list(disk, shares, said, monkeypatch)
    found, told = chosen_list(disk, shares, ["Ogu", "ogul", "Maria"], monkeypatch)
    assert told == {"erasures": 0, "list": "as old as the backup", "accepted_by": ["Ogul", "Maria"]}
    assert found
    said_to_them = capsys.readouterr().out
    assert AS_OLD in said_to_them
    assert "Type it as it stands on the paper: Ogul." in said_to_them


def test_one_that_was_made_after_it_is_accepted_by_nobody(
    cast: Cast,
    case: Case,
    disk: Path,
    shares: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made(cast.now)
    Subject.objects.filter(pk=case.subject_id).update(wrapped_key=b"", erased_at=cast.now)
    taking.publish_erasures(cast.now + timedelta(minutes=1))
    found, told = chosen_list(disk, shares, [], monkeypatch)
    assert found
    assert case.subject_id in found.erased
    assert told == {"erasures": 1}
    assert ASKED not in capsys.readouterr().out


def test_where_a_newer_one_is_known_of_it_is_refused_unless_it_was_said_before(
    cast: Cast, case: Case, disk: Path, shares: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(cast.now)
    old = (disk / "amanat-erasures.json").read_bytes()
    made(cast.now + DAY)
    for what in (old, None):
        (disk / "amanat-erasures.json").unlink()
        if what:
            (disk / "amanat-erasures.json").write_bytes(what)
        with pytest.raises(OldList):
            chosen_list(disk, shares, ["Ogul", "Maria"], monkeypatch)
        _found, told = chosen_list(disk, shares, ["Ogul", "Maria"], monkeypatch, accept_old=True)
        assert told == {"list": "old" if what else "none", "accepted_by": ["Ogul", "Maria"]}
        (disk / "amanat-erasures.json").touch()


def test_a_dry_run_only_says_it(cast: Cast, case: Case, disk: Path, shares: list[str]) -> None:
    made(cast.now)
    told = rehearsed(shares[:2], "--from", str(disk))
    assert AS_OLD in told
    assert ASKED not in told
    assert "Everything could be read" in told
    taking.publish_erasures(cast.now + timedelta(minutes=1))
    assert AS_OLD not in rehearsed(shares[:2], "--from", str(disk))


def test_it_speaks_the_language_of_the_shares_unless_another_is_asked_for(
    cast: Cast, case: Case, disk: Path, shares: list[str]
) -> None:
    new = recovery.create(["Ogul", "Serdar", "Maria"], "ru")
    Workspace.at(Path(settings.WORKSPACE)).trust(new, keyring(), "2026-11-24T12:00:00+00:00")
    made(cast.now)
    said = [share.words for share in new.shares][:2]
    assert "Ничего не записано" in rehearsed(said, "--from", str(disk))
    assert "Nothing was written" in rehearsed(said, "--from", str(disk), "--language", "en")


def test_a_clear_line_that_changed_by_chance_is_noticed_before_anybody_is_asked(
    cast: Cast, case: Case, disk: Path, shares: list[str]
) -> None:
    """A digit in a box of the keys' line: the shares would be right and open nothing."""
    made(cast.now)
    path = disk / files(disk, "keys")[0]
    content, box = path.read_bytes(), envelope.read_clear(path)["boxes"]["pairs"]["1-2"]
    path.write_bytes(content.replace(box.encode(), (box[:-1] + ("0" if box[-1] != "0" else "1")).encode(), 1))
    with pytest.raises(CommandError, match=f"{path.name} is damaged"):
        rehearsed([], "--from", str(disk))
