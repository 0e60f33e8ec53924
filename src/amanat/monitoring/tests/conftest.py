"""What the tests of this room share: an open case with an aunt and a suspect around the child, and what a solution needs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from amanat.access.policy import Relation
from amanat.cases.actions import persons, registering
from amanat.cases.models import Case, PersonAround
from amanat.cases.tests.looking import bring_in
from amanat.forms.models import Form, FormVersion, Record
from amanat.monitoring import pack
from amanat.people.models import Membership
from tests.cast import NOW, Cast

TODAY = date(2026, 11, 24)
PROOFS = dict.fromkeys(
    ("child_view", "guardian_agrees", "carer_agrees", "family_safe", "escort", "handover", "services_there"),
    "Written on 20 November.",
)
EVERYTHING_SIGNED: dict[str, Any] = {"name": "Ogulnabat", "capacity": "aunt", "on": TODAY}


def everything() -> list[str]:
    return list(pack.listed("transition"))


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


@pytest.fixture
def opened(case: Case, cast: Cast) -> Case:
    """In assistance; bahar and ogulgerek in the circle."""
    registering.open_case(case, risk="high", priority="P2", reason="x", actor=cast.actor("jemal"))
    bring_in(case, cast, "bahar", Relation.CENTRE_WORKER)
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    return case


@pytest.fixture
def aunt(opened: Case, cast: Cast) -> PersonAround:
    return persons.record_person(opened, name="Ogulnabat Çaryýewa", relation="relative", actor=cast.actor("jemal"))


@pytest.fixture
def uncle(opened: Case, cast: Cast) -> PersonAround:
    """A suspect."""
    row = persons.record_person(opened, name="Merdan Orazow", relation="relative", actor=cast.actor("jemal"))
    persons.suspect(opened, person=row, reason="He sold the ticket.", actor=cast.actor("jemal"))
    return row
