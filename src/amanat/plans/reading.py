"""The plan of a case as one actor may read it: its versions and rows. What people said of it: `voices`. Verbs: `actions`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from amanat.access.files import File
from amanat.access.policy import Level, Part
from amanat.cases.shown import case_of
from amanat.plans import rhythm, texts
from amanat.plans.models import (
    FormerRow,
    Plan,
    PlanRow,
    PlanState,
)
from amanat.plans.texts import Row, Text
from amanat.plans.voices import Said, comments_of

MOST = 200  # former texts of a row that are shown, the newest


# --- versions -----------------------------------------------------------------------------------------------------------


def plans_of(file: File) -> list[Plan]:
    """All versions, the newest first; each with when the next review of the case is late (`late_from`): one query."""
    rows = Plan.objects.filter(case=case_of(file)).annotate(late_from=rhythm.late_from())
    rows = rows.select_related("begun_by__user", "approved_by__user", "allowed_by__user", "dropped_by__user", "frozen")
    found: list[Plan] = list(rows.order_by("-number"))
    for plan in found:
        plan.subject, plan.case = file.row.subject, case_of(file)
    return found


def draft_of(plans: list[Plan]) -> Plan | None:
    return next((plan for plan in plans if plan.state == PlanState.DRAFT), None)


def agreed_of(plans: list[Plan]) -> Plan | None:
    """The version in force."""
    return next((plan for plan in plans if plan.state == PlanState.AGREED), None)


def dropped_of(plans: list[Plan]) -> Plan | None:
    """The draft that was put aside, where no other version was begun since."""
    return plans[0] if plans and plans[0].state == PlanState.DROPPED else None


@dataclass(frozen=True)
class Frozen:
    """A version as it was frozen. `said`: what each side said. `without`: by side, why its agreement is missing, and `ground`: why a
    supervisor let it come into force so. `why`: why it was put aside."""

    text: Text
    without: Mapping[str, str]
    ground: str = ""
    why: str = ""
    said: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


NOTHING: Final = Frozen({}, {})


def frozen_of(file: File, plan: Plan) -> Frozen:
    """`NOTHING` where it is a draft.

    Raises:
        ValueError: it is not the text that was agreed.
    """
    row = getattr(plan, "frozen", None)
    if row is None:
        return NOTHING
    row.subject = file.row.subject
    held = file.open(row, "content")
    text = texts.from_json(held["rows"])
    if texts.digest(text) != held["sha256"]:
        raise ValueError(f"{plan!r} is not what was agreed")
    return Frozen(text, held.get("without", {}), held.get("ground", ""), held.get("why", ""), held.get("said", {}))


def frozen_text(file: File, plan: Plan) -> Text:
    """The text of a version as it was agreed; empty where it was not yet."""
    return frozen_of(file, plan).text


# --- rows ---------------------------------------------------------------------------------------------------------------


def rows_of(file: File) -> list[PlanRow]:
    """The rows of the draft, also those that were taken out: one query."""
    rows = PlanRow.objects.filter(case=case_of(file)).select_related("author")
    found = list(rows.order_by("place", "id"))
    for row in found:
        row.subject, row.case = file.row.subject, case_of(file)
    return found


def as_row(file: File, row: PlanRow) -> Row:
    parent = row.parent_id.hex if row.parent_id else ""
    return Row(row.pk.hex, row.kind, parent, row.place, file.open(row, "content") or {})


def live_text(file: File, rows: list[PlanRow]) -> Text:
    """What the rows say now, without those that were taken out."""
    return texts.text_of(as_row(file, row) for row in rows if row.taken_out_at is None)


def edition(rows: list[PlanRow]) -> int:
    """A number that grows with every change of any row: by it one knows which text somebody had before them."""
    return sum(row.version for row in rows)


def text_at(standing: Standing, seen: int) -> Text:
    """The draft as it stood at an edition: what was done since is undone, the newest first. Two changes of one moment may be taken
    for each other, so whoever asks compares the digest."""
    formers = FormerRow.objects.filter(row__case=case_of(standing.file)).select_related("row")
    done: list[tuple[datetime, int, PlanRow, FormerRow | None]] = [
        (one.replaced_at, one.version, standing.by_ref[one.row_id.hex], one) for one in formers
    ]
    done += [(row.made_at, 0, row, None) for row in standing.rows]
    back = max(0, edition(standing.rows) - seen)
    held = {row.pk.hex: as_row(standing.file, row) for row in standing.rows if row.taken_out_at is None}
    for _at, _version, row, former in sorted(done, key=lambda one: (one[0], one[1], one[2].place), reverse=True)[:back]:
        held.pop(row.pk.hex, None)
        if former is not None:
            held[row.pk.hex] = _of_former(standing.file, row, former)
    return texts.text_of(held.values())


def _of_former(file: File, row: PlanRow, former: FormerRow) -> Row:
    former.subject = file.row.subject
    parent = row.parent_id.hex if row.parent_id else ""
    return Row(row.pk.hex, row.kind, parent, row.place, file.open(former, "content") or {})


def row_of(file: File, ref: uuid.UUID) -> PlanRow | None:
    """One that stands, also where what it stands under was taken out."""
    rows = PlanRow.objects.filter(case=case_of(file), pk=ref, taken_out_at=None)
    row = rows.select_related("parent", "author__user", "changed_by__user").first()
    if row is not None:
        row.subject, row.case = file.row.subject, case_of(file)
    return row


def may_write(file: File, row: PlanRow | None) -> bool:
    """The case manager writes every row; others those of their profession and those that they began."""
    level = file.level(Part.PLAN)
    if level is Level.WRITES or row is None:
        return file.writes(Part.PLAN)
    own = row.author_id in file.actor.stands_for or row.role == str(file.actor.role)
    return level is Level.OWN_PART and own


def former_of(file: File, row: PlanRow) -> list[tuple[FormerRow, Row]]:
    """What stood in a row before, the newest first."""
    found = []
    for former in row.former.select_related("replaced_by__user").order_by("-version")[:MOST]:
        former.subject = file.row.subject
        found.append((former, Row(row.pk.hex, row.kind, fields=file.open(former, "content") or {})))
    return found


@dataclass
class Standing:
    """The plan of a file, each piece asked for once."""

    file: File

    @cached_property
    def plans(self) -> list[Plan]:
        return plans_of(self.file)

    @cached_property
    def rows(self) -> list[PlanRow]:
        return rows_of(self.file)

    @cached_property
    def by_ref(self) -> dict[str, PlanRow]:
        return {row.pk.hex: row for row in self.rows}

    @cached_property
    def live(self) -> Text:
        return live_text(self.file, self.rows)

    @cached_property
    def comments(self) -> list[Said]:
        return comments_of(self.file)

    def numbered(self, number: str | int) -> Plan | None:
        return next((one for one in self.plans if str(one.number) == str(number)), None)

    def text_of(self, plan: Plan) -> Text:
        """That of a version: of the draft as it stands now."""
        if plan.is_draft:
            return self.live
        return self.in_force if plan == self.agreed else frozen_text(self.file, plan)

    @property
    def draft(self) -> Plan | None:
        return draft_of(self.plans)

    @property
    def agreed(self) -> Plan | None:
        return agreed_of(self.plans)

    @cached_property
    def frozen(self) -> Frozen:
        """The version in force as it was frozen; `NOTHING` before the first."""
        return frozen_of(self.file, self.agreed) if self.agreed else NOTHING

    @property
    def in_force(self) -> Text:
        """The text that holds: that of the agreed version, empty before the first."""
        return self.frozen.text

    @property
    def next_look(self) -> date | None:
        """The last day on which the next review of the version in force is in time; None where no step asks for one."""
        late_from = getattr(self.agreed, "late_from", None)
        return rhythm.last_day(late_from) if late_from else None

    @property
    def lacking(self) -> Plan | None:
        """The version in force, where it came so without somebody's agreement and no other is drafted: they are asked about it."""
        return self.agreed if self.agreed and self.agreed.allowed_at and not self.draft else None

    @property
    def newest(self) -> Text:
        """What the team works on: the draft, else the agreed version; needs that came before either."""
        return self.live if self.draft or not self.agreed else self.in_force
