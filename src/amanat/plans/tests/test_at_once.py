"""Five people in one plan at the same time, each in a connection of their own: no word is lost, and nobody agrees to half a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from amanat.access.files import open_file
from amanat.cases.models import Case
from amanat.cases.tests.test_at_once import at_once
from amanat.plans.actions import drafting
from amanat.plans.models import FormerRow, Plan, PlanRow, PlanState
from amanat.plans.reading import Standing, frozen_text, plans_of
from amanat.plans.tests.planned import Drafted, drafted, team
from amanat.web.errors import PersonFacingError, Stale

__all__ = ["drafted", "team"]  # fixtures

TEAM = ("jemal", "ogulgerek", "bahar", "sona", "merdan")


@pytest.mark.django_db(transaction=True)
def test_five_who_write_at_once_lose_no_word(drafted: Drafted) -> None:
    """Each writes a row of their own and the same shared one: own rows never conflict; of the shared one four see both texts and write
    theirs on top. In the end every word that was written stands in a row or among what stood there before."""
    cast, rows = drafted.cast, {}
    for name in TEAM:
        rows[name] = drafted.write(name, kind="activity", parent=drafted.objective, words=f"{name} 0")
    shared = drafted.write("merdan", row=drafted.objective, words="shared", owner="social_worker")
    seen = {name: row.version for name, row in rows.items()}

    def fresh() -> Case:
        return Case.objects.select_related("subject", "child", "agency").get(pk=drafted.case.pk)

    def writes(name: str, row: PlanRow, words: str, version: int) -> Callable[[], Any]:
        case = fresh()
        return lambda: drafting.write(case, row=row, words=words, seen=version, actor=cast.actor(name))

    for turn in (1, 2):
        given = at_once([writes(name, rows[name], f"{name} {turn}", seen[name]) for name in TEAM])
        assert not [one for one in given if isinstance(one, Exception)], given
        seen = {name: version + 1 for name, version in seen.items()}
    now = PlanRow.objects.get(pk=shared.pk).version
    given = at_once([writes(name, shared, f"jointly {name}", now) for name in ("jemal", "merdan")])
    [told] = [one for one in given if isinstance(one, Stale)]
    assert told.version == now + 1
    assert told.theirs["words"].startswith("jointly")

    file = open_file(cast.actor("jemal"), fresh())
    stand = {row.get("words") for row in Standing(file).live.values()}
    before = set()
    for former in FormerRow.objects.select_related("subject"):
        before.add(file.open(former, "content").get("words"))
    assert {f"{name} {turn}" for name in TEAM for turn in (0, 1, 2)} | {
        "shared",
        told.theirs["words"],
    } <= stand | before


@pytest.mark.django_db(transaction=True)
def test_what_is_agreed_is_what_stood_there_and_two_drafts_never_begin(drafted: Drafted) -> None:
    drafted.agree("child", "guardian")
    row = PlanRow.objects.get(pk=drafted.objective.pk)
    given = at_once(
        [
            lambda: drafted.agree("team"),
            lambda: drafted.write(row=row, words="At the last moment"),
        ]
    )
    plan = Plan.objects.get()
    file = open_file(drafted.cast.actor("jemal"), drafted.case)
    if plan.state == PlanState.AGREED:
        assert isinstance(given[1], PersonFacingError)
        assert frozen_text(file, plans_of(file)[0])[row.pk.hex].get("words") == "Attends the ninth form"
    else:
        drafted.agree("child", "guardian")  # the team agreed to the text of now already
        assert Plan.objects.get().state == PlanState.AGREED
    again = at_once(
        [lambda: drafting.begin(drafted.case, why="x", actor=drafted.cast.actor("jemal")) for _ in range(2)]
    )
    assert [isinstance(one, PersonFacingError) for one in again].count(True) == 1
    assert Plan.objects.filter(state=PlanState.DRAFT).count() == 1
