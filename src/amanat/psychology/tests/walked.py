"""What stands on the file of the policy walk's child: a planned session and one that was held, a goal, a group, a crisis contact."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from amanat.access.models import Grant
from amanat.access.policy import Relation
from amanat.cases.models import Case
from amanat.people.models import Membership, Role
from amanat.psychology.models import (
    CrisisContact,
    GoalStep,
    GroupPart,
    GroupSession,
    OwnGoal,
    ProcessNote,
    Session,
    SessionReport,
    SessionState,
)
from amanat.vault.models import Subject, SubjectKind
from tests.cast import NOW

# Pages about a session that was held; the others are about the one that is planned.
OF_HELD = ("psychology.correct_session", "psychology.note_session")


def walked(case: Case, keeper: Membership, summary: str, notes: str, safety: str) -> None:
    """`summary`, `notes` and `safety` are words that stand in these parts alone."""
    child: dict[str, Any] = {"subject": case.subject, "case": case}
    plan = {"aim": summary, "place": summary}
    of_session = child | {"psychologist": keeper, "written_at": NOW, "plan": plan}
    Session.objects.create(**of_session, at=NOW - timedelta(hours=1))
    told = {"attendance": "came", "summary": summary, "next": summary, "present": summary}
    held = Session.objects.create(**of_session, at=NOW - timedelta(days=1), state=SessionState.HELD, report=told)
    of_held: dict[str, Any] = {"subject": case.subject, "session": held}
    SessionReport.objects.create(**of_held, author=keeper, written_at=NOW, content=told)
    ProcessNote.objects.create(**child, session=held, author=keeper, written_at=NOW, text=notes)
    goal = OwnGoal.objects.create(**child, session=held, set_at=NOW, words=summary)
    GoalStep.objects.create(**of_held, goal=goal, said_at=NOW, content={"how": "nearer", "words": summary})
    shared = GroupSession.objects.create(
        subject=Subject.objects.begin(SubjectKind.SHARED),
        psychologist=keeper,
        at=NOW,
        written_at=NOW,
        content={"theme": summary, "course": summary},
    )
    part = GroupPart.objects.create(**child, shared=shared, at=NOW, content={"attendance": "came", "words": summary})
    ProcessNote.objects.create(**child, group_part=part, author=keeper, written_at=NOW, text=notes)
    about = {"way": "there", "danger": "none", "what": safety, "done": safety}
    CrisisContact.objects.create(**child, author=keeper, at=NOW, written_at=NOW, content=about)


def session_for(case: Case, page: str) -> uuid.UUID:
    """The one that a page is about."""
    state = SessionState.HELD if page in OF_HELD else SessionState.PLANNED
    return case.sessions.get(state=state).pk


def in_a_group(case: Case) -> None:
    """Every psychologist stands beside the child's sibling too, so that a group has a second child."""
    sibling = Case.objects.filter(child__family=case.child.family_id).exclude(pk=case.pk)[0]
    since = NOW - timedelta(hours=1)
    for one in Membership.objects.filter(role=Role.PSYCHOLOGIST):
        Grant.objects.get_or_create(
            subject=sibling.subject, membership=one, relation=Relation.PSYCHOLOGIST, defaults={"since": since}
        )
