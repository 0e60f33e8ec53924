"""The intake: what is sealed at the door opens here only, a kept packet is whole, and each is taken once or set aside."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from hypothesis import given
from hypothesis import strategies as st

from amanat.audit.models import Entry, Outcome
from amanat.people.models import Agency
from amanat.vault import durable, intake
from amanat.vault.arrivals import Opener
from amanat.vault.intake import NoRoom, Packet, Unreadable, id_of, open_packet, seal, spool, waiting
from amanat.vault.keys import Keyring, keyring
from amanat.vault.models import TakenPacket

ARRIVED = datetime(2026, 3, 2, 3, 4, 5, 678, tzinfo=UTC)
MAGIC = len(intake.MAGIC)


def public(held: Keyring) -> bytes:
    return bytes.fromhex(held.intake_public())


def letter(name: str = "A letter", key: str = "") -> Packet:
    body = name.encode()
    return Packet("letter", id_of("letter", key, body), ARRIVED, body)


# --- sealing ----------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=3000), st.text(max_size=20), st.datetimes(timezones=st.just(UTC)))
def test_what_was_sealed_opens_as_it_was(body: bytes, kind: str, at: datetime) -> None:
    packet = Packet(kind, id_of(kind, "", body), at, body)
    assert open_packet(keyring(), seal(public(keyring()), packet)) == packet


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_packet_with_one_byte_changed_does_not_open(place: int, change: int) -> None:
    sealed = bytearray(seal(public(keyring()), letter()))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(Unreadable):
        open_packet(keyring(), bytes(sealed))


@pytest.mark.parametrize("length", [0, 5, MAGIC, MAGIC + 31, MAGIC + 32, MAGIC + 40, -1])
def test_a_packet_that_was_cut_short_does_not_open(length: int) -> None:
    with pytest.raises(Unreadable):
        open_packet(keyring(), seal(public(keyring()), letter())[:length])


def test_another_workspace_can_not_open_it() -> None:
    with pytest.raises(Unreadable):
        open_packet(Keyring.fresh(), seal(public(keyring()), letter()))


def test_a_packet_from_before_a_new_intake_key_still_opens() -> None:
    before = seal(public(keyring()), letter())
    after = Keyring(keyring().keys | {"intake.2": Keyring.fresh()["intake.1"]})
    assert public(after) != public(keyring())
    assert open_packet(after, before) == letter_like(before)


def letter_like(sealed: bytes) -> Packet:
    return open_packet(keyring(), sealed)


def test_short_messages_have_one_length_and_show_nothing() -> None:
    short, longer = (seal(public(keyring()), letter(name)) for name in ("Call me", "Please call me after eight"))
    assert len(short) == len(longer)
    assert b"Call me" not in short
    assert b"letter" not in short


def test_the_same_packet_under_the_same_name_is_known_again_and_nothing_else_is() -> None:
    assert id_of("letter", "n1", b"x") == id_of("letter", "n1", b"x")
    assert len({id_of("letter", "n1", b"x"), id_of("letter", "n2", b"x"), id_of("call", "n1", b"x")}) == 3
    assert id_of("letter", "n1", b"x") != id_of("letter", "n1", b"y"), "what says something else is never dropped"
    assert id_of("letter", "", b"x") != id_of("letter", "", b"x"), "without a name two alike are two"


# --- the folder -------------------------------------------------------------------------------------------------------


def test_packets_wait_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    moments = [ARRIVED.replace(microsecond=number) for number in (5, 1, 999_999, 40)]
    kept = [spool(tmp_path, b"sealed", moment) for moment in moments]
    assert waiting(tmp_path) == [kept[1], kept[0], kept[3], kept[2]]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


def test_no_more_wait_than_the_disk_is_trusted_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "ROOM", 2)
    intake.set_aside(spool(tmp_path, b"1", ARRIVED))
    spool(tmp_path, b"2", ARRIVED)
    with pytest.raises(NoRoom):
        spool(tmp_path, b"3", ARRIVED)


def test_a_packet_is_on_the_disk_before_it_is_said_to_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes first, then the name, then the folder: whatever a power cut leaves, what was acknowledged is there."""
    done: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(handle: int) -> None:
        done.append("folder" if Path(f"/proc/self/fd/{handle}").is_dir() else "bytes")
        real_sync(handle)

    def replace(path: Path, target: Path) -> Path:
        done.append("name")
        return real_replace(path, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    spool(tmp_path, b"sealed", ARRIVED)
    assert done == ["bytes", "name", "folder"]


def test_what_a_full_disk_cuts_short_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    script = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path; from amanat.vault.intake import spool\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try: spool(Path(sys.argv[1]), bytes(5000), datetime.now(UTC))\n"
        "except OSError as error: print(type(error).__name__)"
    )
    environment = os.environ | {"PYTHONPATH": "src"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert done.stdout.strip() == "OSError", done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_a_power_cut_left_half_written_is_swept_and_nothing_else(tmp_path: Path) -> None:
    old, new = tmp_path / ".a.packet.1.new", tmp_path / ".b.packet.2.new"
    for draft in (old, new):
        draft.touch()
    os.utime(old, (1000, 1000))
    kept = spool(tmp_path, b"sealed", ARRIVED)
    os.utime(kept, (1000, 1000))
    durable.sweep(tmp_path, before=2000)
    assert not old.exists()
    assert new.exists()
    assert kept.exists()


# --- opening ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[Packet]:
    """A kind `letter` that makes an agency of each, and what its handler was given."""
    given: list[Packet] = []

    def take(packet: Packet) -> None:
        given.append(packet)
        Agency.objects.create(name=packet.body.decode(), kind="NGO")
        if b"nobody" in packet.body:
            raise ValueError("not a letter")

    monkeypatch.setattr(intake, "kinds", {"letter": intake.Kind(take, (10, 60))})
    return given


@pytest.fixture
def opener(tmp_path: Path) -> Opener:
    return Opener(place=tmp_path / "intake")


def keep(opener: Opener, packet: Packet) -> Path:
    return spool(opener.place, seal(public(keyring()), packet), packet.arrived_at)


pytest_db = pytest.mark.django_db


@pytest_db
def test_a_packet_is_opened_once_with_its_time_of_arrival_and_stands_in_the_log(
    opener: Opener, handled: list[Packet]
) -> None:
    file = keep(opener, letter())
    opener.turn()
    assert [packet.arrived_at for packet in handled] == [ARRIVED]
    assert not file.exists()
    entry = Entry.objects.get(verb="intake.take")
    assert (entry.outcome, TakenPacket.objects.count()) == (Outcome.DONE, 1)


@pytest_db
def test_one_that_is_sent_again_is_taken_once(opener: Opener, handled: list[Packet]) -> None:
    for _time in range(3):
        keep(opener, letter(key="a name"))
        opener.turn()
    assert len(handled) == 1
    assert Entry.objects.filter(verb="intake.take").count() == 1
    assert waiting(opener.place) == []


@pytest_db
def test_who_dies_between_taking_it_and_removing_it_does_not_take_it_twice(
    opener: Opener, handled: list[Packet], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = keep(opener, letter())
    with monkeypatch.context() as dying:
        dying.setattr(Path, "unlink", lambda *_args, **_kwargs: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            opener.turn()
    assert file.exists()
    opener.turn()
    assert len(handled) == 1
    assert not file.exists()


@pytest_db
def test_one_that_can_not_be_handled_is_set_aside_whole_and_the_others_go_on(
    opener: Opener, handled: list[Packet]
) -> None:
    bad = keep(opener, letter("nobody can handle this"))
    before = bad.read_bytes()
    keep(opener, letter("A good one"))
    opener.turn()
    assert [agency.name for agency in Agency.objects.filter(kind="NGO")] == ["A good one"], "what it did is undone"
    assert (opener.place / "aside" / bad.name).read_bytes() == before
    assert Entry.objects.filter(verb="intake.take", outcome=Outcome.REFUSED).count() == 1


@pytest_db
def test_several_are_taken_in_one_transaction_in_the_order_in_which_they_came(
    opener: Opener, handled: list[Packet], monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = [letter(f"Letter {number}") for number in range(3)]
    for number, packet in enumerate(letters):
        keep(opener, replace(packet, arrived_at=ARRIVED + timedelta(seconds=number)))
    monkeypatch.setattr(Opener, "take", None)  # alone
    opener.turn()
    assert [packet.id for packet in handled] == [packet.id for packet in letters]
    assert Entry.objects.filter(verb="intake.take").count() == 3
    assert waiting(opener.place) == []


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_several_wait_for_no_row_that_somebody_else_holds(
    opener: Opener, handled: list[Packet], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They hold rows themselves, in no order: a person who waited for them meanwhile would be the one who fails."""
    Agency.objects.create(name="Held", kind="IGO")
    needs_it = intake.Kind(lambda _packet: Agency.objects.filter(kind="IGO").update(name="Taken") and None, (10, 60))
    monkeypatch.setitem(intake.kinds, "letter", needs_it)
    files = [keep(opener, letter(name)) for name in ("One", "Two")]
    other = connection.copy()
    with closing(other), other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"SELECT 1 FROM {Agency._meta.db_table} FOR UPDATE")
        assert not opener._take_all(files)
        cursor.execute("ROLLBACK")
    opener.turn()
    assert (Agency.objects.get().name, waiting(opener.place)) == ("Taken", [])


@pytest_db
def test_one_that_does_not_open_or_whose_kind_nobody_knows_is_set_aside(opener: Opener, handled: list[Packet]) -> None:
    keep(opener, Packet("unknown", id_of("unknown", "", b""), ARRIVED, b""))
    spool(opener.place, b"no packet at all", ARRIVED)
    opener.turn()
    assert handled == []
    assert waiting(opener.place) == []
    assert len(waiting(opener.place / "aside")) == 2


@pytest_db
def test_one_that_the_database_is_not_ready_for_waits(
    opener: Opener, handled: list[Packet], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_packet: Packet) -> None:
        raise OperationalError("locked")

    with monkeypatch.context() as later:
        later.setitem(intake.kinds, "letter", intake.Kind(busy, (10, 60)))
        file = keep(opener, letter())
        with pytest.raises(OperationalError):
            opener.turn()
        assert file.exists()
    opener.turn()
    assert len(handled) == 1


@pytest_db
def test_no_word_of_a_packet_that_was_set_aside_stands_in_the_servers_log(
    opener: Opener, handled: list[Packet], caplog: pytest.LogCaptureFixture
) -> None:
    keep(opener, letter("nobody: my name is Aýgül"))
    opener.turn()
    assert "set aside" in caplog.text
    assert "Aýgül" not in caplog.text
