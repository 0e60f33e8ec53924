"""The demo country shows the rooms of assistance: what was done there comes through the verbs, whatever the hour at which it is made."""

from __future__ import annotations

from typing import Any

import pytest

from amanat.access.models import Grant
from amanat.cases.models import Alert
from amanat.centre.models import Dose, House, Shift, Stay, StayState
from amanat.config import country
from amanat.legal.models import Hearing, HearingState
from amanat.monitoring.models import Closing, FollowUp
from amanat.plans.models import Plan, PlanState
from amanat.psychology.models import Session
from amanat.social.models import Budget, Spending
from tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


@pytest.mark.parametrize("hour", [2, 14])
def test_every_room_has_something_to_look_at(hour: int, settings: Any) -> None:
    settings.AMANAT_PACKS = [settings.SHIPPED_PACKS / name for name in ("core", "instruments", "demo")]
    now = NOW.replace(hour=hour)
    country.load(now)
    assert House.objects.count() == 1
    assert set(Stay.objects.values_list("state", flat=True)) == {StayState.IN, StayState.WAITING}
    on = Shift.objects.filter(starts__lte=now, ends__gt=now)
    assert {shift.worker.user.username for shift in on} == {"bahar", "kakajan"}
    assert not on.filter(taken_over_at__isnull=False).exists()  # that is left for whoever tries it
    assert Dose.objects.filter(witness=None).exists()
    assert Session.objects.filter(at__gt=now).exists()
    assert Hearing.objects.get(state=HearingState.FIXED).at > now
    assert Plan.objects.get().state == PlanState.AGREED
    assert FollowUp.objects.filter(over_at=None).count() == 1
    assert Closing.objects.get().decided_at is None
    assert Budget.objects.exists()
    assert Spending.objects.exists()
    assert not Alert.objects.exists()  # nobody who tries it is frightened at once
    assert not Stay.objects.filter(asked_at__gt=now).exists()  # nobody acts later than now
    assert not Grant.objects.filter(since__gt=now).exists()
