"""What the tests of this room share: budget lines of the cast's first agency, and people around the child."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from amanat.cases.actions import persons
from amanat.cases.models import PersonAround
from amanat.social.actions import budgets, spending
from amanat.social.models import Budget, Spending

LINE: dict[str, Any] = {
    "donor": "Swiss Fund",
    "line": "Clothes",
    "currency": "TMT",
    "amount": Decimal("1000.00"),
    "since": date(2026, 1, 1),
    "ends": date(2026, 12, 31),
}
COAT: dict[str, Any] = {"form": "goods", "amount": Decimal("250.50"), "on": date(2026, 11, 20), "what": "Winter coat"}


@pytest.fixture
def begin(actor: Any) -> Callable[..., Budget]:
    def make(by: str = "aman", **more: Any) -> Budget:
        return budgets.begin_budget(**LINE | more, actor=actor(by))

    return make


@pytest.fixture
def budget(begin: Callable[..., Budget]) -> Budget:
    """1,000 TMT of the Swiss Fund for clothes, in 2026."""
    return begin()


@pytest.fixture
def spend(actor: Any, case: Any, budget: Budget) -> Callable[..., Spending]:
    def make(line: Budget = budget, by: str = "jemal", **more: Any) -> Spending:
        return spending.spend(case, budget=line.pk.hex, **COAT | more, actor=actor(by))

    return make


@pytest.fixture
def write_down(actor: Any, case: Any) -> Callable[..., PersonAround]:
    def make(name: str = "Maral Orazowa", relation: str = "relative", *, suspect: bool = False) -> PersonAround:
        person = persons.record_person(case, name=name, relation=relation, actor=actor("jemal"))
        if suspect:
            persons.suspect(case, person=person, reason="Seen with the recruiter.", actor=actor("jemal"))
        return person

    return make
