"""The follow-up sheet: taken along to a visit, with what was agreed, what to ask and room to write; afterwards the same with what was
found. Who was not reached is unknown on it, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases import agreed, papers
from amanat.cases.forms.choices import codes
from amanat.cases.shown import case_of
from amanat.monitoring import followups, pack, solutions
from amanat.monitoring.followups import Shown
from amanat.monitoring.models import FollowUp
from amanat.monitoring.outcomes import LEVELS

PAPER: Final = "follow-up"


def register() -> None:
    papers.register(
        papers.Paper(PAPER, _("Follow-up sheet"), Part.PLAN, "monitoring/paper_follow_up.html", told),
    )


def told(file: File, key: str) -> Mapping[str, Any] | None:
    """Of the follow-up with this reference, else of the next one that is open, else of the last."""
    rows = _rows(file)
    row = _chosen(rows, key)
    if row is None:
        return None
    shown = followups.shown_of(file, [one for one in rows if one.due <= row.due])
    held = next(one for one in shown if one.row == row)
    return {
        "held": held,
        "solution": _solution(file),
        "agreed": [] if held.is_over else agreed.still(file),
        "before": None if held.is_over else _before(held, shown),
        "ways": codes(followups.WAYS),
        "results": codes(followups.RESULTS),
        "levels": [text for _code, text in codes(LEVELS)],
        "outcomes": list(pack.listed("outcome").values()),
    }


def _rows(file: File) -> list[FollowUp]:
    """The first that were due: as many as other pages look through."""
    rows = FollowUp.objects.filter(case=case_of(file)).select_related("author__user", "who__user")
    return list(rows.order_by("due", "id")[: followups.MOST_ROUNDS])


def _chosen(rows: Sequence[FollowUp], key: str) -> FollowUp | None:
    if key:
        return next((row for row in rows if row.pk.hex == key), None)
    return next((row for row in rows if row.over_at is None), rows[-1] if rows else None)


def _before(held: Shown, shown: Sequence[Shown]) -> Shown | None:
    """The last follow-up before it in which somebody tried to reach the child."""
    return next((one for one in reversed(shown) if one.row != held.row and one.tries), None)


def _solution(file: File) -> str:
    """The durable solution that is decided; where the child lives stands on no sheet that is carried about."""
    held = solutions.newest(file, signed=False)
    return held.title if held is not None and held.is_decided else ""
