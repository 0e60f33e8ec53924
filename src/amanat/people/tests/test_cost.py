"""What coming in costs on every page: one query for the session, one for the worker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as given
from django.test import Client

from amanat.people.clock import stopped
from amanat.people.tests.ways import session_of

OURS = [name for name in given.MIDDLEWARE if not name.startswith("amanat.access")]


@pytest.fixture
def browser(at_work: Client, settings) -> Client:
    """Merdan's browser, at a server without the rooms above."""
    settings.MIDDLEWARE = OURS
    client = Client()
    client.cookies = at_work.cookies
    client.get("/note")
    return client


def test_a_page_of_a_signed_in_worker_costs_two_queries(browser: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        browser.get("/note")


def test_once_in_thirty_seconds_it_costs_one_more(browser: Client, django_assert_num_queries) -> None:
    with stopped(session_of(browser).seen_at + timedelta(seconds=31)), django_assert_num_queries(3):
        browser.get("/note")


def test_a_locked_page_is_refused_for_two(browser: Client, django_assert_num_queries) -> None:
    browser.get("/account/locked")
    with django_assert_num_queries(2):
        browser.get("/note")


def test_a_public_page_costs_a_visitor_nothing(client: Client, db: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        client.get("/public")
