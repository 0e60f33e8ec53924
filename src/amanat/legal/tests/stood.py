"""What the tests of this room share: proceedings on the cast's case, as jemal manages it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from amanat.access.policy import Part, Relation
from amanat.cases.models import Case
from amanat.cases.tests.looking import bring_in
from amanat.legal.actions import hearings, proceedings, rulings
from amanat.legal.models import ChildRole, Hearing, Proceeding, ProceedingKind, Ruling
from tests.cast import Cast

COURT = {
    "body": "Zqcourt of the city",
    "numbers": "1-77/2026",
    "about": "Recruitment abroad",
    "accused": "The man from the shop",
}
LEGAL = frozenset({Part.LEGAL_FILE, Part.LEGAL_STATUS})


def lawyer_of_the_house(cast: Cast, case: Case) -> None:
    """selbi works where the file is and stands in its circle."""
    cast["selbi"].agency = case.agency
    cast["selbi"].save()
    bring_in(case, cast, "selbi", Relation.LAWYER)


def proceeding_on(case: Case, cast: Cast, by: str = "jemal", **more: Any) -> Proceeding:
    told = COURT | {"kind": ProceedingKind.CRIMINAL, "role": ChildRole.VICTIM} | more
    return proceedings.open_proceeding(case, actor=cast.actor(by), **told)


def hearing_in(proceeding: Proceeding, cast: Cast, at: datetime | None = None, **more: Any) -> Hearing:
    at = at or cast.now + timedelta(days=3)
    return hearings.fix_hearing(proceeding, at=at, body="Zqcourt of the city", actor=cast.actor("jemal"), **more)


def ruled(proceeding: Proceeding, cast: Cast, event: str, on: date | None = None, **more: Any) -> Ruling:
    return rulings.record_ruling(proceeding, event=event, on=on or cast.now.date(), actor=cast.actor("jemal"), **more)
