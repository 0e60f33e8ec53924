"""A day is a day where the worker sits: what ends, begins or is told by the day turns at midnight there, not in Greenwich."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from amanat.access.actor import Actor
from amanat.access.consents import Gate
from amanat.access.files import open_file, visible_to
from amanat.access.policy import Part, Relation
from amanat.cases.actions import changing, consenting, handing, registering
from amanat.cases.actions.registering import NewChild
from amanat.cases.models import Case
from amanat.cases.own_sections import known
from tests.cast import IDENTITY, Cast

pytestmark = pytest.mark.django_db

# Five hours before Greenwich: on 30 November at 20:00 UTC it is one o'clock in the morning of 1 December.
NEW_MONTH = datetime(2026, 11, 30, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def ashgabat() -> Iterator[None]:
    with timezone.override(ZoneInfo("Asia/Ashgabat")):
        yield


def test_a_consent_ends_at_midnight_after_its_last_day(cast: Cast, actor: Callable[..., Actor], case: Case) -> None:
    consent = consenting.record_consent(
        case,
        purpose="assistance_by_partner",
        recipient=cast["selbi"].agency,
        parts=[Part.LEGAL_FILE],
        given_by="both",
        words="Yes.",
        given_on=date(2026, 11, 24),
        until=date(2026, 11, 24),
        actor=actor("jemal"),
    )
    handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="Hearing.", actor=actor("jemal"))
    for minute, stands in (
        (datetime(2026, 11, 24, 18, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 19, tzinfo=UTC), False),
    ):
        selbi = actor("selbi", minute)
        assert consent.holds(minute) is stands
        assert open_file(selbi, case).exists is stands
        assert visible_to(selbi, Case.objects.all()).exists() is stands
        assert bool(Gate(case, minute).recipients()) is stands


def test_a_child_registered_after_midnight_is_registered_on_that_day(actor: Callable[..., Actor]) -> None:
    case = registering.register([NewChild(IDENTITY)], actor=actor("jemal", NEW_MONTH))[0]
    assert (case.opened_in, case.last_contact) == (date(2026, 12, 1), date(2026, 12, 1))


def test_a_case_opened_after_midnight_is_opened_in_the_new_month(actor: Callable[..., Actor], case: Case) -> None:
    registering.open_case(case, risk="low", priority="P4", reason="", actor=actor("jemal", NEW_MONTH))
    case.refresh_from_db()
    assert case.opened_in == date(2026, 12, 1)


def test_another_case_opened_after_midnight_is_too(actor: Callable[..., Actor], case: Case) -> None:
    changing.close(case, why="goals_met", reason="", actor=actor("jemal"))
    again = registering.open_case(case, risk="low", priority="P4", reason="", actor=actor("jemal", NEW_MONTH))
    again.refresh_from_db()
    assert (again.opened_in, again.last_contact) == (date(2026, 12, 1), date(2026, 12, 1))


def test_a_child_turns_fifteen_at_midnight(actor: Callable[..., Actor], case: Case) -> None:
    jemal = actor("jemal", datetime(2027, 4, 4, 20, tzinfo=UTC))
    facts = known(Part.IDENTITY)(open_file(jemal, case))["facts"]
    assert any("15 years old" in text.text for fact in facts for text in fact.texts)
