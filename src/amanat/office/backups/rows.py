"""Rows as records, the same for both databases: what is sealed stays sealed. Which tables there are is asked of Django.

Not in a backup: sessions (whoever was signed in signs in anew), and what Django makes for itself at each `migrate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.apps import apps as of_today
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import BinaryField, ExpressionWrapper, F, Field, Model, QuerySet

from amanat.office.backups.envelope import Record
from amanat.vault.models import Posting, RetiredKey, Subject

LEFT_OUT: Final = {
    "auth.group",
    "auth.permission",
    "contenttypes.contenttype",
    "people.look",
    "people.session",
    RetiredKey._meta.label_lower,  # keys, and nothing else: all of it stands in the other file
}
# In the order of their keys: subjects as their keys come, postings because what is inserted in order is inserted quickly.
IN_ORDER: Final = {Subject._meta.label_lower, Posting._meta.label_lower}
KEY: Final = "wrapped_key"  # of a subject; it stands in the other file
SUBJECT: Final = Subject._meta.label_lower
AT_ONCE: Final = 500  # rows a record
LARGE: Final = 500_000  # letters and bytes, after which it has fewer
FETCHED: Final = 50  # rows: of a table of large ones they are in memory together

Columns = dict[str, list[str]]  # by table, in the order of its values


def tables() -> Columns:
    """What is kept of the database as this version has it, by model."""
    models = (model for model in of_today.get_models(include_auto_created=True) if model._meta.managed)
    return {
        model._meta.label_lower: [field.attname for field in _fields(model) if not _is_key(model, field)]
        for model in models
        if not model._meta.proxy and not _is_left_out(model)
    }


def migrations() -> list[list[str]]:
    """Which are applied, so that the tables can be made again as they were."""
    return sorted(map(list, MigrationRecorder(connection).applied_migrations()))


def dump(columns: Columns) -> Iterator[Record]:
    """Every row, as it is in the snapshot that is open.

    Postings follow from other rows and could be left out: with 30,000 children the file would be an eighth smaller, and putting them
    in again would take two and a half times as long.
    """
    for label, names in columns.items():
        model = of_today.get_model(label)
        rows = model._base_manager.order_by(*(["pk"] if label in IN_ORDER else []))
        for some in _pieces(_values(rows, names)):
            told, beside = pack(some)
            yield {"table": label, "rows": told}, beside


def dump_keys() -> Iterator[Record]:
    """The wrapped keys of all subjects that have one, in the order of their ids."""
    rows = Subject.objects.exclude(wrapped_key=b"").order_by("pk").values_list("pk", KEY)
    for some in _pieces(rows):
        told, beside = pack(some)
        yield {"keys": told}, beside


def dump_retired() -> Iterator[Record]:
    """The wrapped keys that subjects had before, the oldest first: the log needs them, and data from before these keys."""
    rows = RetiredKey.objects.order_by("pk").values_list("subject", "retired_at", KEY)
    for some in _pieces(rows):
        told, beside = pack(some)
        yield {"retired": told}, beside


def load_retired(records: Iterable[Record]) -> None:
    """What `dump_retired` told, of subjects that have a key here, into the tables of this version."""
    for told, beside in records:
        rows = list(unpack(told.get("retired", ()), beside, [False, False, True]))
        held = Subject.objects.filter(pk__in=[UUID(row[0]) for row in rows]).exclude(wrapped_key=b"")
        known = set(held.values_list("pk", flat=True))
        RetiredKey.objects.bulk_create(
            RetiredKey(subject_id=UUID(subject), retired_at=datetime.fromisoformat(at), wrapped_key=wrapped)
            for subject, at, wrapped in rows
            if UUID(subject) in known
        )


def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return list(model._meta.local_concrete_fields)


def _is_key(model: type[Model], field: Field[Any, Any]) -> bool:
    return model is Subject and field.attname == KEY


def _is_left_out(model: type[Model]) -> bool:
    # A table that joins one of Django's own to another has nothing to join.
    joined = {field.remote_field.model._meta.label_lower for field in _fields(model) if field.remote_field}
    return model._meta.label_lower in LEFT_OUT or bool(model._meta.auto_created and joined & LEFT_OUT)


def _values(rows: QuerySet[Any], names: list[str]) -> QuerySet[Any, Any]:
    """The columns as they are stored: a sealed one gives its bytes and no handle."""
    boxed = {
        f"box_{name}": ExpressionWrapper(F(name), output_field=BinaryField())
        for name in names
        if isinstance(rows.model._meta.get_field(name), BinaryField)
    }
    columns = [f"box_{name}" if f"box_{name}" in boxed else name for name in names]
    found: QuerySet[Any, Any] = rows.annotate(**boxed).values_list(*columns)
    return found


def _pieces(rows: QuerySet[Any, Any]) -> Iterator[list[Any]]:
    some, size = [], 0
    for row in rows.iterator(chunk_size=FETCHED):
        some.append(row)
        size += sum(len(value) for value in row if isinstance(value, bytes | memoryview | str | list))
        if len(some) == AT_ONCE or size > LARGE:
            yield some
            some, size = [], 0
    if some:
        yield some


# --- values -----------------------------------------------------------------------------------------------------------


def pack(rows: Iterable[Iterable[Any]]) -> tuple[list[list[Any]], bytes]:
    """Rows as JSON, with their bytes beside it: in the JSON stands how many there are."""
    beside: list[bytes] = []
    told = [[_packed(value, beside) for value in row] for row in rows]
    return told, b"".join(beside)


def _packed(value: Any, beside: list[bytes]) -> Any:
    if isinstance(value, bytes | memoryview):
        beside.append(bytes(value))
        return len(beside[-1])
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def unpack(rows: Iterable[list[Any]], beside: bytes, is_bytes: list[bool]) -> Iterator[list[Any]]:
    """`pack`, undone: where a column holds bytes, its number stands for the next so many."""
    at = 0
    for row in rows:
        for place, value in enumerate(row):
            if is_bytes[place] and value is not None:
                row[place] = beside[at : at + value]
                at += value
        yield row


# --- writing them into a database -------------------------------------------------------------------------------------


class Loader:
    """Writes records into empty tables, of the version that the backup was made by (`apps`)."""

    def __init__(self, apps: Apps, columns: Columns) -> None:
        self.tables = {label: _Table(apps.get_model(label), names) for label, names in columns.items()}

    def load(
        self, told: dict[str, Any], beside: bytes, extended: Callable[[list[Any]], list[Any]] | None = None
    ) -> int:
        """One record; how many rows that were. `extended` gives a subject's row its key."""
        table = self.tables[told["table"]]
        rows = unpack(told["rows"], beside, table.is_bytes)
        return table.insert(map(extended, rows) if extended else rows)


