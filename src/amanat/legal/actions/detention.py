"""A change in the detention of an accused: it stands on the file, and the duty list hears of it at once."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.alerting import begin_alert
from amanat.cases.actions.marking import mark
from amanat.cases.models import AlertKind, Case, EventKind
from amanat.cases.stating import check_moment, file_of, said
from amanat.legal import accused
from amanat.legal.models import Custody, Detention
from amanat.web.errors import PersonFacingError


@verb(Verb.DETENTION_RECORD)
def record_detention(
    case: Case, *, custody: Custody, who: str, since: datetime, words: str = "", person: str = "", actor: Actor
) -> Detention:
    """Record where an accused is from now on. `who`: in the words of the file; `person`: who around the child that is, by id.

    Raises:
        PersonFacingError: it lies in the future; the case is closed, so that nobody would be told.
        Closed: the legal status is not open to the actor.
    """
    file = file_of(case, actor, Part.LEGAL_STATUS)
    if case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Reopen it first."))
    check_moment(file, since, "since")
    row = Detention.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        content=said(custody=custody, who=who, since=since.isoformat(), words=words, person=person),
    )
    mark(case, EventKind.DETENTION, actor, part=Part.LEGAL_STATUS)
    # Whoever sees safety reads an alert; the words stand under the legal status.
    told = {"who": who, "what": Custody(custody).label}
    begin_alert(case, kind=AlertKind.DETENTION, words=_("%(who)s: %(what)s.") % told, actor=actor)
    accused.flag(case, who, actor, person)
    return row
