"""What may leave of files, and to whom: no more than a consent names for an agency that does not own the file."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.consents import parts_open_to
from amanat.access.files import File, visible_to
from amanat.cases.models import Case
from amanat.cases.queries import managing
from amanat.people.models import Agency
from amanat.web.errors import PersonFacingError

MOST = 5000  # children a file: all of it is made in memory
NAMED = 20  # code names in a sentence


class NoConsent(PersonFacingError):
    """Some of the children's files may not go to that agency."""

    def __init__(self, to: Agency, code_names: Sequence[str]) -> None:
        said = {"agency": to, "names": in_one_sentence(code_names)}
        super().__init__(
            _("There is no consent to share these files with %(agency)s: %(names)s.") % said,
            _("Record the consent first, or leave these children out."),
            field="to",
        )


def in_one_sentence(code_names: Sequence[str]) -> str:
    """Code names to read, the first twenty of them."""
    return ", ".join(code_names[:NAMED]) + (" …" if len(code_names) > NAMED else "")


def newest(cases: Sequence[Case]) -> list[Case]:
    """The case of each child that is open, else the one that was closed last; in the order of the children.

    Raises:
        PersonFacingError: there are more than 5,000.
    """
    found: dict[uuid.UUID, Case] = {}
    for case in cases:
        held = found.setdefault(case.subject_id, case)
        if held.closed_at and (case.closed_at is None or case.closed_at > held.closed_at):
            found[case.subject_id] = case
    if len(found) > MOST:
        raise PersonFacingError(
            _("More than 5,000 children do not go into one file."), _("Choose fewer."), field="which"
        )
    return list(found.values())


def going_to(to: Agency, files: Sequence[File]) -> list[tuple[File, File | None]]:
    """Each file, and the same as far as it may go to an agency: its own whole, others as far as consents go, or not at all."""
    outside = [file for file in files if file.row.agency_id != to.pk]
    subjects = {file.row.subject_id for file in outside}
    open_to = parts_open_to(to, subjects, outside[0].actor.now) if outside else {}

    def as_far(file: File) -> File | None:
        if file.row.agency_id == to.pk:
            return file
        parts = open_to.get(file.row.subject_id)
        return None if parts is None else file.only(parts)

    return [(file, as_far(file)) for file in files]


def managed(actor: Actor) -> QuerySet[Case]:
    """The newest case of each child that the actor (or somebody whom they stand in for) manages, the newest first."""
    rows = visible_to(actor, Case.objects.filter(subject__in=managing(actor).values("subject")))
    later = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gt=OuterRef("closed_at")), subject=OuterRef("subject"))
    rows = rows.filter(Q(closed_at=None) | ~Exists(later))
    return rows.select_related("subject", "child", "agency").order_by("-opened_in", "id")
