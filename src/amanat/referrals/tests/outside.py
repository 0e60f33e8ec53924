"""A referral that jemal sent to an office without Amanat, for the tests of letters, packets and codes."""

from __future__ import annotations

import pytest

from amanat.access.models import Consent
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.directory.models import Organization
from amanat.referrals.actions.handing_out import hand_out
from amanat.referrals.actions.preparing import Ask, prepare
from amanat.referrals.actions.sending import send
from amanat.referrals.models import Referral
from amanat.referrals.models_outside import How, Outgoing
from amanat.referrals.outside import codes
from tests.cast import NOW, Cast

SUMMARY = {
    "need": "A doctor for a girl",
    "age_band": "",
    "sex": "",
    "languages": ["tk"],
    "limits": "Never call home",
    "words": "",
}
PARTS = (Part.IDENTITY, Part.HEALTH_ALERTS, Part.FACTS)


@pytest.fixture
def organisation(db: None) -> Organization:
    return Organization.objects.create(name="Blue Street Clinic")


@pytest.fixture
def referral(cast: Cast, case: Case, organisation: Organization) -> Referral:
    Consent.objects.create(
        subject=case.subject,
        purpose="referral",
        also=[Consent.OUTSIDE],
        parts=[str(part) for part in PARTS],
        recorded_by=cast["jemal"],
        given_on=NOW.date(),
        details={"given_by": "child", "words": "yes", "outside": organisation.name},
    )
    asked = Ask(organisation, "medical", "today", SUMMARY, PARTS)
    response = send(prepare(case, asked=[asked], actor=cast.actor("jemal")), actor=cast.actor("jemal"))
    return response.referrals.select_related("consent", "organisation", "case", "subject").get()


@pytest.fixture
def code(cast: Cast, referral: Referral) -> str:
    """On a letter that jemal printed."""
    told = codes.new_code()
    handed(referral, told, cast)
    return told


def handed(referral: Referral, code: str, cast: Cast, how: How = How.LETTER) -> Outgoing:
    actor = cast.actor("jemal")
    return hand_out(referral.case, referral=referral, how=how, language="ru", code=code, actor=actor)
