"""What the encrypted database can do: Django asks the standard library's SQLite, which may be another version."""

from django.db.backends.sqlite3 import features as sqlite3


class DatabaseFeatures(sqlite3.DatabaseFeatures):
    """SQLCipher 4 brings an SQLite newer than 3.35.5, whatever the standard library was built with."""

    can_alter_table_drop_column = True
    can_return_columns_from_insert = True
    can_return_rows_from_bulk_insert = True
    can_clone_databases = False
