"""Referrals of the policy walk's child: one that the other agency has, one to an organisation outside, a draft."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from amanat.access.models import Consent
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.directory.models import Organization, Service, ServiceNeed
from amanat.people.models import Agency, Membership
from amanat.referrals.models import Referral, Response, State, Step
from tests.cast import NOW

SENT, OUTSIDE, DRAFT = "23456789", "2345678A", "2345678B"
OUTSIDE_NAME = "Walked Shelter"


def walked(case: Case, keeper: Membership, to: Agency, summary: str, notes: str) -> Referral:
    """The one that was sent. `summary` and `notes` are words that stand in these parts alone."""
    consent = Consent.objects.create(
        subject=case.subject,
        purpose="referral",
        recipient=to,
        also=[Consent.OUTSIDE],
        parts=[Part.REFERRAL_SUMMARY],
        recorded_by=keeper,
        given_on=(NOW - timedelta(days=1)).date(),
        details={"given_by": "child", "outside": OUTSIDE_NAME},
    )
    outside = Organization.objects.create(name=OUTSIDE_NAME)
    ServiceNeed.objects.create(service=Service.objects.create(organization=outside, name="Walked advice"), code="legal")
    response = Response.objects.create(case=case, subject=case.subject, made_by=keeper, made_at=NOW, sent_at=NOW)
    common: dict[str, Any] = {
        "subject": case.subject,
        "case": case,
        "response": response,
        "need": "legal",
        "urgency": "today",
        "made_by": keeper,
        "made_at": NOW,
        "since": NOW,
        "summary": {"need": summary, "words": summary},
    }
    gone = {
        "sent_by": keeper,
        "sent_at": NOW,
        "state": State.SENT,
        "due_at": NOW + timedelta(hours=2),
        "consent": consent,
    }
    sent = Referral.objects.create(**common, **gone, number=SENT, agency=to)
    Referral.objects.create(**common | {"need": "shelter"}, **gone, number=OUTSIDE, organisation=outside)
    Referral.objects.create(**common | {"need": "medical"}, number=DRAFT, agency=to)
    for part, words in ((Part.REFERRAL_SUMMARY, summary), (Part.SERVICE_NOTES, notes)):
        Step.objects.create(
            subject=case.subject,
            referral=sent,
            verb="send" if part is Part.REFERRAL_SUMMARY else "referral.note",
            from_state=State.SENT,
            to_state=State.SENT,
            membership=keeper,
            at=NOW,
            part=part,
            words=words,
        )
    return sent
