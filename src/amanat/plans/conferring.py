"""The plan as the agenda of a conference: the version that waits, proposals without an answer, and each domain with its objectives."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amanat import packs
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
DRAFT, REVIEW, PROPOSALS, DOMAIN = "draft", "review", "proposals", "domain"
OBJECTIVE: Final = "objective"  # alone, as conferences that were held before kept it
_HEX: Final = re.compile("[0-9a-f]{32}")


def there(case: Case) -> QuerySet[Any]:
    return Plan.objects.filter(case=case, state__in=[PlanState.DRAFT, PlanState.AGREED]).annotate(at=F("begun_at"))


def points(file: File, also: Collection[str]) -> Iterator[Point]:
    """One query. What somebody began to write about stays, though it is over by now."""
    if not file.sees(Part.PLAN):
        return
    rows = _rows(file, also)
    if not rows:
        return
    about, today = rows[0], timezone.localdate(file.actor.now)
    if DRAFT in also or about.draft is not None:
        yield _point(DRAFT, {"number": about.draft or about.newest})
    by = rhythm.last_day(about.review_by) if about.review_by else None
    if REVIEW in also or (about.agreed and by is not None and by <= today):
        yield _point(REVIEW, {"day": by.isoformat() if by else ""})
    if are_open(file) and (PROPOSALS in also or about.waiting):
        yield _point(PROPOSALS, {"count": about.waiting or 0})
    objectives = [row for row in rows if row.kind == RowKind.OBJECTIVE]
    found = list(_domains(file, [row for row in objectives if _stands(row)]))
    yield from found
    yield from _left(also, {one.ref for one in found})
    yield from (_objective(file, row) for row in objectives if row.pk.hex in also)


def _rows(file: File, also: Collection[str]) -> list[Any]:
    """What is said of the whole, which every plan has, and the objectives that stand, or of which somebody began to write as a point of
    its own; each with how the plan stands."""
    plans = Plan.objects.filter(case=OuterRef("case"))
    open_ones = Comment.objects.filter(case=OuterRef("case"), state=CommentState.OPEN, is_proposal=True).order_by()
    stands = Q(kind=RowKind.OBJECTIVE, taken_out_at=None, parent__taken_out_at=None)
    named = Q(kind=RowKind.OBJECTIVE, pk__in=[uuid.UUID(ref) for ref in also if _HEX.fullmatch(ref)])
    found = PlanRow.objects.filter(Q(kind=RowKind.WHOLE) | stands | named, case=case_of(file))
    found = found.select_related("parent").order_by("place")
    return list(
        found.annotate(
            draft=Subquery(plans.filter(state=PlanState.DRAFT).values("number")[:1]),
            newest=Subquery(plans.order_by("-number").values("number")[:1]),
            agreed=Exists(plans.filter(state=PlanState.AGREED)),
            review_by=rhythm.late_from(),
            waiting=Subquery(open_ones.values("case").annotate(n=Count("pk")).values("n")),
        )
    )


def _domains(file: File, rows: Iterable[PlanRow]) -> Iterator[Point]:
    """One point a domain, with what is aimed at there: nobody goes through a plan row by row."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        domain, aim = _aimed(file, row)
        found[domain].append(aim)
    for domain, aims in found.items():
        yield _point(DOMAIN, {"domain": domain, "aims": aims}, domain or DOMAIN)


def _stands(row: PlanRow) -> bool:
    return row.taken_out_at is None and row.parent is not None and row.parent.taken_out_at is None


def _left(also: Collection[str], found: Collection[str]) -> Iterator[Point]:
    """Domains that somebody began to write about and where nothing is aimed at any more."""
    known = packs.current().codes("plan_domain")
    for ref in sorted(set(also) - set(found)):
        if ref == DOMAIN or ref in known:
            yield _point(DOMAIN, {"domain": "" if ref == DOMAIN else ref, "aims": []}, ref)


def _objective(file: File, row: PlanRow) -> Point:
    """An objective alone: what was begun to be written when each was a point of its own."""
    domain, aim = _aimed(file, row)
    return _point(OBJECTIVE, {"domain": domain} | aim, row.pk.hex)


def _aimed(file: File, row: PlanRow) -> tuple[str, dict[str, str]]:
    """The domain of an objective, and what is aimed at."""
    need = row.parent
    assert need is not None
    row.subject = need.subject = file.row.subject
    told = as_row(file, row)
    end = day_of(told, "end")
    return as_row(file, need).get("domain"), {"words": told.get("words"), "day": end.isoformat() if end else ""}


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
    if what == OBJECTIVE:
        return spoken(content["words"]), ", ".join(filter(None, (label("plan_domain", content["domain"]), day)))
    return Text(label("plan_domain", content["domain"]) or _("The plan")), "; ".join(map(_aim, content["aims"]))


def _aim(aim: Mapping[str, str]) -> str:
    if not aim["day"]:
        return aim["words"]
    return _("%(aim)s (until %(day)s)") % {"aim": aim["words"], "day": said("end", aim["day"]).text}


def register() -> None:
    conferring.register(conferring.Kind(NAME, gettext_lazy("The plan"), there, points, say))
