"""Whose screens look when it rings: all of a hotline with a few, some of one with many, and more while nobody answers."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from amanat.hotline import hearing
from amanat.hotline.actions import calling
from amanat.hotline.beginning import begin_call, begin_matter
from amanat.hotline.models import Call, CallState
from amanat.people.clock import stopped
from amanat.people.models import Look, Membership, Role, Session, User
from tests.cast import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


@pytest.fixture
def many(cast: Cast) -> list[UUID]:
    """The operators of a hotline with ten more than are told at first; nurana is one of them."""
    held = cast["nurana"]
    users = User.objects.bulk_create(
        User(username=f"op{number}", display_name=f"Op {number}") for number in range(hearing.AT_ONCE + 9)
    )
    Membership.objects.bulk_create(
        Membership(user=user, agency=held.agency, site=held.site, role=Role.HOTLINE_OPERATOR, since=held.since)
        for user in users
    )
    return [held.user_id, *(user.pk for user in users)]


def told() -> set[UUID]:
    return set(Look.objects.values_list("user_id", flat=True))


def rings(cast: Cast) -> Call:
    agency = cast["nurana"].agency
    call = begin_call(begin_matter(agency, NOW), "phone", NOW, state=CallState.RINGING)
    with stopped(NOW):
        hearing.hear_ring(agency, NOW)
    return call


def session(user: UUID, digest: str, **more: object) -> None:
    own = {"began_at": NOW, "seen_at": NOW, "ends_at": NOW + timedelta(hours=12), **more}
    Session.objects.create(digest=digest, sealed=b"", user_id=user, **own)


def test_where_few_are_free_all_hear_it(cast: Cast) -> None:
    rings(cast)
    assert told() == {cast["nurana"].user_id}


def test_where_many_are_free_some_hear_it_at_first_and_those_who_sit_there_before_others(
    cast: Cast, many: list[UUID]
) -> None:
    for number, user in enumerate(many[: hearing.AT_ONCE - 2]):
        session(user, f"open {number}")
    for number, user in enumerate(many[hearing.AT_ONCE : hearing.AT_ONCE + 2]):
        session(user, f"locked {number}", locked_at=NOW)
    session(many[-1], "over", ends_at=NOW)
    rings(cast)
    assert told() == {*many[: hearing.AT_ONCE - 2], *many[hearing.AT_ONCE : hearing.AT_ONCE + 2]}


def test_a_call_that_is_answered_goes_from_all_screens_that_heard_it(cast: Cast, many: list[UUID]) -> None:
    call = rings(cast)
    heard = told()
    Look.objects.update(at=NOW + timedelta(seconds=1))
    Look.objects.create(user_id=next(iter(set(many) - heard)), at=NOW - timedelta(seconds=1))
    before = set(Look.objects.values_list("pk", flat=True))
    calling.answer(call, actor=cast.actor("nurana"))
    again = set(Look.objects.exclude(pk__in=before).values_list("user_id", flat=True))
    assert again == heard - {cast["nurana"].user_id}


def test_while_nobody_answers_more_and_more_hear_it_until_all_have(cast: Cast, many: list[UUID]) -> None:
    rings(cast)
    hearing.hear_more(NOW + hearing.MORE_AFTER - timedelta(seconds=1))
    assert Look.objects.count() == hearing.AT_ONCE
    with stopped(NOW + hearing.MORE_AFTER):
        hearing.hear_more(NOW + hearing.MORE_AFTER)
        assert told() == set(many)
        hearing.hear_more(NOW + hearing.MORE_AFTER)
    assert Look.objects.count() == len(many)


def test_of_a_hotline_with_a_few_everybody_heard_it_at_once_and_is_told_nothing_more(cast: Cast) -> None:
    rings(cast)
    with stopped(NOW + hearing.MORE_AFTER):
        hearing.hear_more(NOW + hearing.MORE_AFTER)
    assert Look.objects.count() == 1


def test_who_is_in_talk_hears_what_nobody_who_is_free_answers(cast: Cast, many: list[UUID]) -> None:
    Membership.objects.filter(user__in=many[2:]).update(away_from=NOW, away_until=NOW + timedelta(days=1))
    calling.start(channel="phone", actor=cast.actor("nurana"))
    rings(cast)
    assert told() == {many[1]}  # who may be at home
    with stopped(NOW + hearing.MORE_AFTER):
        hearing.hear_more(NOW + hearing.MORE_AFTER)
    assert told() == set(many[:2])
