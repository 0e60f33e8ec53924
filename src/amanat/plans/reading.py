"""The plan of a case as one actor may read it: its versions and rows. What people said of it: `voices`. Verbs: `actions`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cached_property

from amanat.access.files import File
from amanat.access.policy import Level, Part
from amanat.cases.shown import case_of
from amanat.plans import texts
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
    """All versions, the newest first: one query."""
    rows = Plan.objects.filter(case=case_of(file)).select_related("begun_by__user", "approved_by__user", "frozen")
    found = list(rows.order_by("-number"))
    for plan in found:
        plan.subject, plan.case = file.row.subject, case_of(file)
    return found


def draft_of(plans: list[Plan]) -> Plan | None:
    return next((plan for plan in plans if plan.state == PlanState.DRAFT), None)


def agreed_of(plans: list[Plan]) -> Plan | None:
    """The version in force."""
    return next((plan for plan in plans if plan.state == PlanState.AGREED), None)


def frozen_text(file: File, plan: Plan) -> Text:
    """The text of a version as it was agreed; empty where it was not yet.

    Raises:
        ValueError: it is not the text that was agreed.
    """
    frozen = getattr(plan, "frozen", None)
    if frozen is None:
        return {}
    frozen.subject = file.row.subject
    held = file.open(frozen, "content")
    text = texts.from_json(held["rows"])
    if texts.digest(text) != held["sha256"]:
        raise ValueError(f"{plan!r} is not what was agreed")
    return text


# --- rows ---------------------------------------------------------------------------------------------------------------


def rows_of(file: File) -> list[PlanRow]:
    """The rows of the draft, also those that were taken out: one query."""
    rows = PlanRow.objects.filter(case=case_of(file)).select_related("author__user", "changed_by__user")
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

    @property
    def draft(self) -> Plan | None:
        return draft_of(self.plans)

    @property
    def agreed(self) -> Plan | None:
        return agreed_of(self.plans)

    @cached_property
    def in_force(self) -> Text:
        """The text that holds: that of the agreed version, empty before the first."""
        return frozen_text(self.file, self.agreed) if self.agreed else {}

    @property
    def newest(self) -> Text:
        """What the team works on: the draft, else the agreed version; needs that came before either."""
        return self.live if self.draft or not self.agreed else self.in_force
