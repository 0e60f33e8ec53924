"""What the data protection officer looks at: the log's head, and what was done lately that wants a second pair of eyes.

Files from which a conflict keeps the reader out are left out of every list and figure: another officer looks after them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    F,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import File, not_kept_out
from amanat.access.loaders import files_about
from amanat.access.models import Conflict, Consent, EmergencyAccess, ExistenceAnswer, Grant
from amanat.audit.chain import Head
from amanat.audit.models import Entry, Outcome, Pending, Seal
from amanat.people.models import Membership, User

LATELY = timedelta(days=30)
ASKED_LATELY = timedelta(days=14)
SHOWN = 25
Told = TypeVar("Told", bound=Model)


@dataclass(frozen=True)
class Sealing:
    """The head of the log, to be written down elsewhere; when it was sealed; how many entries still wait."""

    head: str | None
    sealed_at: datetime | None
    waiting: int


@dataclass(frozen=True)
class About:
    """A row about a child, with the file if one may be named."""

    row: Model
    file: File | None
    ground: str = ""


@dataclass(frozen=True)
class Asking:
    """How often one worker asked *is this child known?* outside their circle, day by day, the newest first."""

    worker: str
    agency: str
    days: list[tuple[date, int]]

    @property
    def total(self) -> int:
        return sum(count for _day, count in self.days)


@dataclass(frozen=True)
class Counts:
    """What happened since a moment."""

    grants: int
    roles_begun: int
    roles_ended: int
    refused: int


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many there are, to be asked beside something else."""
    counted = rows.order_by().annotate(_all=Value(1)).values("_all").annotate(_count=Count("pk")).values("_count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def sealing() -> Sealing:
    seals = Seal.objects.order_by("-number").annotate(waiting=_count(Pending.objects.all()))
    last = seals.values_list("number", "digest", "sealed_at", "waiting").first()
    if last is None:
        return Sealing(None, None, Pending.objects.count())
    return Sealing(str(Head(last[0], bytes(last[1]))), last[2], last[3])


class Desk:
    """The lists of one reader at one moment; the files of all of them are asked for at once."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.since = actor.now - LATELY
        unjudged = EmergencyAccess.objects.filter(judged_at=None).order_by("asked_at", "id")
        conflicts = Conflict.objects.filter(recorded_at__gte=self.since).order_by("-recorded_at", "-id")
        overrides = Consent.objects.exclude(override_ground="").filter(given_on__gte=self.since.date())
        by = ("recorded_by__user", "recorded_by__agency")
        told = [
            self._shown(unjudged, "membership__user", "membership__agency", "second__user"),
            self._shown(conflicts, "user", *by),
            self._shown(overrides.order_by("-given_on", "-id"), "recipient", *by),
        ]
        files = files_about(actor, [row.subject_id for rows in told for row in rows])  # type: ignore[attr-defined]
        self.emergencies, self.conflicts, self.overrides = (
            [About(row, files.get(row.subject_id), _ground(row)) for row in rows]  # type: ignore[attr-defined]
            for rows in told
        )

    def _shown(self, rows: QuerySet[Told], *with_: str) -> list[Told]:
        return list(not_kept_out(self.actor, rows).select_related(*with_)[:SHOWN])

    def counts(self) -> Counts:
        """What happened lately, in one query."""
        since, now = self.since, self.actor.now
        began, ended = (
            Membership.objects.filter(since__gte=since, since__lte=now),
            Membership.objects.filter(until__gte=since, until__lte=now),
        )
        counted = (
            not_kept_out(self.actor, Grant.objects.filter(since__gte=since, since__lte=now)),
            began,
            ended,
            not_kept_out(self.actor, Entry.objects.filter(outcome=Outcome.REFUSED, at__gte=since)),
        )
        asked = {f"figure_{place}": _count(rows) for place, rows in enumerate(counted)}
        return Counts(*User.objects.filter(pk=self.actor.user.pk).annotate(**asked).values_list(*asked).get())

    def askings(self) -> list[Asking]:
        """Who asked for existence answers lately, whoever asked most first; counts alone, nobody says what is unusual."""
        rows = (
            ExistenceAnswer.objects.filter(at__gte=self.actor.now - ASKED_LATELY)
            .annotate(day=TruncDate("at"))
            .values_list("membership", "membership__user__display_name", "membership__agency__name", "day")
            .annotate(count=Count("pk"))
            .order_by("-day")
        )
        askings: dict[uuid.UUID, Asking] = {}
        for membership, worker, agency, day, count in rows:
            askings.setdefault(membership, Asking(worker, agency, [])).days.append((day, count))
        return sorted(askings.values(), key=lambda one: (-one.total, one.worker))[:SHOWN]


def _ground(row: Model) -> str:
    """The label of an override's ground, in the pack's words."""
    ground = getattr(row, "override_ground", "")
    return dict(packs.current().codes("override_ground").choices()).get(ground, ground) if ground else ""


def role_changes(actor: Actor) -> QuerySet[Membership]:
    """Roles that began or ended lately, with the moment as `changed`; of one that did both, the end is told (`has_ended`)."""
    since, now = actor.now - LATELY, actor.now
    began, ended = Q(since__gte=since, since__lte=now), Q(until__gte=since, until__lte=now)
    rows = Membership.objects.filter(began | ended).select_related("user", "agency")
    return rows.annotate(
        has_ended=Case(When(ended, then=True), default=False, output_field=BooleanField()),
        changed=Case(When(ended, then=F("until")), default=F("since"), output_field=DateTimeField()),
    )
