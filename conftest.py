"""How pytest-django's database is made here. Only a conftest may replace its fixtures; what they do stands in `tests.database`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test.testcases import _StaticFilesHandler
from pytest_django.live_server_helper import LiveServer

from tests.cast import actor, browse, case, cast, register  # noqa: F401  (fixtures for every room)
from tests.database import EMPTY, application_role, connect_as, owning_role


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The static files as they are served, hashed and compressed, in a folder of this process."""
    from django.conf import settings
    from django.core.management import call_command

    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(autouse=True, scope="session")
def django_test_environment(django_test_environment: None, static_files: None) -> None:
    """pytest-django's own, and the static files: every page that is rendered asks their manifest."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """On SQLCipher the file stands in this process's own workspace; on PostgreSQL we begin as the owner."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(Path(settings.WORKSPACE) / "test.db")
    else:
        connect_as(owning_role())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """pytest-django's own, which migrates; from here until it drops the database, we are the application."""
    from django.db import connection

    empty = EMPTY[connection.vendor]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "execute_sql_flush", lambda _ops, statements: empty(statements))
        connect_as(application_role())
        yield
        connect_as(owning_role())


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """pytest-django's own, with static files under the hashed names that the pages use."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.contrib.staticfiles.handlers.StaticFilesHandler", _StaticFilesHandler)
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A page read in another language leaves that language active in the thread; the next test begins in English."""
    from django.utils import translation

    with translation.override("en"):
        yield
