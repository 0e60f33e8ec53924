"""The duty list: a supervisor arranges it without a script, who is on it reads at which place, and an empty one is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.office.actions import arranging_duty as arranging
from amanat.office.health import State
from amanat.office.tests.state import found, state
from amanat.office.tests.ways import read, send
from amanat.people.models import DutyPlace, Membership, Message
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import NORTH, Cast

Browse = Callable[..., Client]


def in_order() -> list[str]:
    rows = DutyPlace.objects.filter(agency__name=NORTH).order_by("order")
    return [place.membership.user.username for place in rows.select_related("membership__user")]


@pytest.fixture
def listed(cast: Cast) -> None:
    for name in ("merdan", "nurana", "sona"):
        arranging.add(membership=cast[name], actor=cast.actor("aman"))


def test_a_supervisor_puts_colleagues_on_it_and_orders_them(cast: Cast, browse: Browse) -> None:
    aman = browse("aman")
    assert "Nobody is on duty yet" in read(aman, "/duty")
    for name in ("merdan", "nurana"):
        page = send(aman, "/duty/add", membership=cast[name].pk, quiet_from="22:00", quiet_until="06:30")
        assert f"{name.capitalize()} is on duty now" in page
    last = DutyPlace.objects.get(membership=cast["nurana"])
    assert "22:00–06:30" in send(aman, f"/duty/{last.pk}/move", up="yes")
    assert in_order() == ["nurana", "merdan"]
    send(aman, f"/duty/{last.pk}/move", up="yes")
    assert in_order() == ["nurana", "merdan"]
    send(aman, f"/duty/{last.pk}/move", up="no")
    assert in_order() == ["merdan", "nurana"]
    send(aman, f"/duty/{last.pk}", quiet_from="", quiet_until="")
    assert DutyPlace.objects.get(pk=last.pk).quiet_from is None
    assert "Nurana is not on duty any more" in send(aman, f"/duty/{last.pk}/remove")
    assert in_order() == ["merdan"]


def test_who_is_on_it_reads_at_which_place_and_arranges_nothing(listed: None, browse: Browse) -> None:
    page = read(browse("nurana"), "/duty")
    assert "You are on duty at place 2." in page
    assert "Take off the list" not in page
    assert browse("nurana").get("/duty/add").status_code == 404


def test_a_list_is_the_agencys_own(cast: Cast, listed: None, browse: Browse) -> None:
    place = DutyPlace.objects.get(membership=cast["merdan"])
    elena = browse("elena")
    assert "Merdan" not in read(elena, "/duty")
    assert elena.post(f"/duty/{place.pk}/remove").status_code == 404
    for act in (
        lambda: arranging.remove(place, actor=cast.actor("elena")),
        lambda: arranging.move(place, up=True, actor=cast.actor("elena")),
        lambda: arranging.set_quiet_hours(place, quiet_from=None, quiet_until=None, actor=cast.actor("elena")),
        lambda: arranging.add(membership=cast["jemal"], actor=cast.actor("elena")),
    ):
        with pytest.raises(Refused):
            act()
    assert in_order() == ["merdan", "nurana", "sona"]


@pytest.mark.parametrize(
    ("name", "hours", "said"),
    [
        ("merdan", (None, None), "on the list already"),
        ("viktor", (None, None), "can't take alerts"),
        ("aman", (None, None), "can't take alerts"),
        ("jemal", (time(22), None), "or leave both empty"),
        ("jemal", (time(22), time(22)), "end when they begin"),
    ],
)
def test_what_makes_no_sense_is_said(
    cast: Cast, listed: None, name: str, hours: tuple[time | None, time | None], said: str
) -> None:
    with pytest.raises(PersonFacingError, match=said):
        arranging.add(membership=cast[name], quiet_from=hours[0], quiet_until=hours[1], actor=cast.actor("aman"))


def go_away(cast: Cast, *names: str, deputy: Membership | None = None) -> None:
    leave = {"away_from": cast.now, "away_until": cast.now + timedelta(days=3), "deputy": deputy}
    Membership.objects.filter(pk__in=[cast[name].pk for name in names]).update(**leave)


def test_an_empty_list_and_one_of_people_on_leave_are_told(cast: Cast, listed: None, browse: Browse) -> None:
    assert "Nobody of your agency is on duty" not in read(browse("aman"), "/")
    assert found("duty.lists", cast.now).value == 1  # Harbour Legal Aid has none
    go_away(cast, "merdan", "nurana", "sona")
    assert "Nobody of your agency is on duty" in read(browse("aman"), "/")
    assert "Everybody on the list is away" in read(browse("merdan"), "/duty")
    assert found("duty.lists", cast.now).value == 2
    go_away(cast, "merdan", deputy=cast["jemal"])
    assert "On leave: Jemal stands in." in read(browse("aman"), "/duty")
    assert found("duty.lists", cast.now).value == 1
    arranging.add(membership=cast["dowlet"], actor=cast.actor("elena"))
    assert state("duty.lists", cast.now) == State.OK


def test_messages_that_do_not_leave_are_told(cast: Cast) -> None:
    user = cast["jemal"].user
    given = {"user": user, "kind": "alert", "made_at": cast.now, "next_try_at": cast.now}
    message = Message.objects.create(**given)
    late = cast.now + timedelta(minutes=11)
    assert [state("waiting.messages", moment) for moment in (cast.now, late)] == [State.OK, State.WARNING]
    message.given_up_at = late
    message.save()
    assert state("messages.given_up", late) == State.FAULT
    assert "1" in found("messages.given_up", late).sentence


def test_lists_ask_the_database_no_more_for_many(
    cast: Cast, listed: None, browse: Browse, actor: Callable[..., Actor], django_assert_max_num_queries: object
) -> None:
    client = browse("aman")
    client.get("/duty")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/duty")
