"""Two workers at the last of a budget line at once, each in a connection of their own: one spends it, the other is told what is left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from amanat.access.policy import Relation
from amanat.cases.actions import handing
from amanat.cases.models import Case
from amanat.cases.tests.test_at_once import at_once
from amanat.social.actions import spending
from amanat.social.actions.spending import NotEnough
from amanat.social.models import Budget, Spending
from amanat.vault.sealing import open_sealed

from .conftest import COAT


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_who_spend_the_last_of_a_line_at_once_leave_one_entry(
    case: Case, register: Any, cast: Any, budget: Any
) -> None:
    cases = (case, register())
    handing.bring_in(
        cases[1], to=cast["merdan"], relation=Relation.SOCIAL_WORKER, reason="Needed.", actor=cast.actor("jemal")
    )
    workers = ("jemal", "merdan")
    given = at_once(
        [
            lambda one=one, by=by: spending.spend(
                one, budget=budget.pk.hex, **COAT | {"amount": Decimal(600)}, actor=cast.actor(by)
            )
            for one, by in zip(cases, workers, strict=True)
        ]
    )
    assert [isinstance(one, NotEnough) for one in given].count(True) == 1, given
    assert Spending.objects.count() == 1
    assert open_sealed(Budget.objects.get(), "spent") == {"2026-11": {"goods": 60000}}
