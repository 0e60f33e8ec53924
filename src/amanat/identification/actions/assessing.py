"""How vulnerable a child is, and what stands in the way of identification."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.stating import check_day, file_of
from amanat.identification.actions.stating import BEFORE_OBSTACLE, check_after, state
from amanat.identification.models import Statement, StatementKind
from amanat.identification.statements import statement_of
from amanat.web.errors import PersonFacingError

# IOM, Determinants of Migrant Vulnerability: four levels, each with what endangers and what protects.
LEVELS = ("individual", "household", "community", "structural")


@verb(Verb.VULNERABILITY_RECORD)
def assess(
    case: Case, *, on: date, factors: Mapping[str, Mapping[str, Any]], level: str, reason: str, actor: Actor
) -> Statement:
    """Record an assessment. `factors`: by level, {risk: [code], protective: [code], words}; `level`: low, medium or high, as the
    worker judges it: no source names a number.

    Raises:
        PersonFacingError: nothing is chosen or written at any level; the day has not come, or lies before the birth.
    """
    check_day(file_of(case, actor, Part.FACTS), on)
    told = {name: {key: held for key, held in factors.get(name, {}).items() if held} for name in LEVELS}
    if not any(told.values()):
        raise PersonFacingError(_("Choose or write at least one thing that endangers or protects the child."))
    content = {"on": on.isoformat(), "factors": {name: held for name, held in told.items() if held}}
    assessed = state(case, StatementKind.VULNERABILITY, content | {"level": level, "words": reason}, actor)
    mark(case, EventKind.VULNERABILITY, actor, part=Part.FACTS, level=level, text=reason)
    return assessed


@verb(Verb.OBSTACLE_RECORD)
def note_obstacle(case: Case, *, obstacle: str, on: date, words: str = "", actor: Actor) -> Statement:
    """Record what stands in the way. `obstacle` is a code of the list of that name.

    Raises:
        PersonFacingError: the day has not come, or lies before the birth.
    """
    check_day(file_of(case, actor, Part.FACTS), on)
    content = {"obstacle": obstacle, "on": on.isoformat(), "words": words}
    noted = state(case, StatementKind.OBSTACLE, content, actor)
    mark(case, EventKind.OBSTACLE, actor, part=Part.FACTS, obstacle=obstacle, text=words)
    return noted


@verb(Verb.OBSTACLE_RECORD)
def try_response(
    case: Case, *, obstacle: Statement, what: str, by: str, on: date, result: str, words: str = "", actor: Actor
) -> Statement:
    """Record what was tried against an obstacle, by whom, and what came of it (a code of `obstacle_result`).

    Raises:
        PersonFacingError: the day has not come, or lies before the obstacle was seen.
    """
    file = file_of(case, actor, Part.FACTS)
    seen = statement_of(file, StatementKind.OBSTACLE, obstacle.pk)
    if seen is None:
        raise ValueError(f"{obstacle!r} is no obstacle of this file")
    check_day(file, on)
    check_after(on, seen.on or on, "on", BEFORE_OBSTACLE)
    content = {"what": what, "by": by, "on": on.isoformat(), "result": result, "words": words}
    tried = state(case, StatementKind.RESPONSE, content, actor, about=seen.row)
    mark(case, EventKind.OBSTACLE, actor, part=Part.FACTS, obstacle=seen.held["obstacle"], result=result, text=what)
    return tried
