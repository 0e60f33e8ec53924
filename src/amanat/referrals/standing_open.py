"""Referrals that are not at their end: a case is not closed over them, and on a closed one nothing is answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.cases.in_the_way import Standing
from amanat.cases.models import Case
from amanat.referrals.models import IN_HANDS, Referral
from amanat.web.errors import PersonFacingError


def in_the_way(case: Case) -> PersonFacingError | None:
    """Of closing the case (`cases.in_the_way`)."""
    rows = Referral.objects.filter(case=case, state__in=IN_HANDS).order_by("sent_at", "id")
    numbers = ", ".join(rows.values_list("number", flat=True))
    if not numbers:
        return None
    return Standing(
        _("Referrals of this case are not at their end: %(numbers)s.") % {"numbers": numbers},
        _("Wait until they are done, or revoke them first."),
        f"{case.get_absolute_url()}?section=referrals",
    )


def check(referral: Referral) -> None:
    """Within the lock of the case.

    Raises:
        PersonFacingError: the case is closed.
    """
    if referral.case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Ask whoever sent it to reopen the case first."))
