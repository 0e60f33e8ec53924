"""By which consent a house of the agency that was asked takes a child in: that of the referral for shelter which it accepted."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Final

from amanat.access.consents import naming, narrowest, opens_a_file
from amanat.access.models import Consent
from amanat.access.policy import Part
from amanat.cases.lodging import Lodging
from amanat.cases.models import Case
from amanat.referrals.agreeing import PURPOSE, carries_on
from amanat.referrals.models import RUNNING, Kind, Referral

SHELTER: Final = "shelter"


def by_referral(cases: Collection[Case], agency: uuid.UUID, now: datetime) -> dict[uuid.UUID, Lodging]:
    """Two queries at most, however many cases."""
    rows = Referral.objects.filter(case__in=cases, agency=agency, kind=Kind.SERVICE, need=SHELTER, state__in=RUNNING)
    held = {row.case_id: row for row in rows.select_related("consent").order_by("since", "id") if _holds(row, now)}
    lacking = [row.subject_id for row in held.values() if row.consent and Part.CENTRE not in row.consent.parts]
    others = _naming_the_log(agency, lacking, now) if lacking else {}
    return {case: _lodging(row, others.get(row.subject_id)) for case, row in held.items()}


def _holds(row: Referral, now: datetime) -> bool:
    return row.consent is not None and row.consent.holds(now)


def _naming_the_log(agency: uuid.UUID, subjects: Collection[uuid.UUID], now: datetime) -> dict[uuid.UUID, Consent]:
    """Another consent to a referral that names the log of the centre, where that of the referral does not."""
    found: dict[uuid.UUID, list[Consent]] = {}
    for row in naming(agency).filter(subject__in=subjects):
        fits = row.purpose == PURPOSE or row.override_ground
        if fits and row.holds(now) and opens_a_file(row) and Part.CENTRE in row.parts:
            found.setdefault(row.subject_id, []).append(row)
    return {subject: narrowest(rows) for subject, rows in found.items()}


def _lodging(row: Referral, naming_the_log: Consent | None) -> Lodging:
    assert row.consent is not None, "asked before"
    parts = frozenset({*map(Part, row.parts), Part.CENTRE})
    return Lodging(row.consent, parts, naming_the_log, row.rings_at if carries_on(row) else None)
