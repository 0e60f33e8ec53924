"""What stands on the walk's child: a solution, its signature, a hand-over, a follow-up with a try, outcomes, signs, a closing."""

from __future__ import annotations

from typing import Any

from amanat.cases.models import Case
from amanat.monitoring.models import (
    Closing,
    End,
    FollowUp,
    HandOver,
    Outcomes,
    Signature,
    Signs,
    Solution,
    Try,
    View,
)
from amanat.people.models import Membership
from tests.cast import NOW


def walked(case: Case, keeper: Membership, plan: str, safety: str) -> FollowUp:
    """`plan` and `safety` are words that stand in these parts alone."""
    common: dict[str, Any] = {"subject": case.subject, "case": case, "author": keeper, "at": NOW}
    day = NOW.date()
    told = {"kind": "independent", "views": plan, "words": plan, "proofs": {"child_view": plan}}
    solution = Solution.objects.create(**common, version=1, content=told)
    signed = {"name": plan, "capacity": plan, "on": day.isoformat(), "left_out": plan}
    handed = {"at": NOW.isoformat(), "place": plan, "by": plan, "to": plan, "words": plan}
    HandOver.objects.create(**common, number="23456789", content=handed)
    Signature.objects.create(**common, solution=solution, end=End.RECEIVING, content=signed)
    follow_up = FollowUp.objects.create(**common, due=day, why={"text": plan})
    tried = {"on": day.isoformat(), "way": "phone", "result": "unknown", "words": plan, "next": day.isoformat()}
    Try.objects.create(**common, follow_up=follow_up, content=tried)
    seen = {"on": day.isoformat(), "levels": {"safety": "good"}, "words": plan}
    Outcomes.objects.create(**common, view=View.CHILD, content=seen)
    Signs.objects.create(**common, content={"signs": ["offer"], "words": safety})
    asked = {"why": "other", "not_met": plan, "child": "agrees", "guardian": "agrees", "words": plan}
    Closing.objects.create(**common, state="sent_back", content=asked, answer={"text": plan})
    return follow_up
