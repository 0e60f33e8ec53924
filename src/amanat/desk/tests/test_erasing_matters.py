"""Erasing a matter of a hotline: the same two people as for a file, from its page; found by its code name; holds and periods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from amanat.access.actor import Actor
from amanat.access.models import Conflict
from amanat.audit import recording
from amanat.audit.models import Entry
from amanat.cases.models import Case
from amanat.desk import retention
from amanat.desk.actions import erasing, holding
from amanat.desk.actions.erasing import NotTheSecond, OnHold, StillOpen
from amanat.desk.models import Due, Erasure, ErasureState, Hold
from amanat.desk.retention import NotOver
from amanat.desk.tests.test_erasing import STAYS, rows_about
from amanat.hotline import ringing
from amanat.hotline.actions import matters
from amanat.hotline.beginning import begin_call, begin_matter
from amanat.hotline.models import Call, CallerMark, CallState, Matter, MatterLink, Outcome, RecruiterMark
from amanat.hotline.tests.crew import called, crew
from amanat.identification.models import Screening
from amanat.office.tests.ways import entries_of, read, send
from amanat.people.models import Membership, Role
from amanat.vault import erasing as vault_erasing
from amanat.vault import erasures
from amanat.vault.models import Subject
from amanat.web.errors import PersonFacingError, Refused
from tests import walk_world
from tests.cast import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]
Browse = Callable[..., Client]
NUMBER = "+993 12 463500"
WHY = "Her mother asked us to forget the call."


@pytest.fixture(autouse=True)
def _no_office() -> Iterator[None]:
    yield
    recording.forget_office()


@pytest.fixture
def matter(cast: Cast) -> Matter:
    """Closed by its operator, with one call in it."""
    crew(cast)
    nurana = cast.actor("nurana")
    call = called(nurana, number=NUMBER, summary="A neighbour worries.")
    return matters.close(call.matter, reason="Nothing more to do.", actor=nurana)


def asked(matter: Matter, cast: Cast, by: str = "aman", ground: str = "request") -> Erasure:
    return erasing.ask(matter, ground=ground, reason=WHY, actor=cast.actor(by))


def carry_out(matter: Matter, cast: Cast, erasure: Erasure, by: str = "kerim") -> Erasure:
    return erasing.carry_out(matter, erasure=erasure, actor=cast.actor(by))


# --- two people ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [("aman", "kerim"), ("kerim", "aman")])
def test_an_officer_and_the_supervisor_of_the_hotline_in_either_order(
    matter: Matter, cast: Cast, first: str, second: str
) -> None:
    done = carry_out(matter, cast, asked(matter, cast, first), second)
    assert (done.state, done.number) == (ErasureState.DONE, 1)
    assert not Matter.objects.exists()
    [(entry, _details)] = entries_of("erasure.carry_out")
    assert entry.subject.kind == "office"


@pytest.mark.parametrize(("first", "second"), [("aman", "aman"), ("kerim", "maral")])
def test_never_one_alone_nor_two_of_the_office_while_the_supervisor_can(
    matter: Matter, cast: Cast, first: str, second: str
) -> None:
    with pytest.raises(NotTheSecond):
        carry_out(matter, cast, asked(matter, cast, first), second)
    assert Matter.objects.exists()


def test_an_operator_is_no_supervisor_who_would_keep_two_officers_from_it(matter: Matter, cast: Cast) -> None:
    Membership.objects.filter(pk=cast["aman"].pk).update(role=Role.TRAINER)
    carry_out(matter, cast, asked(matter, cast, "kerim"), "maral")
    assert not Matter.objects.exists()


@pytest.mark.parametrize("name", ["nurana", "gul", "elena", "irina", "jemal", "viktor"])
def test_nobody_else_asks_carries_out_or_declines(matter: Matter, cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        asked(matter, cast, name)
    waiting = asked(matter, cast)
    with pytest.raises(Refused):
        carry_out(matter, cast, waiting, name)
    with pytest.raises(Refused):
        erasing.decline(matter, erasure=waiting, reason="No.", actor=cast.actor(name))


def test_nobody_whom_a_conflict_keeps_out_of_any_part(matter: Matter, cast: Cast) -> None:
    waiting = asked(matter, cast)
    Conflict.objects.create(
        subject=matter.subject,
        user=cast["kerim"].user,
        part="call",
        recorded_by=cast["maral"],
        recorded_at=NOW,
        details={"reason": "A cousin."},
    )
    with pytest.raises(Refused, match="A conflict keeps you out"):
        carry_out(matter, cast, waiting)
    carry_out(matter, cast, waiting, "maral")


def test_an_open_matter_stays_and_one_about_which_somebody_calls_right_now(matter: Matter, cast: Cast) -> None:
    waiting = asked(matter, cast)
    again = begin_call(matter, "phone", NOW, state=CallState.RINGING)
    with pytest.raises(PersonFacingError, match="has not ended"):
        carry_out(matter, cast, waiting)
    Call.objects.filter(pk=again.pk).update(state=CallState.ENDED, ended_at=NOW)
    matters.reopen(matter, reason="She called again.", actor=cast.actor("nurana"))
    with pytest.raises(StillOpen, match="matter is still open"):
        carry_out(matter, cast, waiting)
    assert Matter.objects.exists()


# --- what goes and what stays ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("db")
def test_of_a_matter_with_something_in_every_part_the_key_and_every_row_go_and_nothing_of_others() -> None:
    world = walk_world.build()
    matter = world.rows["matter"]
    assert isinstance(matter, Matter)
    case_rows = rows_about(world.case.subject)
    Matter.objects.filter(pk=matter.pk).update(closed_at=NOW)
    Call.objects.update(state=CallState.ENDED, ended_at=NOW)
    Hold.objects.filter(subject=matter.subject).update(lifted_at=NOW)
    second = Actor.of(world.members["supervisor", "owner"], NOW, proved_at=NOW)
    waiting = Erasure.objects.get(subject=matter.subject)
    assert Screening.objects.filter(subject=matter.subject).exists()
    erasing.carry_out(matter, erasure=waiting, actor=second)
    assert set(rows_about(matter.subject)) <= STAYS
    assert bytes(Subject.objects.get(pk=matter.subject_id).wrapped_key) == b""
    assert not Screening.objects.filter(subject=matter.subject).exists()
    assert rows_about(world.case.subject) == case_rows
    assert Matter.objects.filter(code_name=walk_world.ANOTHER_MATTER).exists()  # it was linked with this one
    assert [model for model in (MatterLink, CallerMark, RecruiterMark) if model.objects.exists()] == []  # type: ignore[attr-defined]


def test_the_list_of_erasures_names_its_subject_and_a_restore_takes_it_away_again(matter: Matter, cast: Cast) -> None:
    other = begin_matter(matter.agency, NOW)
    before = erasures.number()
    carry_out(matter, cast, asked(matter, cast))
    assert erasures.number() == before + 1
    erasures.replay([erasures.Erased(other.subject_id, "matter", NOW)])
    assert not Matter.objects.exists()


# --- pages -----------------------------------------------------------------------------------------------------------


def test_from_the_closed_matter_to_the_erased_one_on_pages(matter: Matter, browse: Browse) -> None:
    aman, kerim = browse("aman"), browse("kerim")
    ask = reverse("desk.matter_ask_erasure", args=[matter])
    assert f'href="{ask}"' in read(aman, matter.get_absolute_url())
    assert f'href="{ask}"' in read(kerim, matter.get_absolute_url())
    assert "Another person decides now" in send(aman, ask, ground="request", reason=WHY)
    carry = reverse("desk.matter_carry_out_erasure", args=[matter])
    page = read(kerim, "/desk/erasures")
    assert f'href="{carry}"' in page
    assert matter.code_name in page
    assert "Whoever called asked for it" in page
    page = read(kerim, carry)
    assert WHY in page
    assert NUMBER not in page
    assert WHY in read(aman, ask)
    assert "This is not the code name of this matter" in send(kerim, carry, code_name="H-000000", sure="on")
    page = send(kerim, carry, code_name=matter.code_name.lower(), sure="on")
    assert "The matter is erased. This was erasure 1." in page
    assert matter.code_name not in page
    assert not Matter.objects.exists()
    assert aman.get(matter.get_absolute_url()).status_code == 404


def test_pages_say_why_a_matter_can_not_be_erased_and_declined_it_stays(
    matter: Matter, cast: Cast, browse: Browse
) -> None:
    aman, kerim = browse("aman"), browse("kerim")
    ask, hold = (reverse(f"desk.matter_{name}", args=[matter]) for name in ("ask_erasure", "hold"))
    assert f'href="{hold}"' in read(kerim, matter.get_absolute_url())
    assert "Nothing of this matter is erased" in send(kerim, hold, reason="A court asked for it.")
    assert "A legal hold stands on this matter" in read(aman, ask)
    page = read(kerim, "/desk/holds")
    assert f'href="{hold}"' in page
    lift = reverse("desk.matter_lift_hold", args=[matter, Hold.objects.get().pk])
    send(kerim, lift, reason="Done.")
    asked(matter, cast)
    decline = reverse("desk.matter_decline_erasure", args=[matter])
    assert "The matter stays as it is." in send(kerim, decline, reason="A trial is on.")
    matters.reopen(matter, reason="She called again.", actor=cast.actor("nurana"))
    assert "This matter is still open" in read(aman, ask)
    assert f'href="{ask}"' not in read(aman, matter.get_absolute_url())
    assert Matter.objects.exists()


def test_the_officer_finds_a_matter_and_a_file_by_the_exact_code_name_alone(
    matter: Matter, case: Case, browse: Browse
) -> None:
    kerim = browse("kerim")
    page = send(kerim, "/find", code_name=matter.code_name.lower(), reason="She asked us to forget it.")
    assert f'href="{matter.get_absolute_url()}"' in page
    assert Entry.objects.filter(subject=matter.subject, verb="file.find_exact").count() == 2  # done, and looked at
    page = send(kerim, "/find", code_name=case.child.code_name, reason="A request.")
    assert f'href="{case.get_absolute_url()}"' in page
    part = send(kerim, "/find", code_name=matter.code_name[:-1], reason="A guess.")
    assert "No file has this code name" in part
    assert browse("aman").get("/find").status_code == 404


# --- what nothing erases by itself, and what is due ------------------------------------------------------------------


def hung_up(cast: Cast) -> Matter:
    """A matter in which nothing stands but a call that nobody answered, long ago."""
    long_ago = NOW - timedelta(days=60)
    left = begin_matter(cast["nurana"].agency, long_ago, closed_at=long_ago)
    begin_call(left, "phone", long_ago, state=CallState.ENDED, outcome=Outcome.ABANDONED, ended_at=long_ago)
    return left


def test_the_sweep_of_calls_that_nobody_answered_leaves_what_is_held_and_what_two_people_decide_on(cast: Cast) -> None:
    held, wanted, left = (hung_up(cast) for _each in range(3))
    hold = holding.place(held, reason="A court asked for it.", actor=cast.actor("kerim"))
    waiting = asked(wanted, cast, ground="mistake")
    assert ringing.sweep(NOW) == 1
    assert set(Matter.objects.all()) == {held, wanted}
    assert vault_erasing.kept([held.subject_id, left.subject_id]) == {held.subject_id}
    with pytest.raises(OnHold, match="matter"):
        asked(held, cast)
    holding.lift(held, hold=hold, reason="Done.", actor=cast.actor("kerim"))
    erasing.decline(wanted, erasure=waiting, reason="Needless.", actor=cast.actor("kerim"))
    assert ringing.sweep(NOW) == 2


def test_a_closed_matter_comes_into_the_report_when_its_period_ends_and_leaves_it_reopened(
    matter: Matter, cast: Cast, browse: Browse
) -> None:
    with pytest.raises(NotOver):
        asked(matter, cast, ground="period")
    retention.review(NOW)
    assert not Due.objects.exists()
    Matter.objects.update(closed_at=NOW - timedelta(days=2 * 365 + 32))
    retention.review(NOW - timedelta(days=31))
    retention.review(NOW)
    page = read(browse("kerim"), "/desk/retention")
    assert matter.code_name in page
    assert "A matter of the hotline after it is closed" in page
    assert asked(matter, cast, ground="period").waits
    matter.refresh_from_db()
    matters.reopen(matter, reason="She called again.", actor=cast.actor("nurana"))
    retention.review(NOW)
    assert not Due.objects.exists()