class _Table:
    def __init__(self, model: type[Model], names: list[str]) -> None:
        # The key of a subject comes last: it was in the other file.
        names = [*names, KEY] if model._meta.label_lower == SUBJECT else names
        by_name = {field.attname: field for field in _fields(model)}
        self.fields = [by_name[name] for name in names]
        self.is_bytes = [isinstance(field, BinaryField) for field in self.fields]
        quoted = connection.ops.quote_name
        places = ", ".join(quoted(str(field.column)) for field in self.fields)
        marks = ", ".join(["%s"] * len(names))
        # Names of our own tables and columns; every value is a parameter.
        self.statement = f"INSERT INTO {quoted(model._meta.db_table)} ({places}) VALUES ({marks})"  # noqa: S608

    def insert(self, rows: Iterable[list[Any]]) -> int:
        prepared = [
            [self._prepared(*pair) for pair in zip(self.fields, self.is_bytes, row, strict=True)] for row in rows
        ]
        with connection.cursor() as cursor:
            cursor.executemany(self.statement, prepared)
        return len(prepared)

    @staticmethod
    def _prepared(field: Field[Any, Any], is_bytes: bool, value: Any) -> Any:
        if value is None:
            return None
        if is_bytes:
            return connection.Database.Binary(value)  # type: ignore[attr-defined]  # past `Sealed`, which takes no bytes
        return field.get_db_prep_save(field.to_python(value), connection)
