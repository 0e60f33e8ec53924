"""How postings lie in the database: one number each, in one ordered table, so that all of a feature stand side by side.

An entry is 8 bytes: the first 5 of a digest, then the 3 of a subject's number. On SQLite the table is nothing but this tree
(`EntryField`); on PostgreSQL its primary key answers without the table. Either reads a few pages for a question, and a batch
is written in order. Two features share 5 bytes by chance once in 10^12; `Indexed` keeps the whole digests where that matters.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator

from django.db import connection

SHORT = 5
NUMBERS = 0xFFFFFF  # the low 24 bits: more children than a country has
STOP = 2_000  # a feature of more subjects than this tells nothing; no more of it is read

# One statement each, however many entries: a JSON text or an array is one parameter. Without ORDER BY, PostgreSQL would gather
# all that a frequent feature has before it keeps the first ones.
_SQL = {
    "sqlite": {
        "put": "INSERT OR IGNORE INTO vault_posting (entry) SELECT value FROM json_each(%s)",
        "take": "DELETE FROM vault_posting WHERE entry IN (SELECT value FROM json_each(%s))",
        "read": """
            SELECT wanted.value, (SELECT json_group_array(entry & %s) FROM (
                SELECT entry FROM vault_posting WHERE entry BETWEEN wanted.value AND wanted.value + %s ORDER BY entry LIMIT %s))
            FROM json_each(%s) AS wanted
        """,
    },
    "postgresql": {
        "put": "INSERT INTO vault_posting (entry) SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING",
        "take": "DELETE FROM vault_posting WHERE entry = ANY(%s::bigint[])",
        "read": """
            SELECT wanted, (SELECT coalesce(json_agg(entry & %s), '[]')::text FROM (
                SELECT entry FROM vault_posting WHERE entry BETWEEN wanted AND wanted + %s ORDER BY entry LIMIT %s) AS few)
            FROM unnest(%s::bigint[]) AS wanted
        """,
    },
}


def entries(number: int, digests: bytes, size: int = 8) -> Iterator[int]:
    """The entries of a subject, of digests of `size` bytes that stand in a row."""
    for start in range(0, len(digests), size):
        yield first(digests[start : start + size]) + number


def first(digest: bytes) -> int:
    """The lowest entry that a digest can have; the others follow within `NUMBERS`."""
    return int.from_bytes(digest[:SHORT] + b"\0\0\0", "big", signed=True)


def put_in(new: Iterable[int]) -> None:
    """Add entries; those that stand there already stay as they are."""
    if values := sorted(new):
        with connection.cursor() as cursor:
            cursor.execute(_SQL[connection.vendor]["put"], [_one(values)])


def take_out(old: Iterable[int]) -> None:
    if values := sorted(old):
        with connection.cursor() as cursor:
            cursor.execute(_SQL[connection.vendor]["take"], [_one(values)])


def numbers(wanted: Collection[int]) -> dict[int, list[int]]:
    """By first entry of a digest: the numbers of the subjects that have it, `STOP` + 1 at most."""
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL[connection.vendor]["read"], [NUMBERS, NUMBERS, STOP + 1, _one(sorted(wanted))])
        return {low: json.loads(text) for low, text in cursor.fetchall()}


def _one(values: list[int]) -> str | list[int]:
    """Values as one parameter."""
    return json.dumps(values) if connection.vendor == "sqlite" else values
