"""Incidents as the file of one child leads to them. What several children share is opened by way of this child's part. Verbs:
`actions.incidents`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet

from amanat.access.files import Closed, File, open_files, visible_to
from amanat.access.policy import Level, Part
from amanat.cases.models import Case
from amanat.cases.shown import Badge, Text, case_of, label, spoken
from amanat.centre.models import IncidentPart
from amanat.centre.models.stays import IN_HOUSE

KINDS: Final = "incident_kind"
SEVERITIES: Final = "incident_severity"
TOLD: Final = "incident_told"
STAFF, SELF_HARM, TRAFFICKER = "staff", "self_harm", "trafficker"
GRAVEST: Final = "s4"
GRAVE: Final = ("s3", GRAVEST)
APART: Final = Part.NARRATIVE
"""Where an allegation against staff stands: workers of the centre do not read it."""
MOST: Final = 200  # accounts of a child that are looked through at once, the newest
FIRST, ADDED, CORRECTED, CLOSED = "first", "added", "corrected", "closed"
_GRAVE: Final = {"s1": ("", ""), "s2": ("accent", ""), "s3": ("warning", "alert"), "s4": ("danger", "alert")}


def severity_badge(code: str) -> Badge:
    return Badge(label(SEVERITIES, code), *_GRAVE.get(code, ("", "")))


@dataclass(frozen=True)
class Account:
    """One account with what it says of this child."""

    part: IncidentPart
    held: dict[str, Any]
    own: Text

    @property
    def by(self) -> str:
        return self.part.shared.author.user.display_name

    @property
    def adds(self) -> str:
        return str(self.held.get("adds", FIRST))

    @property
    def words(self) -> Text:
        return spoken(str(self.held.get("words", "")))

    @property
    def done(self) -> Text:
        return spoken(str(self.held.get("done", "")))

    @property
    def outside(self) -> Text:
        return spoken(str(self.held.get("outside", "")))

    @property
    def next(self) -> Text:
        return spoken(str(self.held.get("next", "")))

    @property
    def told(self) -> list[str]:
        return [label(TOLD, code) for code in self.held.get("told", [])]


@dataclass(frozen=True)
class Incident:
    """An incident with its accounts, the first one first."""

    accounts: list[Account] = field(default_factory=list)

    @property
    def series(self) -> uuid.UUID:
        return self.accounts[0].part.shared.series

    @property
    def first(self) -> Account:
        return self.accounts[0]

    def _newest(self, key: str) -> str:
        return next((str(one.held[key]) for one in reversed(self.accounts) if one.held.get(key)), "")

    @property
    def kind_code(self) -> str:
        return self._newest("kind")

    @property
    def kind(self) -> str:
        return label(KINDS, self.kind_code)

    @property
    def is_gravest(self) -> bool:
        return self._newest("severity") == GRAVEST

    @property
    def severity(self) -> Badge:
        return severity_badge(self._newest("severity"))

    @property
    def is_closed(self) -> bool:
        return any(one.adds == CLOSED for one in self.accounts)

    @property
    def is_apart(self) -> bool:
        return self.first.part.part == APART


def incidents_of(file: File) -> list[Incident]:
    """Those that are open to the actor, the newest first: one query."""
    return _together(file, _parts(file))


def incident_of(file: File, series: uuid.UUID) -> Incident | None:
    found = _together(file, _parts(file).filter(shared__series=series))
    return found[0] if found else None


def check_not_to_reveal(file: File, series: uuid.UUID) -> None:
    """Raises:
    Closed: it stands on this file, and opens to the actor once its part is revealed.
    """
    part = _parts(file).filter(shared__series=series).values_list("part", flat=True).first()
    if part is not None and file.level(Part(part)) is Level.REVEAL:
        raise Closed(Part(part))


def _parts(file: File) -> Any:
    rows = IncidentPart.objects.filter(subject=file.row.subject_id)
    return rows.select_related("shared__subject", "shared__author__user").order_by("-written_at", "-id")


def _together(file: File, parts: Any) -> list[Incident]:
    found: dict[uuid.UUID, list[Account]] = {}
    for part in parts[:MOST]:
        if file.sees(Part(part.part)):
            found.setdefault(part.shared.series, []).append(_account(file, part))
    made = [Incident(sorted(some, key=lambda one: one.part.shared.number)) for some in found.values()]
    return sorted(made, key=lambda one: one.first.part.shared.happened_at, reverse=True)


def _account(file: File, part: IncidentPart) -> Account:
    part.subject = file.row.subject
    own = file.open(part, "words") if part.words else ""
    return Account(part, file.open(part.shared, "content", via=part) or {}, spoken(own or ""))


def others_in(series: uuid.UUID, besides: Case) -> QuerySet[Case]:
    """The cases of the other children whom it is about, whoever may know of them."""
    parts = IncidentPart.objects.filter(shared__series=series, shared__number=1).exclude(case=besides.pk)
    return Case.objects.filter(pk__in=parts.values("case"))


def known_in(series: uuid.UUID, file: File) -> int:
    """How many other children it is about of whom the actor may know."""
    return visible_to(file.actor, others_in(series, case_of(file))).count()


def who_else(case: Case, files_for: Any) -> list[File]:
    """Other children who stay in the same house, as far as the actor may know of them."""
    house = case.stays.filter(state__in=IN_HOUSE).values("house")[:1]
    rows = Case.objects.filter(stays__house__in=house, stays__state__in=IN_HOUSE).exclude(pk=case.pk).distinct()
    cases: Iterable[Case] = rows.select_related("subject", "child", "agency").order_by("child__code_name")
    return [file for file in open_files(files_for, list(cases)) if file.sees(Part.CENTRE)]
