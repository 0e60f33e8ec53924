"""What the desk's tests share: a closed file, an erasure that waits and one that is carried out."""

from __future__ import annotations

from amanat.cases.actions import changing
from amanat.cases.models import Case
from amanat.desk.actions import erasing
from amanat.desk.models import Erasure
from tests.cast import Cast

WHY = "Registered twice by mistake."


def close(case: Case, cast: Cast, why: str = "lost_contact") -> Case:
    """Closed by its case manager."""
    return changing.close(case, why=why, reason="Nobody came any more.", actor=cast.actor("jemal"))


def asked(case: Case, cast: Cast, by: str = "aman", ground: str = "mistake") -> Erasure:
    return erasing.ask(case, ground=ground, reason=WHY, actor=cast.actor(by))


def erased(case: Case, cast: Cast) -> Erasure:
    """Closed, asked for by the supervisor, carried out by the data protection officer."""
    return erasing.carry_out(close(case, cast), erasure=asked(case, cast), actor=cast.actor("kerim"))
