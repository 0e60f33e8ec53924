"""Months of referrals on the walk's child (`walked`): full lists on both sides, long words, a receiver, a need that nobody took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from amanat.access.models import Grant
from amanat.access.policy import Relation
from amanat.people.models import Membership
from amanat.referrals.models import Referral, State, Step
from amanat.referrals.tests.walked import DRAFT, SENT
from amanat.referrals.unmet import check
from tests.cast import NOW

SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def many(count: int, *, receiver: Membership, words: str) -> None:
    """So many more like the one that was sent; it has a receiver; a draft more; one that was declined."""
    sent = Referral.objects.select_related("subject", "case__agency", "response", "consent").get(number=SENT)
    told = {
        "need": words,
        "limits": words,
        "words": words,
        "age_band": "from_12_to_14",
        "sex": "Feminine",
        "languages": ["tk"],
    }
    for place in range(count):
        state = (State.SEEN, State.ACCEPTED, State.STARTED)[place % 3]
        _another(sent, f"7{SIGNS[place % 31]}{place:06}", state, told)
    _another(
        Referral.objects.select_related("subject", "case", "response").get(number=DRAFT), "7DRAFTED", State.DRAFT, told
    )
    declined = _another(sent, "7DECLINE", State.DECLINED, told, need="documents", reason="no_place")
    check(declined, NOW)
    Referral.objects.filter(pk=sent.pk).update(receiver=receiver)
    Grant.objects.create(
        subject=sent.subject, membership=receiver, relation=Relation.RECEIVER.value, since=NOW, consent=sent.consent
    )
    for _time in range(4):
        Step.objects.create(
            referral=sent,
            subject=sent.subject,
            verb="reminded",
            from_state=sent.state,
            to_state=sent.state,
            at=NOW,
            words=words,
        )


def _another(like: Referral, number: str, state: State, told: Mapping[str, object], **more: object) -> Referral:
    names = (
        "subject",
        "case",
        "response",
        "need",
        "urgency",
        "agency",
        "made_by",
        "sent_by",
        "sent_at",
        "consent",
        "parts",
    )
    return Referral.objects.create(
        **{name: getattr(like, name) for name in names} | more,
        number=number,
        state=state,
        since=NOW,
        made_at=NOW,
        due_at=NOW - timedelta(minutes=5),
        summary=told,
    )
