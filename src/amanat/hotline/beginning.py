"""How a matter and a call begin, whoever begins them: an operator, a telephone system, the public form. They check nothing."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from amanat.hotline.models import Call, Matter
from amanat.people.models import Agency
from amanat.vault.models import Subject, SubjectKind

DIGITS = 6


def begin_matter(agency: Agency, now: datetime, **more: Any) -> Matter:
    """A new matter of an agency's hotline. Its code name is drawn, so that it tells neither a day nor how many there are."""
    return Matter.objects.create(
        subject=Subject.objects.begin(SubjectKind.MATTER),
        agency=agency,
        code_name=_code_name(),
        opened_at=now,
        last_at=now,
        **more,
    )


def _code_name() -> str:
    """One that no matter has. A child's is made of words; the two are never taken for each other."""
    while True:
        name = f"H-{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if not Matter.objects.filter(code_name=name).exists():
            return name


def begin_call(matter: Matter, channel: str, now: datetime, **more: Any) -> Call:
    """A call of a matter; `more` are further columns, `state` among them."""
    return Call.objects.create(subject=matter.subject, matter=matter, channel=channel, rang_at=now, **more)
