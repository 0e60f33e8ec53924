"""Outcomes of reintegration: what a worker sees and what the child says, each recorded for itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.stating import check_day, check_open, file_of, said
from amanat.monitoring.models import Outcomes, View
from amanat.web.errors import PersonFacingError


@verb(Verb.OUTCOME_RECORD)
def record(case: Case, *, view: str, on: date, levels: Mapping[str, str], words: str = "", actor: Actor) -> Outcomes:
    """Record one view. `levels`: by outcome of the pack a code of `outcome_level`. No sum is made of them.

    Raises:
        PersonFacingError: the case is closed, nothing is said, or the day can't be.
    """
    file = file_of(case, actor, Part.PLAN)
    check_open(case)
    check_day(file, on)
    chosen = {name: code for name, code in levels.items() if code}
    if not chosen:
        raise PersonFacingError(_("Choose for at least one outcome how it goes."))
    row = Outcomes.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        view=View(view),
        content=said(on=on.isoformat(), levels=chosen, words=words),
    )
    mark(case, EventKind.OUTCOMES, actor, part=Part.PLAN)
    return row
