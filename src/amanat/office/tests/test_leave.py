"""Leave: the deputy sees the files for exactly that time, and not before or after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Part
from amanat.cases.actions import guarding
from amanat.cases.models import Case
from amanat.office.actions import leaving
from amanat.office.tests.ways import read, send
from amanat.people.models import Membership, Role
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import Cast

Browse = Callable[..., Client]
# The cast's moment is 24 November, 14:00 in Ashgabat (UTC+5). Jemal is away on the 26th and 27th there.
DAYS = {"away_from": "2026-11-26", "away_until": "2026-11-27"}
BEGINS, ENDS = datetime(2026, 11, 25, 19, 0, tzinfo=UTC), datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def go(cast: Cast, by: Actor, name: str = "jemal", deputy: str | None = "merdan", **changed: Any) -> Membership:
    given = {"away_from": BEGINS, "away_until": ENDS, "deputy": cast[deputy] if deputy else None} | changed
    return leaving.set_leave(cast[name], actor=by, **given)


def test_the_deputy_sees_the_files_for_exactly_that_time(cast: Cast, case: Case, browse: Browse) -> None:
    send(browse("jemal"), "/leave", **DAYS, deputy=cast["merdan"].pk)
    held = Membership.objects.get(pk=cast["jemal"].pk)
    assert (held.away_from, held.away_until, held.deputy) == (BEGINS, ENDS, cast["merdan"])
    for moment, opens in ((BEGINS - MOMENT, False), (BEGINS, True), (ENDS - MOMENT, True), (ENDS, False)):
        file = open_file(cast.actor("merdan", moment), case)
        assert (file.exists, file.writes(Part.IDENTITY)) == (opens, opens), moment


def test_the_absent_worker_keeps_seeing(cast: Cast, case: Case, actor: Callable[..., Actor]) -> None:
    go(cast, actor("jemal"))
    assert open_file(cast.actor("jemal", BEGINS), case).writes(Part.IDENTITY)


def test_a_conflict_keeps_the_deputy_out(cast: Cast, case: Case, actor: Callable[..., Actor]) -> None:
    guarding.record_conflict(case, user=cast["merdan"].user, reason="A cousin.", actor=actor("jemal"))
    go(cast, actor("jemal"))
    assert not open_file(cast.actor("merdan", BEGINS), case).exists


def test_a_leave_that_is_ended_early_closes_the_files_at_once(
    cast: Cast, case: Case, browse: Browse, actor: Callable[..., Actor]
) -> None:
    go(cast, actor("jemal"), away_from=cast.now - timedelta(days=1))
    assert open_file(actor("merdan"), case).exists
    page = send(browse("jemal"), f"/leave/{cast['jemal'].pk}/end")
    assert "The leave has ended." in page
    assert not open_file(actor("merdan"), case).exists


def test_a_leave_to_come_can_be_taken_back(cast: Cast, case: Case, actor: Callable[..., Actor]) -> None:
    go(cast, actor("jemal"))
    held = leaving.end_leave(Membership.objects.get(pk=cast["jemal"].pk), actor=actor("jemal"))
    assert (held.away_from, held.away_until, held.deputy) == (None, None, None)
    assert not open_file(cast.actor("merdan", BEGINS), case).exists
    with pytest.raises(PersonFacingError, match="no leave to end"):
        leaving.end_leave(held, actor=actor("jemal"))


def test_a_supervisor_says_it_for_the_colleagues_of_the_own_agency(
    cast: Cast, browse: Browse, actor: Callable[..., Actor]
) -> None:
    aman = browse("aman")
    assert "Your colleagues" in read(aman, "/leave")
    page = send(aman, f"/leave/{cast['jemal'].pk}", **DAYS, deputy=cast["merdan"].pk)
    assert "Merdan" in page
    assert "on leave from" in read(aman, "/people")
    assert aman.get(f"/leave/{cast['dowlet'].pk}").status_code == 404
    with pytest.raises(Refused):
        go(cast, actor("aman"), "dowlet", None)


def test_nobody_else_says_it_for_a_colleague(cast: Cast, browse: Browse, actor: Callable[..., Actor]) -> None:
    for name in ("merdan", "viktor", "kerim"):
        assert browse(name).get(f"/leave/{cast['jemal'].pk}").status_code == 404
        with pytest.raises(Refused):
            go(cast, actor(name))


@pytest.mark.parametrize("deputy", ["ogulgerek", "dowlet", "aman", "jemal"])
def test_a_deputy_has_the_same_role_in_the_same_agency_and_is_somebody_else(
    cast: Cast, browse: Browse, actor: Callable[..., Actor], deputy: str
) -> None:
    with pytest.raises(PersonFacingError):
        go(cast, actor("jemal"), deputy=deputy)
    assert "Select a valid choice" in send(browse("jemal"), "/leave", **DAYS, deputy=cast[deputy].pk)


def test_whoever_does_not_work_there_any_more_is_no_deputy(cast: Cast, actor: Callable[..., Actor]) -> None:
    cast["merdan"].user.is_active = False
    with pytest.raises(PersonFacingError, match="does not work there"):
        go(cast, actor("jemal"))


def test_dates_the_wrong_way_round_or_over_are_told_at_their_field(cast: Cast, browse: Browse) -> None:
    jemal = browse("jemal")
    page = send(jemal, "/leave", away_from="2026-11-27", away_until="2026-11-25", deputy="")
    assert "The leave ends before it begins." in page
    assert 'href="#id_away_until"' in page
    assert "This leave is over already." in send(
        jemal, "/leave", away_from="2026-11-01", away_until="2026-11-02", deputy=""
    )
    assert "Enter a valid date." in send(jemal, "/leave", away_from="soon", away_until="2026-11-02", deputy="")


def test_a_leave_of_one_day_lasts_that_day(cast: Cast, browse: Browse) -> None:
    send(browse("jemal"), "/leave", away_from="2026-11-26", away_until="2026-11-26", deputy="")
    held = Membership.objects.get(pk=cast["jemal"].pk)
    assert held.away_from is not None
    assert held.away_until == held.away_from + timedelta(days=1)


def test_the_page_says_in_words_what_the_deputy_will_see(cast: Cast, browse: Browse) -> None:
    page = read(browse("jemal"), "/leave")
    assert "the deputy stands for you in every circle of care" in page
    for words in ("As case manager", "As social worker", "narrative", "no longer"):
        assert words in page
    assert "reaches no child" in read(browse("viktor"), "/leave")


def test_the_form_shows_the_leave_that_is_set(cast: Cast, browse: Browse, actor: Callable[..., Actor]) -> None:
    go(cast, actor("jemal"))
    page = read(browse("jemal"), "/leave")
    assert 'value="2026-11-26"' in page
    assert 'value="2026-11-27"' in page
    assert "Take it back" in page


def test_a_supervisor_and_a_trainer_can_be_away_too(cast: Cast, browse: Browse) -> None:
    for name in ("aman", "andrei", "kerim"):
        send(browse(name), "/leave", **DAYS, deputy="")
        assert Membership.objects.get(pk=cast[name].pk).is_away(BEGINS)


def test_a_second_dpo_stands_in_for_the_first(cast: Cast, browse: Browse) -> None:
    send(browse("kerim"), "/leave", **DAYS, deputy=cast["maral"].pk)
    assert Membership.objects.get(pk=cast["kerim"].pk).deputy == cast["maral"]
    assert cast["maral"].role == Role.DPO


def test_a_leave_is_told_with_its_last_day(cast: Cast, browse: Browse) -> None:
    page = send(browse("jemal"), "/leave", away_from="2026-11-26", away_until="2026-11-27", deputy="")
    assert "27 November 2026" in page
    assert "28 November 2026" not in page
