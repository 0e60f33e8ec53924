"""How often a child told what happened to it: in interviews, and before courts and other bodies."""

from __future__ import annotations

from typing import Final

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.models import Event, EventKind
from amanat.legal.models import Hearing, HearingState

YES: Final = "yes"


def heard_in_hearings(file: File) -> int:
    """In how many hearings the child was heard, on whichever of its cases; 0 where the legal file is closed."""
    rows = Hearing.objects.filter(subject=file.row.subject_id, state=HearingState.HELD)
    found = 0
    for row in rows if file.sees(Part.LEGAL_FILE) else ():
        row.subject = file.row.subject
        found += (file.open(row, "content") or {}).get("child_heard") == YES
    return found


def told_before(file: File) -> int:
    """How often the child told it until now. Two queries."""
    interviews = Event.objects.filter(subject=file.row.subject_id, kind=EventKind.INTERVIEWED).count()
    return interviews + heard_in_hearings(file)
