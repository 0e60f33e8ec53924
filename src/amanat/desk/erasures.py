"""Questions to the register of erasures: what waits for whom, what was done, and what the machine has not cleaned up yet."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import ngettext

from amanat.access.actor import Actor
from amanat.access.files import File, not_kept_out, visible_to
from amanat.access.loaders import files_about
from amanat.access.models import Conflict, FileRow
from amanat.cases.models import Case
from amanat.desk.models import Erasure, ErasureState
from amanat.desk.people import is_officer
from amanat.desk.place import urls_of
from amanat.hotline.models import Matter
from amanat.vault import erasing
from amanat.vault.models import Leftover

SHOWN = 100


@dataclass(frozen=True)
class Waiting:
    """An erasure that nobody has decided yet, with the file as its reader may see it. `mine`: they may be the second person; the
    verb decides it."""

    row: Erasure
    file: File
    mine: bool

    @property
    def asked_by_officer(self) -> bool:
        """Then the second person is a supervisor of the agency that owns the file, where one can."""
        return is_officer(self.row.asked_by)

    @property
    def urls(self) -> dict[str, str]:
        return urls_of(self.file.row)


def told(rows: QuerySet[Erasure]) -> QuerySet[Erasure]:
    """With all that a page says of them."""
    return rows.select_related(
        "subject", "asked_by__user", "asked_by__agency", "decided_by__user", "decided_by__agency"
    )


def _open(actor: Actor) -> QuerySet[Erasure]:
    """Those that wait on files which the actor may know of."""
    cases, matters = visible_to(actor, Case.objects.all()), visible_to(actor, Matter.objects.all())
    known = Q(subject__in=cases.values("subject")) | Q(subject__in=matters.values("subject"))
    return Erasure.objects.filter(known, state=ErasureState.WAITING)


def waiting(actor: Actor) -> list[Waiting]:
    """What waits, the oldest first."""
    rows = list(told(_open(actor)).order_by("asked_at", "id")[:SHOWN])
    files = files_about(actor, [row.subject_id for row in rows])
    conflicts = Conflict.objects.filter(user=actor.user, subject__in=files, lifted_at=None)
    not_mine = set(conflicts.values_list("subject", flat=True)) if files else set()
    return [
        Waiting(row, files[row.subject_id], row.asked_by.user_id != actor.user.pk and row.subject_id not in not_mine)
        for row in rows
        if row.subject_id in files
    ]


def waiting_for(actor: Actor) -> QuerySet[Erasure]:
    """Those that the actor did not ask for themselves."""
    return _open(actor).exclude(asked_by__user=actor.user)


def decided(actor: Actor) -> QuerySet[Erasure]:
    """What was carried out (there is no file to be kept out of any more), and what was declined."""
    return told(not_kept_out(actor, Erasure.objects.exclude(state=ErasureState.WAITING)))


def of_file(subject: uuid.UUID) -> Erasure | None:
    """The one that waits on a file, if one does."""
    return told(Erasure.objects.filter(subject=subject, state=ErasureState.WAITING)).first()


def unsearched(row: FileRow) -> str:
    """What of the agency an erasure of this file can't look into, in a sentence; "" where there is nothing. No matter stands there."""
    found = [] if isinstance(row, Matter) else erasing.unsearched(row.agency_id)
    if not found:
        return ""
    count, until = sum(one.count for one in found), max(one.until for one in found)
    return ngettext(
        "%(count)s file that came to the agency can’t be looked into (an import that is not read to its end, a form of a phone that "
        "does not open): nobody knows whether this child stands in it. It goes by itself, at the latest on %(day)s; whoever brought "
        "it can discard it now.",
        "%(count)s files that came to the agency can’t be looked into (imports that are not read to their end, forms of phones that "
        "do not open): nobody knows whether this child stands in them. They go by themselves, the last on %(day)s; whoever brought "
        "them can discard them now.",
        count,
    ) % {"count": count, "day": f"{localtime(until):%d.%m.%Y}"}


def to_sweep() -> bool:
    """Whether the database still has to be cleaned of what was erased."""
    return Leftover.objects.filter(keep_until=None).exists()
