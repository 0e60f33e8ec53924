"""Signs of re-trafficking: one step records them, opens a closed case again and lets somebody on duty know."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.alerting import begin_alert
from amanat.cases.actions.changing import begin_again
from amanat.cases.actions.marking import mark
from amanat.cases.models import AlertKind, Case, EventKind
from amanat.cases.stating import file_of, said
from amanat.monitoring.models import Signs
from amanat.web.errors import PersonFacingError

WHY_AGAIN = "trafficked_again"  # of the pack's list `reopening_reason`


@verb(Verb.SIGNS_RECORD)
def record(case: Case, *, signs: Sequence[str], words: str, actor: Actor) -> Signs:
    """Record signs (codes of `retrafficking_sign`), reopen the case if it is closed, and raise an alert of the highest priority.

    Raises:
        PersonFacingError: no sign is named; the case is closed and another one of this child is open: the signs belong there.
    """
    file_of(case, actor, Part.SAFETY)
    if not signs:
        raise PersonFacingError(_("Choose at least one sign."), field="signs")
    was_closed = case.is_closed
    row = Signs.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        reopened=was_closed,
        content=said(signs=list(signs), words=words),
    )
    if was_closed:
        begin_again(case, reason="", why=WHY_AGAIN, actor=actor)
    mark(case, EventKind.RETRAFFICKING, actor, part=Part.SAFETY)
    begin_alert(case, kind=AlertKind.P1, words=words, actor=actor)
    return row
