"""Rooms and beds of the policy walk's house, an earlier stay of its child, and another child who is kept apart from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from amanat.access.models import Grant
from amanat.access.policy import Relation
from amanat.cases.models import Case, Child
from amanat.centre.models import Apart, Bed, House, Room, Stay, StayBed, StayState
from amanat.people.models import Membership, Role
from amanat.vault.models import Subject, SubjectKind
from tests.cast import NOW

OTHER_CHILD = "Zqother Kept"
ENDED, NOW_THERE, OF_OTHER = "walked01", "walked02", "walked03"


def walked_places(case: Case, keeper: Membership, marker: Callable[[str], str]) -> None:
    """Words of each part stand in rows of that part alone. The child is in no house now."""
    house = House.objects.filter(agency=keeper.agency).select_related("subject")[0]
    room = Room.objects.create(subject=house.subject, house=house, name="Room", made_at=NOW)
    for number in (1, 2, 3):
        Bed.objects.create(room=room, number=number, changed_by=keeper)
    word, day = marker("centre"), timedelta(days=1)
    ended: dict[str, Any] = {"since": NOW - 40 * day, "until": NOW - 20 * day, "exit": "family"}
    words: dict[str, Any] = {
        "intake": {"words": word, "brought_by": word},
        "belongings": {"items": [{"what": word}], "words": word},
        "leaving": {"to": word, "words": word},
    }
    Stay.objects.create(**_stay(case, house, keeper, ENDED, StayState.ENDED), **ended, **words)
    other = Subject.objects.begin(SubjectKind.CHILD)
    child = Child.objects.create(subject=other, code_name=OTHER_CHILD)
    theirs = Case.objects.create(
        subject=other, child=child, agency=keeper.agency, opened_in=NOW.date().replace(day=1), last_contact=NOW.date()
    )
    Stay.objects.create(**_stay(theirs, house, keeper, OF_OTHER, StayState.WAITING))
    third = Subject.objects.begin(SubjectKind.CHILD)
    Apart.objects.create(
        subject=case.subject, case=case, other=third, said_by=keeper, said_at=NOW, why=marker("safety")
    )


def in_a_bed(case: Case, keeper: Membership) -> None:
    """The child has a bed now."""
    house = House.objects.get(agency=keeper.agency)
    stay = Stay.objects.create(**_stay(case, house, keeper, NOW_THERE, StayState.IN), since=NOW - timedelta(hours=1))
    bed = Bed.objects.get(room__house=house, number=1)
    StayBed.objects.create(subject=case.subject, stay=stay, bed=bed, since=NOW - timedelta(hours=1), by=keeper)


def known_too(keeper: Membership) -> None:
    """Every social worker of the agency stands beside the other child as well: of children whom one may not know of nothing is said."""
    other = Stay.objects.get(number=OF_OTHER)
    since = NOW - timedelta(hours=1)
    for one in Membership.objects.filter(role=Role.SOCIAL_WORKER, agency=keeper.agency):
        Grant.objects.create(subject=other.subject, membership=one, relation=Relation.SOCIAL_WORKER, since=since)


def missing_now(case: Case, keeper: Membership) -> None:
    """It has one, and is missing."""
    in_a_bed(case, keeper)
    stay = Stay.objects.get(number=NOW_THERE)
    stay.state = StayState.MISSING
    stay.save()
    stay.absences.create(subject=case.subject, kind="missing", since=NOW - timedelta(hours=1), noted_by=keeper)


def waits_now(case: Case, keeper: Membership) -> None:
    house = House.objects.get(agency=keeper.agency)
    Stay.objects.create(**_stay(case, house, keeper, NOW_THERE, StayState.WAITING))


def _stay(case: Case, house: House, keeper: Membership, number: str, state: str) -> dict[str, Any]:
    return {
        "subject": case.subject,
        "case": case,
        "agency": house.agency,
        "house": house,
        "number": number,
        "state": state,
        "asked_at": NOW - timedelta(days=41),
        "asked_by": keeper,
    }
