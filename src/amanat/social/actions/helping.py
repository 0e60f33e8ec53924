"""Help that was given: a document, school, health, training, somebody to go along, a home visit; taken back where it was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed, File, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import Case, EventKind
from amanat.cases.persons import around
from amanat.cases.stating import check_day, file_to_write
from amanat.social.models import Help
from amanat.web.errors import PersonFacingError

DOCUMENT: Final = "document"
HOME_VISIT: Final = "home_visit"
WITH_THE_CHILD: Final = frozenset({"accompaniment", HOME_VISIT})
"""Kinds on which the child was met."""


@verb(Verb.HELP_RECORD)
def record_help(
    case: Case,
    *,
    kind: str,
    on: date,
    what: str,
    result: str,
    document: str = "",
    where: str = "",
    met: Sequence[str] = (),
    then: str = "",
    words: str = "",
    actor: Actor,
) -> Help:
    """Record help. `kind`, `document` and `result` are codes of `help_kind`, `document_kind`, `help_result`; `met`: people around the
    child by id; `words`: what was seen on a home visit, which only those who read the narrative read.

    Was a suspect met, the record says so.

    Raises:
        PersonFacingError: the day can't be; no document is named; somebody who was met is not on the list any more; words of a
            home visit by who does not write the narrative.
        Closed: the plan is not the actor's to write.
    """
    lock(case)
    file = open_file(actor, case)
    if not file.writes(Part.PLAN):
        raise Closed(Part.PLAN)
    check_day(file, on)
    if kind == DOCUMENT and not document:
        raise PersonFacingError(_("Choose which document it is."), field="document")
    if words and not file.writes(Part.NARRATIVE):
        raise Closed(Part.NARRATIVE)
    content: dict[str, Any] = {"kind": kind, "on": on.isoformat(), "what": what, "result": result, "where": where}
    content |= {"document": document if kind == DOCUMENT else "", "then": then}
    content |= _who_was_met(file, met)
    row = Help.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        content={key: value for key, value in content.items() if value},
        words=words or None,
    )
    if kind in WITH_THE_CHILD:
        case.last_contact = max(case.last_contact, on)
        case.save(update_fields=["last_contact"])
    mark(case, EventKind.HELPED, actor, part=Part.PLAN, text=what)
    return row


@verb(Verb.HELP_RECORD)
def take_back_help(case: Case, *, given: Help, reason: str, actor: Actor) -> Help:
    """Take help back that was recorded wrongly: both stay on the file.

    Raises:
        PersonFacingError: it was taken back before, or is itself what takes another back.
        Closed: the plan is not the actor's to write.
    """
    file_to_write(case, actor, Part.PLAN)
    row = Help.objects.filter(pk=given.pk, subject=case.subject_id, takes_back=None, taken_back=None).first()
    if row is None:
        raise PersonFacingError(_("This entry was taken back meanwhile."))
    back = Help.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        takes_back=row,
        content={"why": reason},
    )
    mark(case, EventKind.HELPED, actor, part=Part.PLAN, decided="taken_back", text=reason)
    return back


def _who_was_met(file: File, met: Sequence[str]) -> dict[str, Any]:
    known = {one.ref: one for one in around(file)} if met else {}
    if not set(met) <= known.keys():
        raise PersonFacingError(_("Somebody whom you chose is not on the list any more."), field="met")
    return {"met": list(met), "suspect_met": any(known[ref].is_suspect for ref in met)}
