"""A worker who presses twice, each in a connection of its own."""

from __future__ import annotations

import pytest

from amanat.cases.tests.test_at_once import at_once
from amanat.legal.actions.calendar import Opened, open_feed
from amanat.legal.models import Feed


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_feed_that_is_opened_twice_at_once_is_one(cast):
    given = at_once([lambda: open_feed(actor=cast.actor("jemal"))] * 2)
    assert all(isinstance(one, Opened) for one in given), given
    assert Feed.objects.filter(revoked_at=None).count() == 1
