"""Clients to be killed: each inserts rows and, after a commit, writes the row's number to standard output.

    python -m amanat.vault.sqlcipher.tests.inserting FILE COUNT   insert COUNT rows, or until the disk is full
    python -m amanat.vault.sqlcipher.tests.inserting FILE         for each line on standard input, fork a client that inserts
                                                                  without end; say its process id first, `ended` at last

Standard output is the log of what was acknowledged. A line is one write(2): once made, it survives SIGKILL of its
writer, because the kernel has it.
"""

import os
import sys
from itertools import count
from pathlib import Path

import django
from django.conf import settings
from django.db import OperationalError, connection, transaction

KEY = bytes(range(32))
FULL = 3
SOURCE = Path(__file__).resolve().parents[4]
TABLES = (
    "CREATE TABLE IF NOT EXISTS note (id integer PRIMARY KEY AUTOINCREMENT, body text)",
    "CREATE TABLE IF NOT EXISTS mark (note integer PRIMARY KEY)",
)


def environment() -> dict[str, str]:
    """What a client process inherits: where the source is, nothing else of the test run."""
    return {"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]}


def database_key() -> bytes:
    return KEY


def say(word: object) -> None:
    os.write(sys.stdout.fileno(), f"{word}\n".encode())


def insert(number: int) -> None:
    """One acknowledged write: two rows that belong together, so that half a transaction would show."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO note (body) VALUES (%s)", [f"{number} ".ljust(400, "n")])
        cursor.execute("INSERT INTO mark (note) VALUES (last_insert_rowid())")
        cursor.execute("SELECT max(id) FROM note")
        written = cursor.fetchone()[0]
    say(written)


def insert_rows(rows: int | None) -> int:
    """Return 0 when all rows are in, 3 when the disk is full; no end without `rows`."""
    try:
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(table)
        for number in count() if rows is None else range(rows):
            insert(number)
    except OperationalError as error:
        if "full" not in str(error):
            raise
        sys.stderr.write(f"{error}\n")
        return FULL
    return 0


def fork_clients() -> int:
    """Forks happen before any connection is open; SQLite's may not be carried into a child."""
    for _ in sys.stdin:
        client = os.fork()
        if client == 0:
            say(os.getpid())
            os._exit(insert_rows(None))
        os.waitpid(client, 0)
        say("ended")
    return 0


def main(file: str, rows: str | None = None) -> int:
    settings.configure(
        DATABASES={"default": {"ENGINE": "amanat.vault.sqlcipher", "NAME": file, "OPTIONS": {"key": database_key}}}
    )
    django.setup()
    return insert_rows(int(rows)) if rows else fork_clients()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
