"""A place in the circle of care that ends with the last day of a consent does not end in silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from amanat.access.files import open_file
from amanat.access.models import Consent
from amanat.access.policy import Part, Relation
from amanat.cases.actions import handing
from amanat.cases.actions.consenting import withdraw_consent
from amanat.cases.models import Case, Task, TaskKind
from amanat.cases.shown import task_said
from amanat.people.models import Look, Site
from amanat.referrals.agreeing import midnight_after
from amanat.referrals.places_ending import STILL_TOLD, Announcer, ending
from amanat.referrals.tests.network import agree
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]
DAYS = 3


@pytest.fixture
def consent(case: Case, cast: Cast) -> Consent:
    """By which the lawyer of the harbour stands in the circle for some days."""
    until = timezone.localdate(cast.now) + timedelta(days=DAYS)
    given = agree(case, cast["selbi"].agency, cast, [Part.LEGAL_FILE], until=until, number="1234-5678")
    handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="Court.", actor=cast.actor("jemal"))
    Look.objects.all().delete()
    return given


@pytest.fixture
def midnight(cast: Cast, consent: Consent) -> datetime:
    return midnight_after(consent.until, cast["selbi"].zone)


@pytest.fixture
def look(monkeypatch):
    def at(now: datetime) -> None:
        monkeypatch.setattr("amanat.referrals.places_ending.clock", lambda: now)
        Announcer().turn()

    return at


def tasks(case: Case) -> list[Task]:
    return list(Task.objects.filter(case=case, kind=TaskKind.PLACES_END))


def test_a_day_before_those_whose_places_end_and_the_case_manager_hear_of_it_once(case, cast, actor, midnight, look):
    look(midnight - timedelta(days=1, minutes=1))
    assert (tasks(case), Look.objects.count()) == ([], 0)
    for later in (0, 1, 25):
        look(midnight - timedelta(days=1) + timedelta(hours=later))
    assert set(Look.objects.values_list("user__username", flat=True)) == {"selbi", "jemal"}
    [task] = tasks(case)
    assert (task.owner, task.due) == (cast["jemal"], midnight)
    assert task_said(open_file(actor("jemal"), case), task).text == (
        "With the last day of the consent 1234-5678 these places in the circle of care end: Selbi, Harbour Legal Aid. "
        "Ask again and bring them in once more, or end the help in time."
    )
    case.refresh_from_db()
    assert case.next_due <= midnight


def test_the_day_ends_where_they_work(case, cast, consent):
    cast["selbi"].site = Site.objects.create(agency=cast["selbi"].agency, name="East", time_zone="Asia/Ashgabat")
    cast["selbi"].save()
    before = midnight_after(consent.until, UTC) - timedelta(days=1, hours=5)
    assert (len(ending(before - timedelta(minutes=1))), len(ending(before))) == (0, 1)


def test_where_no_clock_went_on_the_last_day_it_is_told_afterwards(case, midnight, look):
    look(midnight + STILL_TOLD + timedelta(days=1))
    assert tasks(case) == []
    look(midnight + timedelta(days=2))
    assert len(tasks(case)) == 1


def test_who_left_or_whose_consent_was_withdrawn_is_not_told_of(case, cast, actor, consent, midnight, look):
    withdraw_consent(case, consent=consent, reason="No.", actor=actor("jemal"))
    look(midnight - timedelta(hours=1))
    assert tasks(case) == []


def test_of_a_closed_case_nobody_is_told(case, midnight, look):
    Case.objects.filter(pk=case.pk).update(closed_at=midnight - timedelta(days=2))
    look(midnight - timedelta(hours=1))
    assert tasks(case) == []
