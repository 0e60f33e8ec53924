"""What a child wants, in the child's own words, and how it says that it goes."""

from __future__ import annotations

from django.db import models

from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.psychology.models.sessions import Session
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class OwnGoal(SealedModel):
    """A goal that the child set. Its words are never changed; what the child says of it later are steps. `words`: a text."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="own_goals")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="goals")
    set_at = models.DateTimeField()
    words = Sealed("psychology.own_goal.words", part=Part.PSYCHOLOGY_SUMMARY)

    class Meta:
        indexes = [models.Index(fields=["case", "set_at", "id"], name="own_goal_of_case")]

    def __str__(self) -> str:
        return "own goal"

    @property
    def file_row(self) -> FileRow:
        return self.case


class GoalStep(SealedModel):
    """What the child said of its goal in a session. `content`: {how, words}; `how` is a code of `goal_how`."""

    goal = models.ForeignKey(OwnGoal, on_delete=models.PROTECT, related_name="steps")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="goal_steps")
    said_at = models.DateTimeField()
    content = Sealed("psychology.goal_step.content", part=Part.PSYCHOLOGY_SUMMARY)

    def __str__(self) -> str:
        return "step to an own goal"

    @property
    def file_row(self) -> FileRow:
        return self.goal.case
