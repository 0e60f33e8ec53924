"""Before Django's settings are read: a throw-away workspace, unlocked, for this process. Later: which tests fit the run.

pytest loads this by `-p tests.plugin` (pyproject.toml). Fixtures stand in `conftest.py` and `tests.browser`.
"""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import tempfile
import tomllib
from collections.abc import Generator
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import settings as hypothesis

pytest_plugins = ["tests.browser"]

hypothesis.register_profile("quick", deadline=None)
hypothesis.register_profile("ci", deadline=None, derandomize=True, max_examples=30)
hypothesis.register_profile("all", deadline=None, max_examples=1000)

ON_POSTGRES = bool(os.environ.get("AMANAT_DATABASE"))
FULL_MATRIX = bool(os.environ.get("AMANAT_TEST_ALL"))
BROWSER_FIXTURES = {"browser", "new_context", "page"}
PAGE_FIXTURES = {"browse"}
NEAR_THE_DATABASE = {"access", "audit", "people", "vault"}  # rooms that have ways of their own to it
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """A wrapper runs before pytest-django's own hook, which reads the settings."""
    folder = Path(tempfile.mkdtemp(prefix="amanat-test-"))
    early_config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ.setdefault("AMANAT_TEST_RUN", str(folder))  # of whoever begins the others; what all of them share
    open_workspace(folder / "workspace")
    use_cheap_hashing()
    read_toml_once()
    return (yield)


def open_workspace(folder: Path) -> None:
    """Make a demo workspace in `folder` and hold its keys in this process."""
    os.environ["AMANAT_WORKSPACE"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.config.settings")
    from amanat.vault.keys import KeyFile, Workspace

    key = KeyFile.create(folder / "key")
    Workspace.create(folder, kind="demo", provider=key).unlock(key)


def use_cheap_hashing() -> None:
    """Argon2 as in the product, but with the least work it accepts: people sign in thousands of times in a suite."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost = 1
    Argon2PasswordHasher.memory_cost = 8
    Argon2PasswordHasher.parallelism = 1


def read_toml_once() -> None:
    """Hundreds of tests load a pack of their own that extends the shipped ones. The same text is parsed once a process, and each
    reader gets a copy, which is made in a tenth of the time."""
    parse = tomllib.loads

    @lru_cache(maxsize=4_000)
    def parsed(text: str) -> bytes:
        return pickle.dumps(parse(text))

    def loads(text: str, **options: Any) -> dict[str, Any]:
        return parse(text, **options) if options else pickle.loads(parsed(text))

    tomllib.loads = loads


def pytest_configure() -> None:
    hypothesis.load_profile("all" if FULL_MATRIX else "ci" if os.environ.get("CI") else "quick")


def pytest_report_header() -> str:
    database = "PostgreSQL" if ON_POSTGRES else "SQLCipher"
    return f"amanat: on {database}, {'full matrix' if FULL_MATRIX else 'usual sample'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other database. On PostgreSQL single pages (the walk opens all of them), browsers, what asks for no
    database, and most of what would be the same there, run in the full matrix only. What takes long begins first."""
    left_out = []
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in list(items):
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
        if not fits_this_run(item):
            left_out.append(item)
            items.remove(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish() -> None:
    """What was collected stays to the end, thousands of tests and all modules: nothing of it is looked through again and again for
    what could be thrown away, which took an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def fits_this_run(item: pytest.Item) -> bool:
    if item.get_closest_marker("thorough") and not FULL_MATRIX:
        return False
    if not ON_POSTGRES:
        return item.get_closest_marker("postgres_only") is None
    if item.get_closest_marker("sqlcipher_only") or (item.get_closest_marker("usually_sqlcipher") and not FULL_MATRIX):
        return False
    is_of_a_page = item.get_closest_marker("browser") or PAGE_FIXTURES & set(getattr(item, "fixturenames", ()))
    return (
        FULL_MATRIX
        or bool(item.get_closest_marker("postgres_only"))
        or (asks_for_the_database(item) and not is_of_a_page and is_about_what_may_differ(item))
    )


def is_about_what_may_differ(item: pytest.Item) -> bool:
    """What a test of a room asks of a database through Django is the same on both: of those, every eighth. What is said by a marker of
    ours, commits or locks, crosses rooms, or lies in a room that has ways of its own to the database, runs in full."""
    room = item.path.relative_to(item.config.rootpath).parts[2:3]
    return (
        not room
        or room[0] in NEAR_THE_DATABASE
        or bool(item.get_closest_marker("both_databases"))
        or commits(item)
        or crc32(item.nodeid.encode()) % 8 == 0
    )


def commits(item: pytest.Item) -> bool:
    """Whether a test's transactions are real ones."""
    from django.test import TestCase, TransactionTestCase

    marker, case = item.get_closest_marker("django_db"), getattr(item, "cls", None)
    is_case = isinstance(case, type) and issubclass(case, TransactionTestCase) and not issubclass(case, TestCase)
    return (
        is_case
        or "transactional_db" in getattr(item, "fixturenames", ())
        or (marker is not None and bool(marker.kwargs.get("transaction")))
    )


def asks_for_the_database(item: pytest.Item) -> bool:
    """By a fixture, a Django test case, or a marker of ours, where it begins processes that have a database."""
    from django.test import TransactionTestCase

    if any(item.get_closest_marker(name) for name in ("django_db", "both_databases", "postgres_only")):
        return True
    case = getattr(item, "cls", None)
    is_case = isinstance(case, type) and issubclass(case, TransactionTestCase)
    return is_case or bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))
