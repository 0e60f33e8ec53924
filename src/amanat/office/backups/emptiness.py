"""The empty database that a workspace is restored into. On SQLCipher it is a new file; on PostgreSQL an empty one has to be there.

There, an unfinished restore leaves tables. They are dropped only where a stamp in the database and one in the folder say that
both belong to the same unfinished restore: a database that anybody works with has no stamp.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from amanat.audit.locks import FAMILY
from amanat.office.backups.staging import STAMP, NotEmpty
from amanat.vault.header import Header

TABLE = "amanat_restoring"
LOCK = 0x72657374  # "rest"


@contextmanager
def empty_database(folder: Path) -> Iterator[None]:
    """Nobody else restores into it during the block, and it was empty when the block began.

    Raises:
        NotEmpty: it holds something that is not the rest of this folder's own unfinished restore; or somebody restores into it now.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [FAMILY, LOCK])
        if not cursor.fetchone()[0]:
            raise NotEmpty(_("Somebody is restoring into this database already."), _("Wait until that has ended."))
        tables = connection.introspection.table_names(cursor)
        if tables and not _is_ours(tables, folder):
            raise NotEmpty(
                _("The database is not empty."),
                _("Make a new database, and name it in AMANAT_DATABASE and AMANAT_DATABASE_OWNER."),
            )
    _empty()
    stamp = secrets.token_hex(16)
    (folder / STAMP).write_text(stamp)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} AS SELECT %s::text AS stamp", [stamp])
    try:
        yield
    except BaseException:
        if Header.path(folder).exists():  # it has not moved to its place: there is no workspace yet
            _empty()
            (folder / STAMP).unlink()
        raise


def _empty() -> None:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")


def let_go() -> None:
    """The restore is finished: from now on nobody may drop these tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {TABLE}")


def _is_ours(tables: list[str], folder: Path) -> bool:
    if TABLE not in tables or not (folder / STAMP).exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT stamp FROM {TABLE}")  # noqa: S608 (a name of our own)
        return bool(cursor.fetchone() == ((folder / STAMP).read_text(),))
