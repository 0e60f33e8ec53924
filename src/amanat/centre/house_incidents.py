"""The incidents of a house as one worker may know of them: each is told by way of a child whose file opens it to them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import File, open_files, visible_to
from amanat.access.policy import Part, could_see
from amanat.cases.models import Case
from amanat.cases.shown import Badge, label
from amanat.centre.incidents import APART, GRAVE, KINDS, SEVERITIES, severity_badge
from amanat.centre.models import House, IncidentAccount, IncidentPart
from amanat.web.paging import keyset_page

ORDER: Final = ("-happened_at", "-id")
OPEN, ALL = "open", "all"


@dataclass(frozen=True)
class Asked:
    """What the address asks for: which, and how grave."""

    which: str = OPEN
    severity: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        severity = query.get("severity", "")
        known = severity in packs.current().codes(SEVERITIES)
        return cls(ALL if query.get("which") == ALL else OPEN, severity if known else "")


@dataclass(frozen=True)
class Line:
    """An incident with those of its children of whom the actor may know."""

    row: IncidentAccount
    kind_code: str
    severity_code: str
    is_closed: bool
    children: Sequence[tuple[Case, str]]

    @property
    def kind(self) -> str:
        return label(KINDS, self.kind_code)

    @property
    def severity(self) -> Badge:
        return severity_badge(self.severity_code)

    @property
    def is_apart(self) -> bool:
        return self.row.part == APART

    @property
    def first(self) -> Case:
        return self.children[0][0]


def incidents_of(actor: Actor, house: House, asked: Asked, cursor: str) -> dict[str, Any]:
    """A page of them, the newest first: three queries. The files that were opened stand in `files`."""
    page = keyset_page(_known(actor, house, asked), ORDER, cursor, counted=False)
    parts = IncidentPart.objects.filter(shared__in=[row.pk for row in page.rows])
    by_account: dict[uuid.UUID, list[IncidentPart]] = defaultdict(list)
    for part in parts.select_related("case__subject", "case__child", "case__agency").order_by("case__child__code_name"):
        by_account[part.shared_id].append(part)
    cases = {part.case_id: part.case for rows in by_account.values() for part in rows}
    files = {file.row.pk: file for file in open_files(actor, cases.values())}
    found = [_line(row, by_account[row.pk], files) for row in page.rows]
    return {
        "page": page,
        "lines": [line for line in found if line is not None],
        "files": [file for file in files.values() if file.looked],
        "asked": asked,
        "severities": packs.current().codes(SEVERITIES).choices(),
    }


def grave_ones(actor: Actor) -> QuerySet[IncidentAccount]:
    """The grave ones of all houses of the agency that nobody has closed."""
    return _rows(actor).filter(house__agency=actor.membership.agency_id, ended=False, now__in=GRAVE)


def _known(actor: Actor, house: House, asked: Asked) -> QuerySet[IncidentAccount]:
    rows = _rows(actor).filter(house=house)
    if asked.which == OPEN:
        rows = rows.filter(ended=False)
    return rows.filter(now=asked.severity) if asked.severity else rows


def _rows(actor: Actor) -> QuerySet[Any]:
    """The first accounts. Who can see no allegation on any file does not learn of a gap where one stands either."""
    of_known = IncidentPart.objects.filter(
        shared=OuterRef("pk"), case__in=visible_to(actor, Case.objects.all()).values("pk")
    )
    series = IncidentAccount.objects.filter(series=OuterRef("series"))
    newest = series.exclude(severity="").order_by("-number").values("severity")[:1]
    rows = IncidentAccount.objects.filter(Exists(of_known), number=1).select_related("subject")
    rows = rows.annotate(now=Coalesce(Subquery(newest), Value("")), ended=Exists(series.filter(closes=True)))
    return rows if could_see(actor.role, APART) else rows.exclude(part=APART)


def _line(row: Any, parts: Sequence[IncidentPart], files: Mapping[uuid.UUID, File]) -> Line | None:
    """None where no file of the actor's opens it."""
    seen = [part for part in parts if files[part.case_id].sees(Part(row.part))]
    if not seen:
        return None
    held = files[seen[0].case_id].open(row, "content", via=seen[0]) or {}
    children = [(part.case, part.case.child.code_name) for part in seen]
    return Line(row, str(held.get("kind", "")), row.now or str(held.get("severity", "")), row.ended, children)
