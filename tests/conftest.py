"""Fixtures of the tests that cross rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from pytest_django.plugin import DjangoDbBlocker

from amanat.audit import recording
from amanat.people.clock import stopped
from tests import walk_world
from tests.cast import NOW, PASSWORD, Cast
from tests.people_at_work import MovingClock, Worker, moving_clock
from tests.walk_world import World

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The house of the policy walk, built once a module and taken back whole; it is the cast's moment in it."""
    with django_db_blocker.unblock(), stopped(NOW), walk_world.taken_back():
        world = walk_world.build()
        # A process asks for the office's subject once; here nothing is ever committed, so each entry of the log would ask again.
        recording._remember_office(recording.office_subject())
        yield world
        recording.forget_office()


@pytest.fixture
def clock() -> Iterator[MovingClock]:
    """The moment of the cast, which the test moves on. Nobody has tried to sign in before: such counts stand in the process."""
    cache.clear()
    with moving_clock(NOW) as clock:
        yield clock
    cache.clear()


@pytest.fixture
def worker(cast: Cast, clock: MovingClock, new_context: Callable[..., BrowserContext]) -> Callable[[str], Worker]:
    """`worker("irina")`: irina at her own browser, signed in by the password and the code of an app that she set up before."""

    def come(name: str) -> Worker:
        secret = generate_totp_secret()
        TOTP.activate(cast[name].user, secret)
        somebody = Worker.at(new_context(locale="en-GB"), name, clock, secret)
        somebody.signs_in(PASSWORD)
        return somebody

    return come


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Of a demo workspace that tests serve one after another: whoever begins it finds it open and empty but for the invented country."""
    from tests.served import own_database
    from tests.tree import made

    with own_database() as database:
        yield made(tmp_path_factory.mktemp("demo"), **database)
