"""Shared by the verbs of this file's neighbours: a statement is added, and days that can't be are refused."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from amanat.access.actor import Actor
from amanat.cases.models import Case
from amanat.cases.stating import said
from amanat.identification.models import Statement, StatementKind
from amanat.web.errors import PersonFacingError

BEFORE_DECISION = gettext_lazy("This is before the day of the decision.")
BEFORE_OBSTACLE = gettext_lazy("This is before the day on which the obstacle was seen.")


def state(
    case: Case, kind: StatementKind, content: dict[str, Any], actor: Actor, *, about: Statement | None = None
) -> Statement:
    """Within a verb. What is empty is not kept."""
    return Statement.objects.create(
        subject=case.subject,
        case=case,
        kind=kind,
        about=about,
        author=actor.membership,
        at=actor.now,
        content=said(**content),
    )


def check_after(day: date | None, first: date, field: str, sentence: str | Promise = BEFORE_DECISION) -> None:
    """Raises:
    PersonFacingError: a day that follows from another lies before it.
    """
    if day is not None and day < first:
        raise PersonFacingError(sentence, field=field)
