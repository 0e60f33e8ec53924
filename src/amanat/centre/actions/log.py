"""Writing in the log of a child: hand-over notes and other entries. Nothing is changed; a correction stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed, File, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.alerting import begin_alert
from amanat.cases.actions.marking import lock
from amanat.cases.models import AlertKind, Case
from amanat.centre import log
from amanat.centre.actions.holding import house_near
from amanat.centre.models import LogEntry, LogKind
from amanat.web.errors import PersonFacingError


class Noted(TypedDict, total=False):
    """What a form of the log asks besides its words: codes of the pack's lists `log_…`, and words."""

    sleep: str
    food: str
    mood: str
    school: str
    medicine: str
    visitors: str


@verb(Verb.LOG_WRITE)
def write_log(
    case: Case,
    *,
    kind: str,
    words: str,
    watch: Sequence[str] = (),
    corrects: LogEntry | None = None,
    actor: Actor,
    **noted: Unpack[Noted],
) -> LogEntry:
    """Write a hand-over note or an entry of the log. Where a note first says to watch for self-harm, the duty list is told.

    Raises:
        PersonFacingError: the child has no bed in a house, and it corrects nothing.
        Closed: the log is not open to the actor: the consent by which they stand in the circle does not name it.
        ValueError: what it corrects is about another child.
    """
    lock(case)
    file, house = open_file(actor, case), house_near(case, actor)
    if not file.writes(Part.CENTRE):
        raise Closed(Part.CENTRE)
    if house is None and corrects is None:
        raise PersonFacingError(
            _("This child does not stay in a house of the centre now."), _("Write a note on the file instead.")
        )
    if corrects is not None and corrects.subject_id != case.subject_id:
        raise ValueError(f"{corrects!r} is about another child")
    is_new = log.SELF_HARM in watch and not _was_watched(file)
    content: dict[str, Any] = {**noted, "watch": list(watch), "words": words}
    entry = LogEntry.objects.create(
        subject=case.subject,
        case=case,
        house=house,
        kind=LogKind(kind),
        corrects=corrects,
        author=actor.membership,
        written_at=actor.now,
        content={key: held for key, held in content.items() if held},
    )
    case.last_contact = max(case.last_contact, timezone.localdate(actor.now))
    case.save(update_fields=["last_contact"])
    if is_new and not case.is_closed:
        begin_alert(case, kind=AlertKind.SELF_HARM, words=words, actor=actor)
    return entry


def _was_watched(file: File) -> bool:
    last = log.last_note(file)
    return last is not None and log.SELF_HARM in last.held.get("watch", [])
