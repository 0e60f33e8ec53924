"""A plan for the tests of this room: one need, one objective, one activity, drafted by jemal; and what makes it agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from amanat.access.models import Grant
from amanat.access.policy import Relation
from amanat.cases.models import Case
from amanat.plans.actions import agreeing, drafting
from amanat.plans.models import Plan, PlanRow, RowKind
from tests.cast import NOW, Cast

TODAY = NOW.date()
TEAM = {
    "ogulgerek": Relation.PSYCHOLOGIST,
    "bahar": Relation.CENTRE_WORKER,
    "sona": Relation.HEALTH_WORKER,
    "merdan": Relation.SOCIAL_WORKER,
}


@dataclass
class Drafted:
    case: Case
    plan: Plan
    need: PlanRow
    objective: PlanRow
    activity: PlanRow
    cast: Cast

    def write(self, by: str = "jemal", now: datetime = NOW, **given: Any) -> PlanRow:
        return drafting.write(self.case, actor=self.cast.actor(by, now), **given)

    def agree(self, *parties: str, now: datetime = NOW, **more: Any) -> None:
        told: dict[str, Any] = {"answer": "yes", "on": TODAY}
        for party in parties or ("child", "guardian", "team"):
            agreeing.agree(self.case, party=party, actor=self.cast.actor("jemal", now), **told | more)

    def now(self) -> Plan:
        return Plan.objects.select_related("frozen").get(pk=self.plan.pk)


@pytest.fixture
def team(case: Case, cast: Cast) -> Case:
    """Jemal's case with a psychologist, a centre worker, a health worker and a social worker in the circle."""
    for name, relation in TEAM.items():
        Grant.objects.create(subject=case.subject, membership=cast[name], relation=relation, since=NOW)
    return case


@pytest.fixture
def drafted(team: Case, cast: Cast) -> Drafted:
    jemal = cast.actor("jemal")
    plan = drafting.begin(team, actor=jemal)
    need = drafting.record_need(
        team, domain="education", level="high", words="Has not been to school for two years", actor=jemal
    )
    objective = drafting.write(
        team,
        kind=RowKind.OBJECTIVE,
        parent=need,
        words="Attends the ninth form",
        own_words="I want to draw and to be with others",
        indicator="Nine of ten days",
        owner="social_worker",
        phrase="school_back",
        start=date(2026, 12, 1),
        end=date(2027, 2, 1),
        actor=jemal,
    )
    activity = drafting.write(
        team,
        kind=RowKind.ACTIVITY,
        parent=objective,
        words="Find a school that asks nothing",
        owner="psychologist",
        end=date(2026, 12, 20),
        actor=jemal,
    )
    return Drafted(team, plan, need, objective, activity, cast)
