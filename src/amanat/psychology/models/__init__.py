"""What the room keeps: sessions (`sessions`), groups and crisis contacts (`contacts`), a child's own goals (`goals`)."""

from amanat.psychology.models.contacts import CrisisContact, GroupPart, GroupSession
from amanat.psychology.models.goals import GoalStep, OwnGoal
from amanat.psychology.models.sessions import ProcessNote, Session, SessionReport, SessionState

__all__ = [
    "CrisisContact",
    "GoalStep",
    "GroupPart",
    "GroupSession",
    "OwnGoal",
    "ProcessNote",
    "Session",
    "SessionReport",
    "SessionState",
]
