"""By which memberships somebody acts: asked on every page, and no dearer the more workers there are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amanat.people.waiting import acts_by

pytestmark = pytest.mark.django_db


def test_a_deputy_acts_for_who_is_on_leave_and_for_nobody_else(cast: Any) -> None:
    away, deputy = cast["jemal"], cast["merdan"]
    away.deputy, away.away_from, away.away_until = deputy, cast.now - timedelta(1), cast.now + timedelta(1)
    away.save()
    assert {row.pk for row in acts_by(deputy.user, cast.now)} == {deputy.pk, away.pk}
    assert {row.pk for row in acts_by(deputy.user, cast.now + timedelta(2))} == {deputy.pk}
    assert {row.pk for row in acts_by(away.user, cast.now)} == {away.pk}


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("of", ["waiting", "page"])
def test_no_other_workers_membership_is_looked_at(cast: Any, browse: Any, of: str) -> None:
    browser = browse("merdan")
    with CaptureQueriesContext(connection) as asked:
        if of == "waiting":
            acts_by(cast["merdan"].user, cast.now)
        else:
            browser.get("/account")
    found = [one["sql"] for one in asked if "deputy_id" in one["sql"] and 'FROM "people_membership"' in one["sql"]]
    assert found
    for sql in found:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            assert "SCAN people_membership" not in " ".join(str(row[-1]) for row in cursor.fetchall())
