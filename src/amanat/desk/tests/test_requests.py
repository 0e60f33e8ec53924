"""Requests of children and guardians: written down by whoever they turn to, answered by the officer, with a clock that is seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from amanat.cases.models import Case
from amanat.desk.actions import erasing, requesting
from amanat.desk.models import Request
from amanat.desk.tests.ways import asked, close
from amanat.office.tests.ways import counting, entries_of, read, send
from amanat.packs.clocks import NEEDED, Clock, clock
from amanat.packs.labels import Label
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
TODAY = NOW.date()


def recorded(case: Case, cast: Cast, by: str = "jemal", kind: str = "access", on: date = TODAY) -> Request:
    return requesting.record(
        case, kind=kind, given_by="guardian", text="I want to see it.", received_on=on, actor=cast.actor(by)
    )


def test_the_core_pack_has_every_clock_of_the_desk() -> None:
    assert {clock(name).name for name in NEEDED} == set(NEEDED)
    assert (clock("request").amount, clock("request").unit) == (1, "months")
    assert (clock("breach").amount, clock("breach").unit) == (72, "hours")


@pytest.mark.parametrize(
    ("start", "last"),
    [
        (date(2026, 11, 24), date(2026, 12, 24)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2026, 12, 15), date(2027, 1, 15)),
    ],
)
def test_a_month_is_the_same_day_of_the_next_or_its_last(start: date, last: date) -> None:
    assert clock("request").last_day(start) == last


def test_a_clock_of_days_or_hours_counts_them() -> None:
    days = Clock("x", Label({}), 10, "days", Label({}), verified=True)
    assert days.last_day(TODAY) == TODAY + timedelta(days=10)
    assert clock("breach").rings(NOW) == NOW + timedelta(hours=72)


def test_whoever_they_turn_to_writes_it_down_and_only_the_officer_answers(case: Case, cast: Cast) -> None:
    for name in ("jemal", "aman", "kerim"):
        recorded(case, cast, name)
    for name in ("dowlet", "irina", "viktor", "ogulgerek"):
        with pytest.raises(Refused):
            recorded(case, cast, name)
    waiting = Request.objects.first()
    assert waiting
    with pytest.raises(Refused):
        requesting.answer(case, request=waiting, outcome="granted", text="Here.", actor=cast.actor("jemal"))
    requesting.answer(case, request=waiting, outcome="granted", text="Here.", actor=cast.actor("kerim"))
    with pytest.raises(PersonFacingError, match="answered before"):
        requesting.answer(case, request=waiting, outcome="refused", text="No.", actor=cast.actor("maral"))


def test_the_clock_runs_from_the_day_of_asking(case: Case, cast: Cast) -> None:
    assert recorded(case, cast, on=date(2026, 11, 1)).due_on == date(2026, 12, 1)
    with pytest.raises(PersonFacingError, match="not come yet"):
        recorded(case, cast, on=TODAY + timedelta(days=1))


def test_more_time_is_taken_once_with_a_reason_and_before_the_time_is_over(case: Case, cast: Cast) -> None:
    waiting, late = recorded(case, cast), recorded(case, cast, on=date(2026, 9, 1))
    longer = requesting.take_longer(case, request=waiting, reason="Many papers.", actor=cast.actor("kerim"))
    assert longer.due_on == date(2027, 2, 24)
    with pytest.raises(PersonFacingError, match="taken once"):
        requesting.take_longer(case, request=waiting, reason="Still.", actor=cast.actor("kerim"))
    with pytest.raises(PersonFacingError, match="The time is over"):
        requesting.take_longer(case, request=late, reason="Late.", actor=cast.actor("kerim"))


def test_from_the_file_to_the_answer_on_pages(case: Case, cast: Cast, browse: Browse) -> None:
    where = reverse("desk.record_request", args=[case])
    assert f'href="{where}"' in read(browse("jemal"), case.get_absolute_url())
    send(
        browse("jemal"),
        where,
        kind="rectification",
        given_by="child",
        text="My name is wrong.",
        received_on="2026-11-20",
    )
    kerim = browse("kerim")
    page = read(kerim, "/desk/requests")
    assert case.child.code_name in page
    assert "26 days left" in page
    assert "My name is wrong." in read(kerim, where)
    waiting = Request.objects.get()
    send(kerim, reverse("desk.take_longer", args=[case, waiting.pk]), reason="The paper has to come first.")
    page = send(
        kerim, reverse("desk.answer_request", args=[case, waiting.pk]), outcome="granted", text="It is corrected."
    )
    assert "No request waits" in page
    page = read(kerim, where)
    for words in ("The paper has to come first.", "It is corrected.", "Done as asked"):
        assert words in page
    assert case.child.code_name in read(kerim, "/desk/requests", answered="1")
    assert kerim.get(reverse("desk.answer_request", args=[case, waiting.pk])).status_code == 404


def test_what_is_late_is_red_on_the_desk_and_what_is_near_stands_on_the_day(
    case: Case, cast: Cast, browse: Browse
) -> None:
    kerim = browse("kerim")
    assert "request to be answered this week" not in read(kerim, "/")
    recorded(case, cast, on=date(2026, 10, 26))
    assert "request to be answered this week" in read(kerim, "/")
    assert "tile-danger" not in read(kerim, "/desk").split('href="/desk/requests"')[0].split("<a")[-1]
    recorded(case, cast, on=date(2026, 9, 1))
    assert "tile-danger" in read(kerim, "/desk").split('href="/desk/requests"')[0].split("<a")[-1]


def test_an_erasure_answers_the_request_for_it_and_waits_for_the_others(case: Case, cast: Cast, browse: Browse) -> None:
    other, wanted = recorded(case, cast), recorded(case, cast, kind="erasure")
    close(case, cast)
    waiting = asked(case, cast, ground="request")
    with pytest.raises(PersonFacingError, match="not answered yet"):
        erasing.carry_out(case, erasure=waiting, actor=cast.actor("kerim"))
    requesting.answer(case, request=other, outcome="granted", text="Here.", actor=cast.actor("kerim"))
    erasing.carry_out(case, erasure=waiting, actor=cast.actor("kerim"))
    wanted.refresh_from_db()
    assert (wanted.answer, wanted.answered_by) == ("granted", cast["kerim"])
    page = read(browse("kerim"), "/desk/requests", answered="1")
    assert page.count("an erased file") == 2
    assert case.child.code_name not in page


def test_the_log_of_the_file_tells_of_it(case: Case, cast: Cast) -> None:
    recorded(case, cast)
    [(entry, _details)] = entries_of("request.record")
    assert entry.subject_id == case.subject_id


def test_the_register_costs_the_same_however_long(
    case: Case, cast: Cast, browse: Browse, register: Callable[..., Case]
) -> None:
    recorded(case, cast)
    kerim = browse("kerim")
    read(kerim, "/desk/requests")
    with counting() as few:
        read(kerim, "/desk/requests")
    for _more in range(6):
        recorded(register(), cast)
    with counting() as many:
        read(kerim, "/desk/requests")
    assert len(many) == len(few) <= 12
