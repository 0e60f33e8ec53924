"""What a stay's end means for the way home: rooms that know nothing of each other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amanat.centre.actions.leaving import end
from amanat.centre.models import Exit
from amanat.centre.tests.housed import a_house, a_room, beds_of, stay_of
from amanat.monitoring.models import FollowUp

pytestmark = pytest.mark.django_db


def test_the_end_of_a_stay_books_follow_ups_and_asks_for_the_record_of_the_hand_over(cast, case):
    stay_of(case, beds_of(a_room(cast, a_house(cast)))[0], cast)
    now = cast.now + timedelta(days=3)
    end(case, ended_as=Exit.FAMILY, at=now, kept="x", actor=cast.actor("jemal", now))
    assert FollowUp.objects.filter(case=case, left_at=now).count() == 5
    assert case.tasks.filter(kind="hand_over", done_at=None).exists()
