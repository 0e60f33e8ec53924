"""Registering children (one, siblings together, or a whole import) and opening a case."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.models import Grant
from amanat.access.policy import Relation, Verb
from amanat.access.verbs import verb
from amanat.cases import keyed
from amanat.cases.actions.following import work_out
from amanat.cases.actions.marking import hold, line, mark, risk_order
from amanat.cases.htcds import NewSheet
from amanat.cases.models import Case, Child, Event, EventKind, Sheet, Stage
from amanat.vault import bulk, index
from amanat.vault.ids import side_by_side
from amanat.vault.models import Subject, SubjectKind
from amanat.web.errors import PersonFacingError

MOMENT = timedelta(microseconds=1)


@dataclass
class NewChild:
    """A child to register. `identity` and `contacts` as `cases.identity` describes them; `family` is equal for siblings.

    The rest is what an import brings besides (see `cases.htcds.apart`): without a stage a case begins at the first, and None says
    that the row had none. `since` is the day on which the child came to the agency, ISO; "" or a day that has not come yet for
    today. `closing` is why a case that stands at *closed* was closed. The timeline says that a child was `imported`.
    `is_unnamed`: nobody knows yet what the child is called; it goes by its code name, and nothing is made up.
    """

    identity: dict[str, Any]
    contacts: dict[str, Any] = field(default_factory=dict)
    risk: str = ""
    priority: str = ""
    family: str | None = None
    sheets: Sequence[NewSheet] = ()
    stage: str | None = ""
    since: str = ""
    closing: str = ""
    imported: bool = False
    is_unnamed: bool = False


@side_by_side()
@verb(Verb.CASE_REGISTER)
def register(children: Sequence[NewChild], *, actor: Actor) -> list[Case]:
    """Register children and make the actor case manager of each; a case begins at the stage *registered*, or where it stood.

    However many children there are, the number of queries is the same. Siblings (equal `family`) know of each other.

    Raises:
        PersonFacingError: a child has neither a name nor a name that it goes by, and is not said to be unnamed.
    """
    for child in children:
        if not (child.identity.get("names") or child.contacts.get("called") or child.is_unnamed):
            raise PersonFacingError(_("Write a name, or a name that the child goes by."), field="given_name")
    families = _families(children)
    rows = _children(children, families)
    cases = [_case(row, new, actor) for row, new in zip(rows, children, strict=True)]
    bulk.insert(cases)
    Grant.objects.bulk_create(_manages(case, actor) for case in cases)
    index.post(
        (row.subject, *keyed.to_post([(new.identity, new.contacts)])) for row, new in zip(rows, children, strict=True)
    )
    bulk.insert(event for case, new in zip(cases, children, strict=True) for event in _begun(case, new, actor))
    bulk.insert(_sheet(row, sheet, actor) for row, new in zip(rows, children, strict=True) for sheet in new.sheets)
    # With an import of thousands this is caught up with afterwards.
    work_out(case for case, new in zip(cases, children, strict=True) if not new.imported)
    return cases


def _families(children: Iterable[NewChild]) -> dict[str, Subject]:
    named = sorted({child.family for child in children if child.family})
    return dict(zip(named, Subject.objects.begin_many([SubjectKind.SHARED] * len(named)), strict=True))


def _children(children: Sequence[NewChild], families: dict[str, Subject]) -> list[Child]:
    subjects = Subject.objects.begin_many([SubjectKind.CHILD] * len(children))
    names = code_names(len(children))
    return bulk.insert(
        Child(
            subject=subject,
            code_name=name,
            family=families[new.family] if new.family else None,
            identity=new.identity,
            contacts=new.contacts,
        )
        for subject, name, new in zip(subjects, names, children, strict=True)
    )


def code_names(count: int) -> list[str]:
    """Code names that no child has, drawn at random from the pack's neutral words."""
    children = Child.objects
    return packs.draw_code_names(
        count,
        secrets.choice,
        lambda names: set(children.filter(code_name__in=names).values_list("code_name", flat=True)),
    )


def _case(row: Child, new: NewChild, actor: Actor) -> Case:
    since = _since(new, actor)
    return Case(
        subject=row.subject,
        child=row,
        agency=actor.membership.agency,
        stage=new.stage or Stage.REGISTERED,
        closed_at=actor.now if new.stage == Stage.CLOSED else None,
        risk=new.risk,
        risk_order=risk_order(new.risk),
        priority=new.priority,
        opened_in=since.replace(day=1),
        last_contact=since,
    )


def _since(new: NewChild, actor: Actor) -> date:
    today = timezone.localdate(actor.now)
    return min(today, date.fromisoformat(new.since)) if new.since else today


def _manages(case: Case, actor: Actor) -> Grant:
    return Grant(
        subject=case.subject, membership=actor.membership, relation=Relation.CASE_MANAGER.value, since=actor.now
    )


def _begun(case: Case, new: NewChild, actor: Actor) -> Iterator[Event]:
    """The first lines of the timeline. When a case that came closed was closed, nobody knows: it says that it came so."""
    is_closed = new.stage == Stage.CLOSED
    came_as = "" if is_closed else new.stage
    yield line(
        case,
        EventKind.REGISTERED,
        actor,
        brought_in=came_as,
        status_unsaid=new.stage is None or None,
        imported=new.imported or None,
    )
    if is_closed:
        closed = line(case, EventKind.CLOSED, actor, brought_in=new.stage, text=new.closing)
        # The timeline goes by time: behind the registration.
        closed.happened_at = closed.written_at = actor.now + MOMENT
        yield closed


def _sheet(row: Child, new: NewSheet, actor: Actor) -> Sheet:
    return Sheet(
        subject=row.subject,
        child=row,
        section=new.section,
        record=new.record,
        part=new.part,
        changed_by=actor.membership,
        changed_at=actor.now,
        values=new.values,
    )


@verb(Verb.CASE_OPEN)
def open_case(case: Case, *, risk: str, priority: str, reason: str, actor: Actor, seen: int | None = None) -> Case:
    """Open the case of a registered child; for a child whose case is closed, a new one beside the old.

    Raises:
        PersonFacingError: the case is open already.
        Stale: it changed since `seen`.
    """
    hold(case, seen, risk="risk", priority="priority")
    if case.is_closed:
        case = _another(case, actor)
    elif case.stage != Stage.REGISTERED:
        raise PersonFacingError(_("This case is open already."))
    case.stage, case.risk, case.risk_order, case.priority = Stage.IDENTIFICATION, risk, risk_order(risk), priority
    case.opened_in = timezone.localdate(actor.now).replace(day=1)
    case.save(update_fields=["stage", "risk", "risk_order", "priority", "opened_in"])
    mark(case, EventKind.OPENED, actor, text=reason, risk=risk, priority=priority)
    return case


def _another(case: Case, actor: Actor) -> Case:
    today = timezone.localdate(actor.now)
    return Case.objects.create(
        subject=case.subject, child=case.child, agency=case.agency, opened_in=today, last_contact=today
    )
