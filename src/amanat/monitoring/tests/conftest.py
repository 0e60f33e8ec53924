"""What the tests of this room share: an open case with an aunt and a suspect around the child, and what a solution needs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from amanat.access.actor import Actor
from amanat.access.policy import Part, Relation
from amanat.cases.actions import changing, persons, registering
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind, PersonAround
from amanat.cases.tests.docs import attach
from amanat.cases.tests.looking import bring_in
from amanat.forms.models import Form, FormVersion, Record
from amanat.monitoring import pack
from amanat.monitoring.actions import handing_over
from amanat.people.models import Membership
from tests.cast import NOW, Cast

TODAY = date(2026, 11, 24)
PROOFS = dict.fromkeys(
    ("child_view", "guardian_agrees", "family_safe", "escort", "services_there"), "Written on 20 November."
)
HANDED: dict[str, Any] = {
    "at": NOW,
    "place": "Guardianship office of Mary",
    "by": "Bahar",
    "by_capacity": "for the centre",
    "to": "Ogulnabat Çaryýewa",
    "to_capacity": "aunt",
    "documents": "Birth certificate",
    "medicine": "None",
    "belongings": "A bag, a coat",
}
MET = ["goals", "calm_reviews", "team", "whom_to_call"]
UNSEEN: dict[str, Any] = {"met": ["goals", "team", "whom_to_call"], "not_met": "One review."}
ASKED: dict[str, Any] = {"why": "goals_met", "met": MET, "child": "agrees", "guardian": "agrees"}
EVERYTHING_SIGNED: dict[str, Any] = {"name": "Ogulnabat", "capacity": "aunt", "on": TODAY}


def everything() -> list[str]:
    return list(pack.listed("transition"))


def close(case: Case, who: Actor) -> Case:
    return changing.close(case, why="goals_met", reason="She is at home.", actor=who)


def determined(case: Case, by: Membership) -> None:
    """As if a panel's best interests determination had been filled in."""
    form = Form.objects.get_or_create(name="best_interests_determination")[0]
    version = FormVersion.objects.create(
        form=form, version="t", digest="t", source_name="t.md", source=b"", xform=b"", made_at=NOW
    )
    Record.objects.create(
        subject=case.subject,
        number=99,
        instance_id="uuid:t",
        form_version=version,
        recorded_at=NOW,
        recorded_by=by,
        changed_at=NOW,
    )


def all_there(case: Case, aunt: PersonAround, cast: Cast) -> dict[str, str]:
    """Everything that the conditions of going home ask for; the documents by their condition."""
    determined(case, cast["jemal"])
    mark(case, EventKind.FAMILY_ASSESSED, cast.actor("jemal"), part=Part.SAFETY)
    handing_over.write(case, **HANDED, carer=aunt.pk.hex, actor=cast.actor("bahar"))
    return {"carer_agrees": attach(case, cast).pk.hex}


@pytest.fixture
def opened(case: Case, cast: Cast) -> Case:
    """In assistance; bahar and ogulgerek in the circle."""
    registering.open_case(case, risk="high", priority="P2", reason="x", actor=cast.actor("jemal"))
    bring_in(case, cast, "bahar", Relation.CENTRE_WORKER)
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    return case


@pytest.fixture
def helped(opened: Case, cast: Cast) -> Case:
    """The child was in the centre, and its plan was looked at twice."""
    mark(opened, EventKind.ADMITTED, cast.actor("bahar"))
    for _time in range(2):
        mark(opened, EventKind.PLAN_REVIEWED, cast.actor("jemal"), part=Part.PLAN)
    return opened


@pytest.fixture
def aunt(opened: Case, cast: Cast) -> PersonAround:
    return persons.record_person(opened, name="Ogulnabat Çaryýewa", relation="relative", actor=cast.actor("jemal"))


@pytest.fixture
def uncle(opened: Case, cast: Cast) -> PersonAround:
    """A suspect."""
    row = persons.record_person(opened, name="Merdan Orazow", relation="relative", actor=cast.actor("jemal"))
    persons.suspect(opened, person=row, reason="He sold the ticket.", actor=cast.actor("jemal"))
    return row
