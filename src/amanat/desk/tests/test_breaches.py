"""The register of breaches, with the 72 hours in which the authority is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from amanat.desk.actions import breaching
from amanat.desk.breaches import Told
from amanat.desk.models import Breach
from amanat.office.tests.ways import counting, entries_of, read, send
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
HOUR = timedelta(hours=1)
ASHGABAT = ZoneInfo("Asia/Ashgabat")
WORDS = {"what": "A phone was lost on the bus.", "whom": "Two children.", "follows": "It was locked."}


def recorded(cast: Cast, hours_ago: int = 1) -> Breach:
    return breaching.record(known_at=NOW - hours_ago * HOUR, **WORDS, actor=cast.actor("kerim"))


def test_the_clock_runs_72_hours_from_the_moment_of_knowing(cast: Cast) -> None:
    breach = recorded(cast, 10)
    assert breach.due == NOW + 62 * HOUR
    assert Told(breach, NOW).hours_left == 62
    assert not Told(breach, breach.due).is_late
    assert Told(breach, breach.due + HOUR).is_late
    with pytest.raises(PersonFacingError, match="not come yet"):
        recorded(cast, -1)
    with pytest.raises(PersonFacingError, match="too long ago") as slip:
        breaching.record(known_at=datetime(1, 1, 1, tzinfo=ASHGABAT), **WORDS, actor=cast.actor("kerim"))
    assert slip.value.field == "known_at"


def test_telling_the_authority_stops_it_and_too_late_is_said(cast: Cast) -> None:
    for hours, late in ((1, False), (80, True)):
        breach = recorded(cast, hours)
        breaching.follow_up(breach, kind="authority", text="By letter.", actor=cast.actor("kerim"))
        told = Told(Breach.objects.get(pk=breach.pk), NOW)
        assert (told.runs, told.was_late) == (False, late)


def test_only_the_officer_writes_there_and_looks(cast: Cast, browse: Browse) -> None:
    breach = recorded(cast)
    for name in ("jemal", "aman", "viktor", "irina"):
        with pytest.raises(Refused):
            breaching.record(known_at=NOW, **WORDS, actor=cast.actor(name))
        for address in ("/desk/breaches", "/desk/breaches/record", reverse("desk.breach", args=[breach.pk])):
            assert browse(name).get(address).status_code == 404


def test_a_closed_one_is_closed_and_each_has_its_number(cast: Cast) -> None:
    breach = recorded(cast)
    breaching.follow_up(breach, kind="authority", text="By letter.", actor=cast.actor("kerim"))
    breaching.follow_up(breach, kind="closed", text="Found again, still locked.", actor=cast.actor("kerim"))
    with pytest.raises(PersonFacingError, match="closed"):
        breaching.follow_up(breach, kind="measure", text="Nothing.", actor=cast.actor("kerim"))
    assert [breach.number, recorded(cast).number] == [1, 2]


def test_nobody_closes_one_of_which_the_authority_was_not_told_without_saying_why(cast: Cast, browse: Browse) -> None:
    breach = recorded(cast)
    for untold in ("", "  \n"):
        with pytest.raises(PersonFacingError, match="Nothing says that the authority was told") as refused:
            breaching.follow_up(breach, kind="closed", text="Found.", untold=untold, actor=cast.actor("kerim"))
        assert refused.value.field == "untold"
    assert Told(Breach.objects.get(), NOW).runs, "the clock goes on"
    why = "It was never out of the locked room."
    page = send(browse("kerim"), reverse("desk.breach", args=[breach.pk]), kind="closed", text="Found.", untold=why)
    assert "closed without telling the authority" in page
    assert why in page


def test_from_the_first_word_to_the_last_on_pages(cast: Cast, browse: Browse) -> None:
    kerim = browse("kerim")
    assert "No breach is written down" in read(kerim, "/desk/breaches")
    page = send(kerim, "/desk/breaches/record", known_at="2026-11-24T13:00", **WORDS)
    assert "Breach 1" in page
    assert "71 hours left" in page
    assert "A phone was lost on the bus." in page
    assert "breach to be told to the authority" in read(kerim, "/")
    where = reverse("desk.breach", args=[Breach.objects.get().pk])
    page = send(kerim, where, kind="authority", text="Told by telephone.")
    assert "Told by telephone." in page
    assert "breach to be told to the authority" not in read(kerim, "/")
    send(kerim, where, kind="people", text="Both families know.")
    page = send(kerim, where, kind="closed", text="Nothing more to do.")
    assert "What was done next" not in page
    assert "closed" in read(kerim, "/desk/breaches")
    assert kerim.get(reverse("desk.breach", args=[NOBODY])).status_code == 404


NOBODY = "00000000-0000-0000-0000-000000000007"


def test_what_stands_there_is_sealed(cast: Cast) -> None:
    breach = recorded(cast)
    breaching.follow_up(breach, kind="measure", text="The phone was wiped.", actor=cast.actor("kerim"))
    with connection.cursor() as cursor:
        for table in ("desk_breach", "desk_breachstep"):
            cursor.execute(f"SELECT * FROM {table}")
            rows = str(
                [[bytes(cell) if isinstance(cell, memoryview) else cell for cell in row] for row in cursor.fetchall()]
            )
            assert "phone" not in rows


def test_the_log_names_the_breach_by_its_number(cast: Cast) -> None:
    recorded(cast)
    [(entry, details)] = entries_of("breach.record")
    assert (entry.subject.kind, details["about"]) == ("office", "breach 1")


def test_the_register_costs_the_same_however_long(cast: Cast, browse: Browse) -> None:
    recorded(cast)
    kerim = browse("kerim")
    read(kerim, "/desk/breaches")
    with counting() as few:
        read(kerim, "/desk/breaches")
    for _more in range(6):
        recorded(cast)
    with counting() as many:
        read(kerim, "/desk/breaches")
    assert len(many) == len(few) <= 12
