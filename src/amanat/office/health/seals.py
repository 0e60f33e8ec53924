"""Whether the log is sealed in time, and guarded by the database. Whether it holds is `audit verify`'s to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import connection
from django.db.models import OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from amanat.audit import guards
from amanat.audit.models import Entry, Pending
from amanat.audit.verify import GRACE
from amanat.office.health import Check, Probe, Seen, State, add, age, pile


def register() -> None:
    add(Probe("log", checks, figures))


def figures(now: datetime) -> Mapping[str, Combinable]:
    # From the queue, which is short: never by the times of the whole log.
    at = Subquery(Entry.objects.filter(pk=OuterRef("entry_id")).values("at")[:1])
    return pile("unsealed", Pending.objects.annotate(at=at).filter(at__lt=now - GRACE), "at")


def checks(seen: Seen) -> Iterator[Check]:
    yield _unsealed(seen)
    label, missing = _("Guards of the log"), len(guards.missing(connection))
    if missing:
        sentence = _("Triggers that guard the log are missing: %(count)s.") % {"count": missing}
        hint = _("Keep the machine as it is, verify the log, and call whoever looks after security.")
        yield Check("log.guards", label, State.FAULT, sentence, hint, missing)
    else:
        yield Check("log.guards", label, State.OK, _("The database refuses to change the log."), value=0)


def _unsealed(seen: Seen) -> Check:
    label, waiting = _("Seals of the log"), seen.figures["unsealed"] or 0
    if not waiting:
        return Check("log.unsealed", label, State.OK, _("Every entry older than 10 seconds is sealed."), value=0)
    told = {"count": waiting, "age": age(seen.figures["unsealed_since"], seen.now)}
    sentence = _("Entries not sealed for more than 10 seconds: %(count)s; the oldest for %(age)s.") % told
    hint = _("The process that does this does not come through. Look at the log of the server, then serve anew.")
    return Check("log.unsealed", label, State.FAULT, sentence, hint, waiting)
