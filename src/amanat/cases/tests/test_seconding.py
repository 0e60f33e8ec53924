"""Who reaches for an emergency access, a consent or a conflict that is not theirs stands in the log of that child."""

from __future__ import annotations

import pytest
from django.urls import reverse

from amanat.audit.models import Outcome
from amanat.cases.actions import changing, consenting, emergency, guarding, registering
from amanat.cases.models import Case
from amanat.cases.tests.looking import last_entry
from amanat.web.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def access(cast, case):
    """Dowlet waits for a second person."""
    guarding.record_conflict(case, user=cast["merdan"].user, reason="Cousin.", actor=cast.actor("kerim"))
    return emergency.open_emergency(code_name=case.child.code_name, reason="x", actor=cast.actor("dowlet"))


def refused_about(case: Case) -> tuple[str, str]:
    entry, _details = last_entry(case)
    assert entry.outcome == Outcome.REFUSED
    return entry.verb, entry.user.username


def test_a_refused_second_person_stands_in_the_log_of_the_child(case, access, actor):
    with pytest.raises(Refused):
        emergency.second_emergency(access, reason="x", actor=actor("elena"))
    assert refused_about(case) == ("emergency.second", "elena")


def test_so_does_whoever_only_opens_the_page(case, access, browse):
    assert browse("elena").get(reverse("cases.second_emergency", args=[access.pk])).status_code == 404
    assert refused_about(case) == ("emergency.second", "elena")


def test_of_two_cases_it_is_enough_to_know_of_one(case, access, actor):
    """The supervisor of the agency that opened the second case agrees, whichever case the database tells first."""
    changing.close(case, why="other", reason="x", actor=actor("jemal"))
    second = registering.open_case(case, risk="high", priority="P1", reason="x", actor=actor("jemal"))
    newer_first = sorted([case.pk, second.pk])[1]
    Case.objects.filter(pk=newer_first).update(agency=actor("elena").membership.agency)
    emergency.second_emergency(access, reason="x", actor=actor("elena"))
    access.refresh_from_db()
    assert access.second == actor("elena").membership


def test_anothers_consent_reached_through_ones_own_file_is_404_and_in_the_log_of_that_child(
    cast, case, register, browse
):
    other = register("merdan")
    consent = consenting.override_consent(
        other,
        recipient=cast["dowlet"].agency,
        parts=["contacts"],
        ground="vital_interest",
        reason="x",
        actor=cast.actor("merdan"),
    )
    address = reverse("cases.withdraw_consent", args=[case, consent.pk])
    assert browse("jemal").get(address).status_code == 404
    assert refused_about(other) == ("consent.withdraw", "jemal")


def test_anothers_conflict_too(cast, case, register, browse):
    other = register("merdan")
    conflict = guarding.record_conflict(other, user=cast["dowlet"].user, reason="x", actor=cast.actor("kerim"))
    address = reverse("cases.lift_conflict", args=[case, conflict.pk])
    assert browse("kerim").get(address).status_code == 404
    assert refused_about(other) == ("conflict.lift", "kerim")
