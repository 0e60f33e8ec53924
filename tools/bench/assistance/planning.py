"""Seeds plans: needs, objectives and activities, versions that were agreed, drafts, and the timeline behind the whole way."""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amanat.cases.models import Case, Event
    from amanat.plans.models import Plan, PlanRow
    from amanat.plans.texts import Row

TOGETHER = 500  # cases a transaction
AGAIN, DRAFTED = 4, 10  # every so manieth plan has a version before the one in force; is being drafted anew
NEEDS, OBJECTIVES = 3, 2  # of a plan; of a need. An objective has one activity, every second one two
DOMAINS = ("accommodation", "health", "psychological", "education", "legal", "family_social")
OWNERS = ("social_worker", "psychologist", "centre_worker", "health_worker")
WHOLE = {
    "goal": "I want to draw, to go to school with the others, and to call my aunt on Sundays.",
    "for_child": "You are safe here. We look for a school with you.",
    "contingency": "If the aunt can't take her, the case manager looks for a family in the district.",
    "aftercare": "Visits after one, three, six and twelve months.",
}
NEED = "Has not been to school for two years; reads slowly, is good at numbers and likes to draw. "
OBJECTIVE = "Attends the ninth form on nine of ten days and has one lesson at a time to catch up. "
ACTIVITY = "Finds a school that asks nothing, goes along on the first day, speaks with the teacher. "
SAID = "I want to be with others of my age and not the oldest in the room."
# What stands on the way of a child whose page is measured, besides its stages.
WAY = (
    "alert_taken interviewed status_decided conference_held bed_waited admitted missing found hearing_held conference_held "
    "handed_over left_centre transition solution followed_up not_reached followed_up referred referral_accepted assigned"
).split()  # fmt: skip


def write(cases: Sequence[Case], managers: Mapping[Any, Any], measured: Collection[Any], draw: random.Random) -> None:
    """A plan for each of them."""
    from django.db import transaction

    from amanat.vault.ids import side_by_side

    start = time.monotonic()
    for first in range(0, len(cases), TOGETHER):
        with transaction.atomic(), side_by_side():
            _write(cases[first : first + TOGETHER], managers, measured, first, draw)
        if first % 10_000 == 0:
            rate = (first + TOGETHER) / (time.monotonic() - start)
            print(f"{first:>9} of {len(cases)} plans, {rate:,.0f} a second", flush=True)


def _write(
    cases: Sequence[Case], managers: Mapping[Any, Any], measured: Collection[Any], first: int, draw: random.Random
) -> None:
    from amanat.plans.models import FrozenPlan
    from amanat.plans.texts import as_json, digest
    from amanat.vault import bulk

    rows: list[PlanRow] = []
    frozen: list[FrozenPlan] = []
    plans: list[Plan] = []
    events: list[Event] = []
    for number, case in enumerate(cases, first):
        author = managers[case.subject_id]
        made, text = _rows(case, author, draw)
        rows += made
        sealed = {"rows": as_json(text), "sha256": digest(text)}
        versions = list(_versions(case, author, number))
        plans += versions
        frozen += [
            FrozenPlan(plan=plan, subject=case.subject, content=sealed) for plan in versions if not plan.is_draft
        ]
        events += _way(case, author, long=case.pk in measured)
    for made_rows in (plans, rows, frozen, events):
        bulk.insert(made_rows)


def _versions(case: Case, author: Any, number: int) -> Iterator[Plan]:
    from amanat.plans.models import PlanState

    states = [PlanState.SUPERSEDED] if number % AGAIN == 0 else []
    states += [PlanState.AGREED, *([PlanState.DRAFT] if number % DRAFTED == 0 else [])]
    for place, state in enumerate(states, 1):
        yield plan(case, author, place, state)


def plan(case: Case, author: Any, number: int, state: str) -> Plan:
    from amanat.plans.models import Plan, PlanState

    now = datetime.now(UTC)
    begun = now - timedelta(days=200 - 40 * number)
    return Plan(
        case=case,
        subject=case.subject,
        number=number,
        state=state,
        begun_by_id=author,
        begun_at=begun,
        agreed_at=None if state == PlanState.DRAFT else begun + timedelta(days=7),
        why="The court date was moved." if number > 1 else None,
    )


def reopen(case: Case, author: Any) -> None:
    """Begin a draft of a plan that has none."""
    from amanat.plans.models import Plan, PlanState

    held = list(Plan.objects.filter(case=case))
    if not any(one.state == PlanState.DRAFT for one in held):
        plan(case, author, len(held) + 1, PlanState.DRAFT).save(force_insert=True)


def _rows(case: Case, author: Any, draw: random.Random) -> tuple[list[PlanRow], dict[str, Row]]:
    """The rows of a case, and the text that they are."""
    from amanat.plans.models import PlanRow
    from amanat.plans.texts import Row

    now, made, text = datetime.now(UTC) - timedelta(days=150), list[PlanRow](), dict[str, Row]()

    def add(kind: str, parent: PlanRow | None, **fields: str) -> PlanRow:
        row = PlanRow(
            case=case,
            subject=case.subject,
            kind=kind,
            parent=parent,
            role=fields.get("owner", "social_worker"),
            author_id=author,
            made_at=now,
            place=len(made) + 1,
            changed_by_id=author,
            changed_at=now,
            content=fields,
        )
        made.append(row)
        text[row.pk.hex] = Row(row.pk.hex, kind, parent.pk.hex if parent else "", row.place, fields)
        return row

    add("whole", None, **WHOLE)
    for domain in draw.sample(DOMAINS, NEEDS):
        need = add("need", None, domain=domain, level=draw.choice(("high", "medium", "low")), words=NEED * 2)
        for number in range(OBJECTIVES):
            _objective(add, need, number, draw)
    return made, text


def _objective(add: Any, need: PlanRow, number: int, draw: random.Random) -> None:
    begins = datetime.now(UTC).date() - timedelta(days=draw.randrange(10, 120))
    told = {"start": begins.isoformat(), "owner": draw.choice(OWNERS), "phrase": "school_back"}
    ends = {"end": (begins + timedelta(days=draw.randrange(30, 200))).isoformat()}
    shows = {"indicator": "Nine of ten days, by the school's list", "proof": "The list", "own_words": SAID}
    goal = add("objective", need, words=OBJECTIVE, **told, **ends, **shows)
    for _activity in range(1 + number % 2):
        add("activity", goal, words=ACTIVITY, **told, **ends, cost="200 TMT")


def _way(case: Case, author: Any, *, long: bool) -> Iterator[Event]:
    """Lines of the timeline, a week apart; `long`: of one whose page is measured."""
    kinds = ["opened", "stage_moved", *(WAY if long else ()), "plan_drafted", "plan_agreed"]
    begins = datetime.now(UTC) - timedelta(weeks=len(kinds) + 1)
    for number, kind in enumerate(kinds):
        yield event(case, author, kind, begins + timedelta(weeks=number))


def event(case: Case, author: Any, kind: str, at: datetime) -> Event:
    from amanat.access.policy import Part
    from amanat.cases.models import Event

    note = {"stage_moved": {"was": "identification", "now": "assistance"}, "plan_agreed": {"number": 1}}.get(kind)
    part = Part.PLAN if kind.startswith("plan") else Part.EXISTENCE
    return Event(
        case=case,
        subject=case.subject,
        kind=kind,
        part=part,
        author_id=author,
        happened_at=at,
        written_at=at,
        note=note,
    )
