"""What the plan in force leaves to be done, for whoever visits the child."""

from __future__ import annotations

from collections.abc import Iterator

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases import agreed
from amanat.cases.agreed import Agreed
from amanat.cases.shown import spoken
from amanat.plans import texts, voices
from amanat.plans.comparing import day_of
from amanat.plans.reading import Standing


def left_to_do(file: File) -> Iterator[Agreed]:
    """Objectives of the version in force that nobody reported as reached."""
    if not file.sees(Part.PLAN):
        return
    standing = Standing(file)
    if standing.agreed is None:
        return
    reports = voices.reports_of(file)
    for one in texts.outline(standing.in_force).objectives:
        report = reports.get(one.row.ref)
        if report is None or not report.is_reached:
            yield Agreed(spoken(one.row.get("words")), day_of(one.row, "end"))


def register() -> None:
    agreed.register(left_to_do)
