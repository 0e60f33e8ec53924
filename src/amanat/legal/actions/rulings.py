"""What happened in proceedings: decisions, appeals, compensation, permits. Deadlines follow from it, and from what was wrong none."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import EventKind
from amanat.cases.stating import check_day, file_of, said
from amanat.legal.actions.shared import check_after
from amanat.legal.following import follow
from amanat.legal.models import Proceeding, Ruling
from amanat.web.errors import PersonFacingError


@verb(Verb.RULING_RECORD)
def record_ruling(
    proceeding: Proceeding,
    *,
    event: str,
    on: date,
    words: str = "",
    number: str = "",
    until: date | None = None,
    appeal_by: date | None = None,
    amount: str = "",
    actor: Actor,
) -> Ruling:
    """Record what happened. `event`: a code of `legal_event`; `until`: how long it holds;
    `appeal_by`: the last day to appeal that it names.

    Raises:
        PersonFacingError: the day has not come yet or lies before the birth; a day that it names lies before it; nothing says what it was.
    """
    case = proceeding.case
    file = file_of(case, actor, Part.LEGAL_FILE)
    check_day(file, on)
    for day, field in ((until, "until"), (appeal_by, "appeal_by")):
        check_after(day, on, field)
    if event == "other" and not words:
        raise PersonFacingError(_("Write what happened."), field="words")
    days = {"until": until.isoformat() if until else "", "appeal_by": appeal_by.isoformat() if appeal_by else ""}
    ruling = Ruling.objects.create(
        subject=case.subject,
        case=case,
        proceeding=proceeding,
        on=on,
        author=actor.membership,
        at=actor.now,
        content=said(event=event, words=words, number=number, amount=amount, **days),
    )
    follow(proceeding)
    mark(case, EventKind.RULING, actor, part=Part.LEGAL_FILE)
    return ruling


@verb(Verb.RULING_RECORD)
def take_back(proceeding: Proceeding, *, ruling: Ruling, reason: str, actor: Actor) -> Ruling:
    """Take back what was recorded wrongly: both stay on the file, and no deadline follows from it any more.

    Raises:
        PersonFacingError: it was taken back before, or is itself what takes another back.
    """
    case = proceeding.case
    file_of(case, actor, Part.LEGAL_FILE)
    row = Ruling.objects.filter(pk=ruling.pk, proceeding=proceeding, takes_back=None, taken_back=None).first()
    if row is None:
        raise PersonFacingError(_("This entry was taken back meanwhile."))
    back = Ruling.objects.create(
        subject=case.subject,
        case=case,
        proceeding=proceeding,
        takes_back=row,
        on=row.on,
        author=actor.membership,
        at=actor.now,
        content=said(words=reason),
    )
    follow(proceeding)
    mark(case, EventKind.RULING, actor, part=Part.LEGAL_FILE, decided="taken_back", text=reason)
    return back
