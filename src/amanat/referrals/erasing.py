"""What an erasure takes away of a child: every referral, whoever it went to."""

from __future__ import annotations

from amanat.referrals.models import Conference, Decision, Invited, Point, Referral, Response, Step, Unmet
from amanat.vault.erasing import Erasing


def erase(erasing: Erasing) -> None:
    of_these = {"subject__in": erasing.subjects}
    Unmet.objects.filter(case__subject__in=erasing.subjects).delete()
    for model in (Decision, Point, Invited, Conference, Step, Referral, Response):
        rows = model._default_manager.filter(**of_these)
        erasing.refs.update(rows.values_list("pk", flat=True))
        rows.delete()
