"""Goals of a child in its own words, with what it said of them since."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.shown import Text, label, spoken
from amanat.psychology.models import GoalStep, OwnGoal

MOST = 50  # goals of a child that are shown, the newest
ENDED = frozenset({"reached", "let_go"})
_KINDS = {"nearer": "success", "reached": "success", "further": "warning"}


@dataclass(frozen=True)
class Step:
    session: uuid.UUID
    at: datetime
    how: str  # a code of `goal_how`
    words: Text

    @property
    def how_text(self) -> str:
        return label("goal_how", self.how)

    @property
    def kind(self) -> str:
        return _KINDS.get(self.how, "")


@dataclass(frozen=True)
class Goal:
    """A goal with its steps, the oldest first."""

    row: OwnGoal
    words: Text
    steps: list[Step] = field(default_factory=list)

    @property
    def ref(self) -> str:
        return self.row.pk.hex

    @property
    def last(self) -> Step | None:
        return self.steps[-1] if self.steps else None

    @property
    def is_open(self) -> bool:
        """Whether the child still has it: by the last step, so that a goal can come back."""
        return self.last is None or self.last.how not in ENDED


def goals_of(file: File) -> list[Goal]:
    """The newest first; empty where the summary is closed. Two queries."""
    if not file.sees(Part.PSYCHOLOGY_SUMMARY):
        return []
    rows = list(OwnGoal.objects.filter(subject=file.row.subject_id).order_by("-set_at", "-id")[:MOST])
    steps: dict[uuid.UUID, list[Step]] = defaultdict(list)
    of_these = GoalStep.objects.filter(goal__in=[row.pk for row in rows]).order_by("said_at", "id") if rows else []
    for step in of_these:
        step.subject = file.row.subject
        told = file.open(step, "content")
        steps[step.goal_id].append(Step(step.session_id, step.said_at, told["how"], spoken(told.get("words", ""))))
    return [_goal(file, row, steps[row.pk]) for row in rows]


def _goal(file: File, row: OwnGoal, steps: list[Step]) -> Goal:
    row.subject = file.row.subject
    return Goal(row, spoken(file.open(row, "words")), steps)
