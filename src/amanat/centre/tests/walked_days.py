"""What stands on the file of the policy walk's child of its days in a house, and a shift of a worker there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from amanat.audit.recording import office_subject
from amanat.cases.models import Case
from amanat.centre.models import (
    Dose,
    House,
    IncidentAccount,
    IncidentPart,
    LogEntry,
    MedicineOrder,
    Shift,
    Stay,
    StayState,
    Visit,
)
from amanat.centre.models.stays import OPEN
from amanat.people.models import Membership
from amanat.vault.models import Subject, SubjectKind
from tests.cast import NOW


def walked_days(case: Case, keeper: Membership, on_shift: Membership, marker: Callable[[str], str]) -> None:
    """Words of each part stand in rows of that part alone. The dose was given by the keeper, so that another one can add initials."""
    house = House.objects.filter(agency=keeper.agency).first() or House.objects.create(
        subject=office_subject(), agency=keeper.agency, capacity=4, made_at=NOW, name="North House"
    )
    common: dict[str, Any] = {"subject": case.subject, "case": case}
    hour = timedelta(hours=1)
    Shift.objects.create(
        house=house,
        worker=on_shift,
        starts=NOW - hour,
        ends=NOW + 8 * hour,
        arranged_by=keeper,
        arranged_at=NOW - hour,
    )
    told = {"sleep": "well", "visitors": marker("centre"), "words": marker("centre")}
    LogEntry.objects.create(**common, kind="hand_over", author=keeper, written_at=NOW - hour, content=told)
    order = MedicineOrder.objects.create(
        **common,
        begins=NOW.date(),
        ordered_by=keeper,
        ordered_at=NOW,
        content={"medicine": marker("health_alerts"), "dose": marker("health_alerts")},
        why=marker("health_file"),
    )
    Dose.objects.create(
        **common,
        order=order,
        given_by=keeper,
        given_at=NOW,
        written_at=NOW,
        content={"result": "taken", "words": marker("health_alerts")},
    )
    who = [person.pk.hex for person in case.child.persons.filter(suspicion=None)]
    Visit.objects.create(
        **common,
        at=NOW - hour,
        state="approved",
        decided_by=keeper,
        decided_at=NOW - 2 * hour,
        content={"who": who, "wish": "wants", "wish_words": marker("centre"), "supervisor": marker("centre")},
    )
    for part in ("centre", "narrative"):
        account = IncidentAccount.objects.create(
            subject=Subject.objects.begin(SubjectKind.SHARED),
            part=part,
            author=keeper,
            happened_at=NOW,
            written_at=NOW,
            content={"adds": "first", "kind": "damage", "severity": "s1", "words": marker(part), "done": marker(part)},
        )
        IncidentPart.objects.create(**common, shared=account, part=part, written_at=NOW, words=marker(part))


def in_a_house(case: Case, keeper: Membership) -> None:
    """The child has a place in a house now."""
    house = House.objects.get(agency=keeper.agency)
    if not Stay.objects.filter(case=case, state__in=OPEN).update(state=StayState.IN, since=NOW, house=house):
        Stay.objects.create(
            subject=case.subject,
            case=case,
            agency=keeper.agency,
            house=house,
            number="walked00",
            state=StayState.IN,
            since=NOW,
            asked_at=NOW,
            asked_by=keeper,
        )
