"""The sqlcipher3 driver, taught what Django teaches the standard library's sqlite3: converters, adapters, parameters.

Nothing here knows of keys. Import `Database` from here, so that nobody meets the driver before it was taught.
"""

import datetime
import decimal
from collections.abc import Callable, Iterable, Mapping
from itertools import tee
from typing import TYPE_CHECKING, Any, Self

from django.db.backends.sqlite3.base import SQLiteCursorWrapper, adapt_date, adapt_datetime, decoder
from django.utils.dateparse import parse_date, parse_datetime, parse_time

if TYPE_CHECKING:
    # sqlcipher3 ships no types; it is a fork of the standard library's module with the same interface.
    from sqlite3 import dbapi2 as Database  # noqa: N812 - Django's name for a driver
else:
    from sqlcipher3 import dbapi2 as Database  # noqa: N812

__all__ = ["Cursor", "Database"]

# Django registers these on the standard library's module only (django/db/backends/sqlite3/base.py).
Database.register_converter("bool", b"1".__eq__)
Database.register_converter("date", decoder(parse_date))
Database.register_converter("time", decoder(parse_time))
Database.register_converter("datetime", decoder(parse_datetime))
Database.register_converter("timestamp", decoder(parse_datetime))
Database.register_adapter(decimal.Decimal, str)
Database.register_adapter(datetime.date, adapt_date)
Database.register_adapter(datetime.datetime, adapt_datetime)

# Django's own translation of parameters; it is a method, but uses nothing of its cursor.
with_question_marks: Callable[..., str] = SQLiteCursorWrapper.convert_query


class Cursor(Database.Cursor):
    """Accept Django's `%s` and `%(name)s` parameters; `SQLiteCursorWrapper` with the other driver's base class."""

    def execute(self, query: str, params: Any = None) -> Self:
        """Run one statement; without `params` the text goes through as it is, `%` signs included."""
        if params is None:
            return super().execute(query)
        names = list(params) if isinstance(params, Mapping) else None
        return super().execute(with_question_marks(self, query, param_names=names), params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Self:
        """Run one statement for each row of parameters; rows may come from a generator."""
        peekable, param_list = tee(iter(param_list))
        first = next(peekable, None)
        names = list(first) if first and isinstance(first, Mapping) else None
        return super().executemany(with_question_marks(self, query, param_names=names), param_list)
