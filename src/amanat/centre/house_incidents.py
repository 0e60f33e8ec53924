"""The incidents of a house, or of all of an agency, as one worker may know of them: each is told by way of a child whose file opens it to
them. Of one that they have to have revealed first stands that it is there."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import File, open_files
from amanat.access.policy import Level, Part
from amanat.access.showing import showing
from amanat.cases.models import Case
from amanat.cases.shown import Badge, label
from amanat.centre.incidents import APART, GRAVE, KINDS, SEVERITIES, STAFF, severity_badge
from amanat.centre.models import House, IncidentAccount, IncidentPart
from amanat.centre.opening import open_house
from amanat.web.paging import keyset_page

ORDER: Final = ("-happened_at", "-id")
OPEN, ALL = "open", "all"
GRAVE_ONES: Final = "grave"
"""Asked for instead of one severity: all that are counted on the supervisor's day."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for: which, and how grave."""

    which: str = OPEN
    severity: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        severity = query.get("severity", "")
        known = severity == GRAVE_ONES or severity in packs.current().codes(SEVERITIES)
        return cls(ALL if query.get("which") == ALL else OPEN, severity if known else "")

    @property
    def query(self) -> str:
        return urlencode({"which": self.which, "severity": self.severity})


@dataclass(frozen=True)
class Line:
    """An incident with those of its children by whose files the actor may know of it. `house`: what the house is called."""

    row: IncidentAccount
    kind_code: str
    severity_code: str
    is_closed: bool
    children: Sequence[tuple[Case, str]]
    house: str = ""

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


def incidents_of(actor: Actor, house: House | None, asked: Asked, cursor: str) -> dict[str, Any]:
    """A page of them, the newest first: three queries. None: of all houses. The files that were opened stand in `files`."""
    page = keyset_page(_asked_for(actor, house, asked), ORDER, cursor, counted=False)
    parts = IncidentPart.objects.filter(shared__in=[row.pk for row in page.rows])
    by_account: dict[uuid.UUID, list[IncidentPart]] = defaultdict(list)
    for part in parts.select_related("case__subject", "case__child", "case__agency").order_by("case__child__code_name"):
        by_account[part.shared_id].append(part)
    cases = {part.case_id: part.case for rows in by_account.values() for part in rows}
    files = {file.row.pk: file for file in open_files(actor, cases.values())}
    return {
        "page": page,
        "lines": [line for row in page.rows if (line := _line(actor, row, by_account[row.pk], files))],
        "files": [file for file in files.values() if file.looked],
        "asked": asked,
        "severities": packs.current().codes(SEVERITIES).choices(),
    }


def grave_ones(actor: Actor) -> QuerySet[IncidentAccount]:
    """The grave ones of the agency that nobody has closed."""
    return _asked_for(actor, None, Asked(severity=GRAVE_ONES))


def _asked_for(actor: Actor, house: House | None, asked: Asked) -> QuerySet[IncidentAccount]:
    """Of all houses: also of children who were in none."""
    near = Q(house=house) if house else Q(house__agency=actor.membership.agency_id) | Q(house=None)
    rows = _rows(actor).filter(near)
    if asked.which == OPEN:
        rows = rows.filter(ended=False)
    if asked.severity:
        rows = rows.filter(now__in=GRAVE if asked.severity == GRAVE_ONES else [asked.severity])
    return rows


def _rows(actor: Actor) -> QuerySet[Any]:
    """The first accounts that some file opens to the actor, or would once its part is revealed. Of others there is no gap either."""
    known = Q()
    for part in (Part.CENTRE, APART):
        of_known = IncidentPart.objects.filter(
            shared=OuterRef("pk"), case__in=showing(actor, Case.objects.all(), part).values("pk")
        )
        known |= Q(Exists(of_known), part=part)
    series = IncidentAccount.objects.filter(series=OuterRef("series"))
    newest = series.exclude(severity="").order_by("-number").values("severity")[:1]
    rows = IncidentAccount.objects.filter(known, number=1).select_related("subject", "house__subject")
    return rows.annotate(now=Coalesce(Subquery(newest), Value("")), ended=Exists(series.filter(closes=True)))


def _line(actor: Actor, row: Any, parts: Sequence[IncidentPart], files: Mapping[uuid.UUID, File]) -> Line | None:
    """What it says is opened by a file that shows it; that it is an allegation stands in clear, by its part. None where every file was
    closed to the actor since the page was asked for."""
    of = Part(row.part)
    seen = [part for part in parts if files[part.case_id].sees(of)]
    shown = seen or [part for part in parts if files[part.case_id].level(of) is Level.REVEAL]
    if not shown:
        return None
    held = files[seen[0].case_id].open(row, "content", via=seen[0]) if seen else {"kind": STAFF}
    house = open_house(actor, row.house, row.house, "name") if row.house else ""
    children = [(part.case, part.case.child.code_name) for part in shown]
    severity = row.now or str(held.get("severity", ""))
    return Line(row, str(held.get("kind", "")), severity, row.ended, children, house or "")
