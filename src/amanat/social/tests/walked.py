"""Social help of the policy walk's child: a question with its assessment, help, money spent; and the budget line that it came from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from amanat.access.policy import Part
from amanat.audit.recording import office_subject
from amanat.cases.models import Case
from amanat.people.models import Membership
from amanat.social.models import Budget, FamilyKind, FamilyStep, Help, Spending, Tie
from tests.cast import NOW


def walked(case: Case, keeper: Membership, words: dict[Part, str]) -> None:
    """`words`: a word for each part, which stands in that part alone."""
    day = (NOW - timedelta(days=9)).date()
    common: dict[str, Any] = {"subject": case.subject, "case": case, "author": keeper, "at": NOW - timedelta(days=9)}
    safety, plan = words[Part.SAFETY], words[Part.PLAN]
    told = {"on": day.isoformat(), "answer": "yes", "name": safety, "words": safety}
    asked = FamilyStep.objects.create(**common, kind=FamilyKind.ASKED, content=told)
    found = {"on": day.isoformat(), "result": "not_traced", "words": safety}
    FamilyStep.objects.create(**common, kind=FamilyKind.ASSESSED, about=asked, content=found)
    help_given = {"kind": "school", "on": day.isoformat(), "what": plan, "result": "done"}
    Help.objects.create(**common, content=help_given, words=words[Part.NARRATIVE])
    person = case.child.persons.filter(suspicion__isnull=True)[0]
    tie = {"ring": "family", "safe": "yes", "words": words[Part.CONTACTS]}
    Tie.objects.create(**common, person=person, content=tie)
    budget = Budget.objects.create(
        subject=office_subject(),
        agency=keeper.agency,
        currency="TMT",
        amount=100_000,
        since=day.replace(month=1, day=1),
        until=day.replace(month=12, day=31),
        made_by=keeper,
        made_at=NOW,
        content={"donor": "Walked Fund", "line": "Walked line"},
    )
    spent = {"budget": budget.pk.hex, "form": "goods", "amount": "5.00", "currency": "TMT"}
    Spending.objects.create(**common, content=spent | {"on": day.isoformat(), "what": plan})
