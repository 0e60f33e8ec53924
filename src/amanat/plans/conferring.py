"""The plan as the agenda of a conference: the version that waits, proposals without an answer, and each objective."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases import conferring
from amanat.cases.conferring import Point
from amanat.cases.models import Case
from amanat.cases.shown import Text, case_of, label, spoken
from amanat.plans import rhythm
from amanat.plans.comparing import day_of, said
from amanat.plans.models import Comment, CommentState, Plan, PlanRow, PlanState, RowKind
from amanat.plans.reading import as_row
from amanat.plans.voices import are_open

NAME: Final = "plan"
DRAFT, REVIEW, PROPOSALS, OBJECTIVE = "draft", "review", "proposals", "objective"


def there(case: Case) -> QuerySet[Any]:
    return Plan.objects.filter(case=case, state__in=[PlanState.DRAFT, PlanState.AGREED]).annotate(at=F("begun_at"))


def points(file: File, also: Collection[str]) -> Iterator[Point]:
    """One query. What somebody began to write about stays, though it is over by now."""
    if not file.sees(Part.PLAN):
        return
    rows = _rows(file)
    if not rows:
        return
    about, today = rows[0], timezone.localdate(file.actor.now)
    if about.draft is not None:
        yield _point(DRAFT, {"number": about.draft})
    by = rhythm.last_day(about.review_by) if about.review_by else None
    if REVIEW in also or (about.agreed and by is not None and by <= today):
        yield _point(REVIEW, {"day": by.isoformat() if by else ""})
    if are_open(file) and (PROPOSALS in also or about.waiting):
        yield _point(PROPOSALS, {"count": about.waiting or 0})
    for row in rows:
        if row.kind == RowKind.OBJECTIVE:
            yield _objective(file, row)


def _rows(file: File) -> list[Any]:
    """What is said of the whole, which every plan has, and the objectives; each with how the plan stands."""
    plans = Plan.objects.filter(case=OuterRef("case"))
    open_ones = Comment.objects.filter(case=OuterRef("case"), state=CommentState.OPEN, is_proposal=True).order_by()
    told = Q(kind=RowKind.WHOLE) | Q(kind=RowKind.OBJECTIVE, parent__taken_out_at=None)
    found = PlanRow.objects.filter(told, case=case_of(file), taken_out_at=None)
    found = found.select_related("parent").order_by("place")
    return list(
        found.annotate(
            draft=Subquery(plans.filter(state=PlanState.DRAFT).values("number")[:1]),
            agreed=Exists(plans.filter(state=PlanState.AGREED)),
            review_by=rhythm.late_from(),
            waiting=Subquery(open_ones.values("case").annotate(n=Count("pk")).values("n")),
        )
    )


def _objective(file: File, row: PlanRow) -> Point:
    need = row.parent
    assert need is not None
    row.subject = need.subject = file.row.subject
    told, above = as_row(file, row), as_row(file, need)
    end = day_of(told, "end")
    content = {"words": told.get("words"), "domain": above.get("domain"), "day": end.isoformat() if end else ""}
    return _point(OBJECTIVE, content, row.pk.hex)


def _point(what: str, content: dict[str, Any], ref: str = "") -> Point:
    return Point(ref or what, Part.PLAN, content | {"what": what})


def say(content: Mapping[str, Any]) -> tuple[Text, str]:
    """In the active language."""
    day = said("end", content.get("day", "")).text
    what = content["what"]
    if what == DRAFT:
        return Text(_("Version %(number)s of the plan is a draft: who agrees?") % {"number": content["number"]}), ""
    if what == REVIEW:
        return Text(_("The plan is to be reviewed")), day
    if what == PROPOSALS:
        told = ngettext("%(n)s proposal waits for an answer", "%(n)s proposals wait for an answer", content["count"])
        return Text(told % {"n": content["count"]}), ""
    return spoken(content["words"]), ", ".join(filter(None, (label("plan_domain", content["domain"]), day)))


def register() -> None:
    conferring.register(conferring.Kind(NAME, gettext_lazy("The plan"), there, points, say))
