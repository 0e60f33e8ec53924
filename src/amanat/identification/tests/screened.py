"""What the tests of this room begin with: a matter of the hotline, and a screening."""

from __future__ import annotations

from typing import Any

from amanat.hotline.models import Matter
from amanat.identification.actions.screening import record_screening
from amanat.identification.models import Screening
from amanat.vault.models import Subject, SubjectKind
from tests.cast import Cast

LABOUR = "ilo_child_labour"
OF_EXPLOITATION = ("long_hours", "low_pay")


def matter_of(cast: Cast) -> Matter:
    """A matter of the northern hotline."""
    return Matter.objects.create(
        subject=Subject.objects.begin(SubjectKind.MATTER),
        agency=cast["nurana"].agency,
        code_name="Quiet Meadow",
        opened_at=cast.now,
        last_at=cast.now,
    )


def said(*codes: str, **more: str) -> dict[str, dict[str, str]]:
    return {code: {"is": "present", "who": "", "note": ""} | more for code in codes}


def screen(row: Any, cast: Cast, by: str, *codes: str, **more: Any) -> Screening:
    given = {"indicators": LABOUR, "signs": said(*codes), "acts": ["recruited"]} | more
    return record_screening(row, actor=cast.actor(by), **given)
