"""What the data protection officer looks at: the log's head, and what was done lately that wants a second pair of eyes.

Files from which a conflict keeps the reader out are left out of every list and figure: another officer looks after them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    F,
    Model,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.utils import timezone

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import File, not_kept_out
from amanat.access.loaders import files_about
from amanat.access.models import Conflict, Consent, EmergencyAccess, Grant
from amanat.audit.chain import Head
from amanat.audit.models import Entry, Outcome, Pending, Seal
from amanat.office import registers
from amanat.office.registers import Waiting
from amanat.people.models import Membership, User
from amanat.web.counting import count

LATELY = timedelta(days=30)
SHOWN = 25


@dataclass(frozen=True)
class Sealing:
    """The head of the log, to be written down elsewhere, and when it was sealed."""

    head: str
    sealed_at: datetime


@dataclass(frozen=True)
class About:
    """A row about a child, with the file if one may be named."""

    row: Model
    file: File | None
    ground: str = ""


@dataclass(frozen=True)
class Counts:
    """How much there is of what wants the officer's eye; what `Desk` lists is only the first of it."""

    emergencies: int
    conflicts: int
    overrides: int
    grants: int
    roles_begun: int
    roles_ended: int
    refused: int
    unsealed: int
    waiting: list[Waiting] = field(default_factory=list, compare=False)  # of other rooms


class Desk:
    """The lists of one reader at one moment; the files of all of them are asked for at once."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.since = actor.now - LATELY
        self.sealing: Sealing | None = None  # told by `counts`; None while nothing is sealed
        self._unjudged = not_kept_out(actor, EmergencyAccess.objects.filter(judged_at=None))
        self._conflicts = not_kept_out(actor, Conflict.objects.filter(recorded_at__gte=self.since))
        overrides = Consent.objects.exclude(override_ground="").filter(given_on__gte=timezone.localdate(self.since))
        self._overrides = not_kept_out(actor, overrides)
        self.emergencies, self.conflicts, self.overrides = self._listed()

    def _listed(self) -> list[list[About]]:
        """The first of each list, with the files that they are about, asked for at once."""
        by = ("recorded_by__user", "recorded_by__agency")
        rows: list[list[Any]] = [
            list(found[:SHOWN])
            for found in (
                self._unjudged.select_related("membership__user", "membership__agency", "second__user").order_by(
                    "asked_at", "id"
                ),
                self._conflicts.select_related("user", *by).order_by("-recorded_at", "-id"),
                self._overrides.select_related("recipient", *by).order_by("-given_on", "-id"),
            )
        ]
        files = files_about(self.actor, [row.subject_id for of in rows for row in of])
        return [[About(row, files.get(row.subject_id), _ground(row)) for row in of] for of in rows]

    def counts(self) -> Counts:
        """How many of each there are, and the newest seal, in one query."""
        since, now = self.since, self.actor.now
        counted: dict[str, QuerySet[Any]] = {
            "emergencies": self._unjudged,
            "conflicts": self._conflicts,
            "overrides": self._overrides,
            "grants": not_kept_out(self.actor, Grant.objects.filter(since__gte=since, since__lte=now)),
            "roles_begun": Membership.objects.filter(since__gte=since, since__lte=now),
            "roles_ended": Membership.objects.filter(until__gte=since, until__lte=now),
            "refused": not_kept_out(self.actor, Entry.objects.filter(outcome=Outcome.REFUSED, at__gte=since)),
            "unsealed": Pending.objects.all(),
        }
        others = [(counting, counting.rows(self.actor)) for counting in registers.countings]
        everything = counted | {name: rows for _counting, by_name in others for name, rows in by_name.items()}
        asked: dict[str, Any] = {name: count(rows) for name, rows in everything.items()}
        last = Seal.objects.order_by("-number")
        asked |= {f"seal_{name}": Subquery(last.values(name)[:1]) for name in ("number", "digest", "sealed_at")}
        found = User.objects.filter(pk=self.actor.user.pk).annotate(**asked).values(*asked).get()
        if found["seal_number"] is not None:
            head = Head(found["seal_number"], bytes(found["seal_digest"]))
            self.sealing = Sealing(str(head), found["seal_sealed_at"])
        tiles = [tile for counting, _rows in others for tile in counting.tiles(found)]
        return Counts(**{name: found[name] for name in counted}, waiting=tiles)


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
