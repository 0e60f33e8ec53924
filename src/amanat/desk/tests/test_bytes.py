"""What an erasure leaves on the disk: of the wrapped data key not one byte in a row, in the database and in its log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext, suppress
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.core.management import CommandError, call_command
from django.db import connection

from amanat.audit import recording
from amanat.cases.models import Case, Child
from amanat.desk.actions import erasing as verbs
from amanat.desk.actions import rotating
from amanat.desk.tests.rotated import finish
from amanat.desk.tests.ways import asked, close, erased
from amanat.vault import erasing
from amanat.vault.files import path_of, write_sealed
from amanat.vault.keys import keyring
from amanat.vault.models import Leftover, Subject, SubjectKind
from amanat.vault.stored import read
from tests.cast import NOW, Cast
from tests.database import connect_as, owning_role

pytestmark = pytest.mark.django_db(transaction=True)
PAGE, RESERVED, IV, SALT = 4096, 80, 16, 16  # of SQLCipher 4
WAL_HEADER, FRAME_HEADER = 32, 24


@pytest.fixture(autouse=True)
def _no_office() -> Iterator[None]:
    recording.forget_office()
    yield
    recording.forget_office()


# --- reading what lies on the disk -----------------------------------------------------------------------------------


def opened_page(page: bytes, *, is_first: bool) -> bytes:
    """The clear bytes of a page of an SQLCipher file: AES-256-CBC under the raw key, with the page's own vector."""
    iv = page[PAGE - RESERVED : PAGE - RESERVED + IV]
    cipher = Cipher(algorithms.AES(keyring()["database"]), modes.CBC(iv)).decryptor()
    return cipher.update(page[SALT if is_first else 0 : PAGE - RESERVED]) + cipher.finalize()


def clear_file() -> bytes:
    """The embedded database with all its pages, free ones too, and every page in its log, opened."""
    path = Path(str(connection.settings_dict["NAME"]))
    raw, log = path.read_bytes(), path.with_name(f"{path.name}-wal").read_bytes()
    pages = [opened_page(raw[at : at + PAGE], is_first=not at) for at in range(0, len(raw), PAGE)]
    size = FRAME_HEADER + PAGE
    frames = [log[at : at + size] for at in range(WAL_HEADER, len(log), size)]
    whole = [frame for frame in frames if len(frame) == size]
    pages += [opened_page(frame[FRAME_HEADER:], is_first=frame[:4] == b"\0\0\0\1") for frame in whole]
    return b"".join(pages)


def server_files() -> bytes:
    """All that PostgreSQL has on its disk of tables and indexes, after it has written what it held in memory."""
    held = connection.settings_dict
    with psycopg.connect(dbname=held["NAME"], host=held["HOST"], user="postgres", autocommit=True) as superuser:
        superuser.execute("CHECKPOINT")
        [(number,)] = superuser.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchall()
    folder = Path(held["HOST"]) / "data" / "base" / str(number)
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file())


def on_disk() -> bytes:
    return clear_file() if connection.vendor == "sqlite" else server_files()


def key_of(case: Case) -> bytes:
    return bytes(Subject.objects.get(pk=case.subject_id).wrapped_key)


def pieces(key: bytes) -> list[bytes]:
    """Every eight bytes in a row of the key: what is left of it in part would show, too."""
    return [key[at : at + 8] for at in range(1, len(key) - 8, 4)]


def sweep(*options: str) -> None:
    """As whoever looks after the machine runs it: on PostgreSQL as the owner of the tables. Once more where it asks for that:
    PostgreSQL itself may be looking at the tables, to count their rows."""
    role = connection.settings_dict["USER"]
    connect_as(owning_role())
    try:
        for may_fail in (True, True, False):
            with suppress(CommandError) if may_fail else nullcontext():
                call_command("erase", "sweep", *options, stdout=StringIO())
                break
    finally:
        connect_as(role)


def nobody_else_reads() -> None:
    """Whoever an earlier test left connected to this database may hold an old snapshot."""
    if connection.vendor == "postgresql":
        held = connection.settings_dict
        with psycopg.connect(dbname=held["NAME"], host=held["HOST"], user="postgres", autocommit=True) as superuser:
            ours = connection.connection.info.backend_pid if connection.connection else 0
            others = "datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)"
            superuser.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}", [ours])


def many_subjects(count: int) -> None:
    """So that the table has many pages, some of them half empty: rows of drafts come and go."""
    made = Subject.objects.begin_many([SubjectKind.DRAFT] * count)
    Subject.objects.filter(pk__in=[one.pk for one in made[::3]]).delete()


# --- what is promised ------------------------------------------------------------------------------------------------


def test_the_key_lies_on_the_disk_before(case: Case) -> None:
    """Or else the tests below would look in the wrong place."""
    found = on_disk()
    assert key_of(case) in found
    assert all(piece in found for piece in pieces(key_of(case)))


