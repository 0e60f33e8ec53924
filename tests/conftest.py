"""Fixtures of the tests that cross rooms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from amanat.people.clock import stopped
from tests import walk_world
from tests.cast import NOW
from tests.walk_world import World


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The house of the policy walk, built once a module and taken back whole; it is the cast's moment in it."""
    with django_db_blocker.unblock(), stopped(NOW), walk_world.taken_back():
        yield walk_world.build()
