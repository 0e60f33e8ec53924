"""Shared by the verbs of this file's neighbours: a statement is added, and days that can't be are refused."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.actor import Actor
from amanat.access.files import Closed, File, open_file
from amanat.access.policy import Part
from amanat.cases.actions.marking import lock
from amanat.cases.htcds import surely_born
from amanat.cases.models import Case
from amanat.identification.models import Statement, StatementKind
from amanat.packs import bounds
from amanat.web.errors import PersonFacingError

BEFORE_DECISION = gettext_lazy("This is before the day of the decision.")
BEFORE_OBSTACLE = gettext_lazy("This is before the day on which the obstacle was seen.")


def file_of(case: Case, actor: Actor) -> File:
    """The file under the lock of the case, for a verb that states something.

    Raises:
        Closed: the facts are not open to the actor, to whom a conflict may have closed them.
    """
    lock(case)
    file = open_file(actor, case)
    demand_facts(file)
    return file


def demand_facts(file: File) -> None:
    """Raises:
    Closed: who does not see what was stated so far states nothing more.
    """
    if not file.sees(Part.FACTS):
        raise Closed(Part.FACTS)


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
        content={key: value for key, value in content.items() if value not in ("", None, [], {})},
    )


def check_day(file: File, day: date, field: str = "on") -> None:
    """Raises:
    PersonFacingError: the day has not come yet, or lies before the child was born.
    """
    if day > timezone.localdate(file.actor.now):
        raise PersonFacingError(_("This day has not come yet."), field=field)
    born = surely_born(file)
    if bounds.is_before(day.isoformat(), born or bounds.OLDEST):
        raise PersonFacingError(_("The child was not born then."), _("Look which of the two days is right."), field)


def check_after(day: date | None, first: date, field: str, sentence: str | Promise = BEFORE_DECISION) -> None:
    """Raises:
    PersonFacingError: a day that follows from another lies before it.
    """
    if day is not None and day < first:
        raise PersonFacingError(sentence, field=field)
