"""Encrypted files to open and close at will, and the tables of the behaviour tests on whatever database the suite runs."""

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django.plugin import DjangoDbBlocker

from amanat.vault.sqlcipher.base import DatabaseWrapper

from .houses import EVENING, MODELS, House, Stay

Open = Callable[..., DatabaseWrapper]

KEY = bytes(range(32))


def wrapper(path: Path | str, key: object = lambda: KEY, **options: object) -> DatabaseWrapper:
    """A connection to `path` that is in no settings; opens at its first use."""
    settings = {"ENGINE": "amanat.vault.sqlcipher", "NAME": path, "OPTIONS": {"key": key, **options}}
    return DatabaseWrapper(connections.configure_settings({"default": {}, "file": settings})["file"], "file")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "amanat.db"


@pytest.fixture
def opened(django_db_blocker: DjangoDbBlocker) -> Iterator[Open]:
    """Make connections to files; all are closed after the test. (These files are the test's own, no test database.)"""
    made = []

    def open_file(path: Path | str, key: object = lambda: KEY, **options: object) -> DatabaseWrapper:
        made.append(wrapper(path, key, **options))
        return made[-1]

    with django_db_blocker.unblock():
        yield open_file
        for each in made:
            each.close()


def owning_connection() -> BaseDatabaseWrapper:
    """The connection that may create tables: on PostgreSQL the application's own role may not."""
    current = connections[connection.alias]
    owner = os.environ.get("AMANAT_DATABASE_OWNER")
    if current.vendor != "postgresql" or not owner:
        return current
    return type(current)({**current.settings_dict, "USER": urlsplit(owner).username}, current.alias)


@pytest.fixture(scope="package")
def tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The tables of `houses`, for as long as tests of this package run."""
    with django_db_blocker.unblock():
        owner = owning_connection()
        with owner.schema_editor() as editor:
            for model in MODELS:
                editor.create_model(model)
        yield
        with owner.schema_editor() as editor:
            for model in reversed(MODELS):
                editor.delete_model(model)
        if owner is not connections[connection.alias]:
            owner.close()


@pytest.fixture
def committed(tables: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real commits to the tables of `houses`, emptied afterwards; no transaction stands around the test."""
    with django_db_blocker.unblock():
        yield
        for model in reversed(MODELS):
            model.objects.all().delete()


@pytest.fixture
def lale(committed: None) -> House:
    return House.objects.create(name="Lale", opened=date(2024, 2, 29))


@pytest.fixture
def narpyz(committed: None) -> House:
    return House.objects.create(name="Narpyz")


@pytest.fixture
def stays(lale: House, narpyz: House) -> list[Stay]:
    rows = [(lale, 2, "10.10"), (lale, 4, "0.20"), (lale, 4, "99.95"), (narpyz, 30, "1000.00")]
    return Stay.objects.bulk_create(
        Stay(
            house=house,
            nights=nights,
            cost=Decimal(cost),
            arrived=EVENING + timedelta(days=number),
            lasted=timedelta(days=nights, microseconds=number),
            needs={"urgency": number, "languages": ["tk", "ru"][: number + 1], "school": {"grade": number or None}},
            alone=number % 2 == 0,
        )
        for number, (house, nights, cost) in enumerate(rows)
    )
