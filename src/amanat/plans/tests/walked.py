"""The plan of the policy walk's child: one version that was agreed, another that is drafted, a comment on it; and what the team said
where nobody else could be asked."""

from __future__ import annotations

from typing import Any

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.cases.models import Case
from amanat.people.models import Membership
from amanat.plans import texts
from amanat.plans.models import Agreement, Comment, FrozenPlan, Party, Plan, PlanRow, PlanState, RowKind
from amanat.plans.reading import Standing
from amanat.plans.texts import Row
from tests.cast import NOW


def walked(case: Case, keeper: Membership, words: str) -> None:
    """`words` stand in this part alone."""
    common: dict[str, Any] = {"case": case, "subject": case.subject}
    by = {"author": keeper, "made_at": NOW, "changed_by": keeper, "changed_at": NOW, "role": str(keeper.role)}
    held: list[tuple[RowKind, dict[str, str]]] = [
        (RowKind.WHOLE, {"goal": words}),
        (RowKind.NEED, {"domain": "education", "level": "high", "words": words}),
        (RowKind.OBJECTIVE, {"words": words, "owner": "social_worker", "phrase": "school_back", "end": "2027-01-01"}),
        (RowKind.ACTIVITY, {"words": words, "owner": "psychologist"}),
    ]
    rows: list[Row] = []
    parent: PlanRow | None = None
    for place, (kind, fields) in enumerate(held, start=1):
        under = parent if kind in (RowKind.OBJECTIVE, RowKind.ACTIVITY) else None
        made = PlanRow.objects.create(**common, **by, kind=kind, parent=under, place=place, content=fields)
        rows.append(Row(made.pk.hex, kind, under.pk.hex if under else "", place, fields))
        parent = made
    text = texts.text_of(rows)
    began = {"begun_by": keeper, "begun_at": NOW}
    agreed = Plan.objects.create(**common, **began, number=1, state=PlanState.AGREED, agreed_at=NOW)
    content = {"rows": texts.as_json(text), "sha256": texts.digest(text)}
    FrozenPlan.objects.create(subject=case.subject, plan=agreed, content=content)
    Plan.objects.create(**common, **began, number=2, why=words)
    Comment.objects.create(**common, author=keeper, at=NOW, words=words)


def nobody_asked(case: Case, keeper: Membership) -> None:
    """The team agrees to the draft; child and guardian could not be asked."""
    plan = Plan.objects.get(case=case, state=PlanState.DRAFT)
    text = Standing(open_file(Actor.of(keeper, NOW), case)).live
    for place, party in enumerate(Party, start=1):
        answer = "yes" if party == Party.TEAM else "not_asked"
        content = {
            "answer": answer,
            "on": NOW.date().isoformat(),
            "name": "",
            "words": "Far away",
            "sha256": texts.digest(text),
        }
        Agreement.objects.create(
            subject=case.subject, plan=plan, party=party, place=place, recorded_by=keeper, at=NOW, content=content
        )
