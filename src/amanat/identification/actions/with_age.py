"""A screening together with what was said of the age in the same talk: both are kept, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.models import FileRow
from amanat.cases.shown import label
from amanat.identification.actions.age import may_be_in_doubt, record_age
from amanat.identification.actions.screening import record_screening
from amanat.identification.age import Kind
from amanat.identification.models import Screening


@dataclass(frozen=True, slots=True)
class AgeSaid:
    """`years` is None where only the doubt was told. That there is `doubt` is told; where it stood before, it stays."""

    years: int | None
    doubt: bool
    reasons: str


def screen(row: FileRow, *, age: AgeSaid | None, who: str, actor: Actor, **screened: Any) -> Screening:
    """Raises:
    PersonFacingError: as `record_screening` and `record_age` do.
    """
    with transaction.atomic():
        done = record_screening(row, who=who, actor=actor, **screened)
        if age is not None:
            kind = Kind.DOUBT if age.years is None else Kind.CLAIMED
            doubt = age.doubt or may_be_in_doubt(open_file(actor, row))
            said_by = label("screening_source", who)
            record_age(row, kind=kind, doubt=doubt, reasons=age.reasons, least=age.years, who=said_by, actor=actor)
    return done
