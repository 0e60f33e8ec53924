"""Plans whose day of review has come, on the files of a case manager: a figure of *My day* and the list behind it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from amanat.access.actor import Actor
from amanat.access.files import open_files
from amanat.access.pages import Request
from amanat.access.policy import Verb
from amanat.cases.models import Case
from amanat.cases.queries import cases_of, managing
from amanat.cases.shown import Line, name_of
from amanat.plans.models import Plan, PlanState
from amanat.web.day import Counted, Tile
from amanat.web.paging import count_text, keyset_page

A_PAGE = 25


def to_be_reviewed(actor: Actor) -> QuerySet[Plan]:
    """Agreed plans of open files that the actor manages, whose day has come."""
    known = cases_of(actor).filter(closed_at=None, subject__in=managing(actor).values("subject"))
    rows = Plan.objects.filter(state=PlanState.AGREED, review_by__lte=timezone.localdate(actor.now))
    return rows.filter(case__in=known.values("pk"))


def tile(actor: Actor) -> Counted | None:
    if not actor.may(Verb.LOOK_MY_DAY):
        return None

    def told(count: int) -> Tile | None:
        label = ngettext_lazy("plan to be reviewed", "plans to be reviewed", count)
        return Tile(count_text(count), label, "refresh", "plans.to_review", "", "warning") if count else None

    return Counted(to_be_reviewed(actor).values("pk"), told)


def listed(request: Request, cursor: str) -> dict[str, Any]:
    """The list, the longest due first: two queries for any number of files."""
    rows = to_be_reviewed(request.actor).select_related("case__subject", "case__child", "case__agency")
    page = keyset_page(rows, order=["review_by", "id"], cursor=cursor, size=A_PAGE, counted=False)
    cases: list[Case] = [plan.case for plan in page.rows]
    files = open_files(request.actor, cases)
    request.files.extend(files)
    return {
        "page": page,
        "lines": [(plan, Line(file, name_of(file))) for plan, file in zip(page.rows, files, strict=True)],
    }
