"""How it stands with each right of the child."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.stating import check_day, file_of, said
from amanat.legal.models import RightRecord, RightState
from amanat.web.errors import PersonFacingError


@verb(Verb.RIGHT_RECORD)
def record_right(
    case: Case, *, right: str, state: RightState, on: date, whom: str = "", words: str = "", actor: Actor
) -> RightRecord:
    """Record that a right was given, asked for or refused. `right`: a code of `child_right`; `whom`: by or of whom.

    Raises:
        PersonFacingError: the day has not come yet or lies before the birth; a refusal without its reason.
    """
    file = file_of(case, actor, Part.LEGAL_FILE)
    check_day(file, on)
    if state == RightState.REFUSED and not words:
        raise PersonFacingError(_("Write with which reason it was refused, and by whom."), field="words")
    row = RightRecord.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        content=said(right=right, state=state, on=on.isoformat(), whom=whom),
        words=words or None,
    )
    mark(case, EventKind.RIGHT, actor, part=Part.LEGAL_STATUS)
    return row
