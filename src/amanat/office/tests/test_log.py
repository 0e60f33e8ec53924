"""The whole log, for the DPO: by worker, day and outcome; refusals in words; what is said about a child stays closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.audit.models import Entry, Outcome
from amanat.cases.actions import changing
from amanat.cases.models import Case
from amanat.office.actions import leaving
from amanat.office.log import Asked, lines
from amanat.office.tests.ways import entries_of, read
from amanat.web.errors import Refused
from tests.cast import Cast

Browse = Callable[..., Client]
Act = Callable[..., Actor]


@pytest.fixture
def refused(cast: Cast, actor: Act) -> None:
    """Dowlet tried to suspend jemal."""
    with pytest.raises(Refused):
        leaving.suspend(cast["jemal"].user, reason="Why not.", actor=actor("dowlet"))


def test_a_refusal_is_told_in_words_with_who_and_whom(cast: Cast, browse: Browse, refused: None) -> None:
    page = read(browse("kerim"), "/desk/log", outcome="refused")
    for words in ("was refused", "Dowlet", "Suspend a worker", "Jemal"):
        assert words in page


def test_filters_by_worker_outcome_and_day(cast: Cast, case: Case, actor: Act, refused: None) -> None:
    kerim = actor("kerim")

    def found(**sent: str) -> int:
        return len(lines(kerim, Asked.of(sent), "").rows)

    everything = found()
    assert found(worker=cast["dowlet"].user_id.hex) == 1
    assert found(outcome="refused") == 1
    assert found(day="2026-11-24") == everything
    assert found(day="2026-11-23") == 0
    assert found(worker=cast["dowlet"].user_id.hex, outcome="done") == 0


def test_a_day_is_a_day_of_the_site(cast: Cast, browse: Browse, actor: Act) -> None:
    """In Ashgabat the 25th begins at 19:00 UTC of the 24th."""
    late = cast.actor("aman", cast.now.replace(hour=19, minute=30))
    leaving.suspend(cast["jemal"].user, reason="Late.", actor=late)
    kerim = browse("kerim")
    assert "Late." in read(kerim, "/desk/log", day="2026-11-25")
    assert "Late." not in read(kerim, "/desk/log", day="2026-11-24")


@pytest.mark.parametrize(
    "sent", [{"day": "2026-02-31"}, {"day": "soon"}, {"worker": "x"}, {"outcome": "all"}, {"from": "x"}]
)
def test_a_filter_that_is_none_is_passed_over(cast: Cast, case: Case, browse: Browse, sent: dict[str, str]) -> None:
    assert case.child.code_name in read(browse("kerim"), "/desk/log", **sent)


def test_the_reason_of_an_act_on_a_child_stays_closed_here(cast: Cast, case: Case, browse: Browse, actor: Act) -> None:
    changing.rename(case, reason="Burnt at the market.", actor=actor("jemal"))
    page = read(browse("kerim"), "/desk/log")
    assert "Replace the code name" in page
    assert "Burnt at the market." not in page


def test_long_logs_have_pages(cast: Cast, browse: Browse) -> None:
    kerim = cast["kerim"]
    from amanat.audit import recording

    recording.record_many(
        {"at": cast.now - timedelta(minutes=minute), "verb": "look.people", "outcome": Outcome.READ, "user": kerim.user}
        for minute in range(60)
    )
    page = read(browse("kerim"), "/desk/log")
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page


def test_looking_at_the_log_stands_in_the_log(cast: Cast, browse: Browse) -> None:
    read(browse("kerim"), "/desk/log", outcome="refused")
    ((entry, details),) = entries_of("look.audit")
    assert (entry.outcome, entry.user, details["asked"]) == ("read", cast["kerim"].user, "outcome=refused")


def test_a_day_without_entries_says_what_to_do(cast: Cast, browse: Browse) -> None:
    assert "Choose another day or fewer filters." in read(browse("kerim"), "/desk/log", day="2020-01-01")


def test_somebody_who_probes_pages_of_others_is_seen(cast: Cast, browse: Browse) -> None:
    browse("aman").get(f"/people/{cast['dowlet'].user_id}")
    browse("jemal").get("/desk/log")
    refusals = Entry.objects.filter(outcome=Outcome.REFUSED).values_list("user__username", "page")
    assert set(refusals) == {("aman", "office.worker"), ("jemal", "office.audit")}