def test_after_an_erasure_not_one_piece_of_the_key_is_left(case: Case, register: Any, cast: Cast) -> None:
    """Of a row in the middle of the table, and of its last two: there the database itself writes over nothing."""
    many_subjects(300)
    other, *last = register(), register(), register()
    keys = list(map(key_of, (case, *last)))
    for one in (case, *last):
        erased(one, cast)
    if connection.vendor == "postgresql":
        assert Leftover.objects.exists()  # the serving role can't
        nobody_else_reads()
        sweep()
    assert not Leftover.objects.exists()
    found = on_disk()
    assert [piece for key in keys for piece in pieces(key) if piece in found] == []
    assert key_of(other) in found
    assert bytes(Subject.objects.get(pk=case.subject_id).wrapped_key) == b""


def test_after_new_data_keys_nothing_is_left_of_what_the_former_ones_sealed(
    case: Case, register: Any, cast: Cast
) -> None:
    """Of a table of many pages: where it has one, the new rows are written over the former ones."""
    former = list(map(box_of, (case, *(register() for _more in range(40)))))[::5]
    before = on_disk()
    assert all(box in before for box in former)
    rotating.rotate_data_keys(reason="A laptop was lost.", actor=cast.actor("kerim"))
    finish()
    erasing.tidy()
    if connection.vendor == "postgresql":
        nobody_else_reads()
        sweep("--all")
    found = on_disk()
    assert [piece for box in former for piece in pieces(box) if piece in found] == []
    assert box_of(case) in found


def box_of(case: Case) -> bytes:
    """The child's identity as it is stored."""
    [row] = read(Child.objects.filter(pk=case.child_id))
    return bytes(row["box_identity"])


def test_of_a_key_that_was_retired_not_one_piece_is_left_either(case: Case, cast: Cast) -> None:
    many_subjects(300)
    former = key_of(case)
    rotating.rotate_data_key(case, reason="A print was lost.", actor=cast.actor("kerim"))
    finish()
    assert former in on_disk()
    keys = [former, key_of(case)]
    erased(case, cast)
    if connection.vendor == "postgresql":
        nobody_else_reads()
        sweep()
    found = on_disk()
    assert [piece for key in keys for piece in pieces(key) if piece in found] == []


@pytest.mark.sqlcipher_only
def test_what_stood_in_the_log_goes_with_the_key(case: Case, cast: Cast) -> None:
    erased(case, cast)
    path = Path(str(connection.settings_dict["NAME"]))
    assert path.with_name(f"{path.name}-wal").stat().st_size < 8 * (
        FRAME_HEADER + PAGE
    )  # what was noted after it was emptied


@pytest.mark.sqlcipher_only
def test_who_reads_meanwhile_only_puts_it_off(case: Case, cast: Cast) -> None:
    close(case, cast)
    waiting = asked(case, cast)
    reader = connection.copy()
    try:
        with reader.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            cursor.execute("SELECT count(*) FROM vault_subject")
            key = key_of(case)
            verbs.carry_out(case, erasure=waiting, actor=cast.actor("kerim"))
            assert Leftover.objects.filter(file=None).exists()
            cursor.execute("COMMIT")
    finally:
        reader.close()
    erasing.Tidier().round()
    assert not Leftover.objects.exists()
    assert key not in on_disk()


@pytest.mark.postgres_only
def test_the_serving_role_is_told_that_the_owner_has_to_do_it(case: Case, cast: Cast) -> None:
    erased(case, cast)
    with pytest.raises(CommandError, match="Only the owner"):
        call_command("erase", "sweep")
    assert Leftover.objects.exists()


@pytest.mark.postgres_only
def test_whoever_reads_meanwhile_keeps_it_from_counting_as_done(
    case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From another table, so that nothing waits: the new file has the removed rows as well."""
    held = connection.settings_dict
    with (
        monkeypatch.context() as hurried,
        psycopg.connect(dbname=held["NAME"], host=held["HOST"], user=owning_role()) as reader,
    ):
        hurried.setattr(erasing, "TRIES", 1)
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM django_migrations")
        erased(case, cast)
        with pytest.raises(CommandError, match="Somebody is reading"):
            sweep()
        assert Leftover.objects.exists()
    nobody_else_reads()
    sweep()
    assert not Leftover.objects.exists()


def test_there_may_be_nothing_to_do(db: None) -> None:
    told = StringIO()
    call_command("erase", "sweep", stdout=told)
    assert "Nothing is left" in told.getvalue()


def test_a_file_that_a_killed_process_left_goes_with_the_next_round(db: None) -> None:
    """The note that it has to go was committed with the erasure."""
    sealed = write_sealed(b"a picture")
    Leftover.objects.create(file=sealed.file_id, since=NOW)
    erasing.Tidier().round()
    assert not path_of(sealed.file_id).exists()
    assert not Leftover.objects.exclude(file=None).exists()
