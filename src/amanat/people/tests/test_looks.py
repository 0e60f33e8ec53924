"""*Look now*: told once it is true, to everybody whom it concerns, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from amanat.people import looks
from amanat.people.clock import clock, stopped
from amanat.people.models import Look, User
from amanat.people.sessions import end_sessions
from amanat.people.tests.ways import session_of


class Undone(Exception):
    pass


def test_whoever_is_told_is_told_once(jemal: User, merdan: User) -> None:
    news = looks.News()
    looks.look([jemal, jemal.pk])
    assert Look.objects.count() == 1
    assert news.users(clock()) == {jemal.pk}
    looks.look([merdan])
    assert news.users(clock()) == {merdan.pk}
    assert news.users(clock()) == set()


def test_what_is_taken_back_was_never_told(jemal: User) -> None:
    def undone() -> None:
        with transaction.atomic():
            looks.look([jemal])
            raise Undone

    with pytest.raises(Undone):
        undone()
    assert looks.News().users(clock()) == set()


def test_a_row_that_is_seen_late_is_told_although_later_ones_were(jemal: User, merdan: User) -> None:
    """As of a transaction that began first and committed last."""
    news, now = looks.News(), clock()
    Look.objects.create(pk=900, user=merdan, at=now)
    assert news.users(now) == {merdan.pk}
    Look.objects.create(pk=800, user=jemal, at=now - timedelta(seconds=5))
    assert news.users(now + timedelta(seconds=20)) == {jemal.pk}


def test_all_that_came_is_one_query(jemal: User, merdan: User, django_assert_num_queries: object) -> None:
    for _ in range(50):
        looks.look([jemal, merdan])
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert looks.News().users(clock()) == {jemal.pk, merdan.pk}


def test_what_everybody_has_heard_is_swept(jemal: User) -> None:
    looks.look([jemal])
    assert looks.sweep(clock()) == 0
    with stopped(clock() + looks.KEPT):
        assert looks.Sweeper().turn() is False
    assert not Look.objects.exists()


def test_a_locked_session_is_told_until_its_twelve_hours_are_over(at_work: Client, merdan: User) -> None:
    row = session_of(at_work)
    at_work.get("/account/locked")
    assert looks.holders([row.digest, "another"], clock()) == {row.digest: merdan.pk}
    assert looks.holders([row.digest], row.ends_at) == {}


def test_an_ended_session_and_one_of_nobody_are_told_nothing(at_work: Client, client: Client, merdan: User) -> None:
    row = session_of(at_work)
    session = client.session  # of somebody who has not come in yet
    session["next"] = "/"
    session.save()
    client.cookies["session"] = session.session_key
    end_sessions(merdan)
    assert looks.holders([row.digest, session_of(client).digest], clock()) == {}
