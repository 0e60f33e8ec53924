"""After an erasure: others are told, other processes forget, a replay takes away the same, and who comes at the same moment loses."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from amanat.audit import recording
from amanat.cases import folded
from amanat.cases.actions import writing
from amanat.cases.models import Case, Child, Event
from amanat.desk.actions import erasing as acts
from amanat.desk.actions import holding
from amanat.desk.models import Erasure, ErasureState, Hold
from amanat.desk.tests.ways import asked, close, erased
from amanat.office.tests.ways import at_once, counting, read, send
from amanat.vault import erasing, erasures
from amanat.vault.models import Subject
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


@pytest.fixture(autouse=True)
def _no_office() -> Iterator[None]:
    recording.forget_office()
    yield
    recording.forget_office()


# --- others ----------------------------------------------------------------------------------------------------------


def test_who_listens_is_told_of_each_erasure_until_they_say_that_they_heard(
    case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, heard = iter([False, True, True]), []
    monkeypatch.setattr(erasing, "_listeners", [lambda: heard.append(1) or next(answers)])
    tidier = erasing.Tidier()
    tidier.turn()
    assert heard == []  # nothing was ever erased
    erased(case, cast)
    for _turn in range(4):
        tidier.turn()
    assert len(heard) == 2  # asked again once
    erasing.Tidier().turn()
    assert len(heard) == 3  # a process that begins tells what another may not have come to


def test_the_places_of_backups_are_among_those_who_listen() -> None:
    assert "amanat.desk.publishing" in {tell.__module__ for tell in erasing._listeners}


def test_an_erasure_is_noticed_whatever_moment_it_bears(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock ran ahead when the one before was made; or two were made at once, and the later one bears the earlier moment."""
    told: list[str] = []
    monkeypatch.setattr(erasing, "_listeners", [lambda: bool(told.append("told")) or True])
    monkeypatch.setattr(erasing, "_memories", [lambda: told.append("forgotten")])
    tidier, forgetter = erasing.Tidier(), erasing.Forgetter()
    for at in (NOW.replace(year=2035), NOW, NOW):
        erasing.erase([Subject.objects.begin("child").pk], at)
        told.clear()
        tidier.turn()
        forgetter.turn()
        assert told == ["told", "forgotten"]


def test_another_process_forgets_what_it_had_opened(case: Case, cast: Cast) -> None:
    forgetter = erasing.Forgetter()
    forgetter.turn()
    erased(case, cast)
    folded.shelf.put({str(case.subject_id): folded.Kept(1, folded.Folded("aylar"))})
    forgetter.turn()
    assert len(folded.shelf) == 0
    folded.shelf.put({"another": folded.Kept(1, folded.Folded("maral"))})
    forgetter.turn()
    assert len(folded.shelf) == 1  # only when something was erased
    folded.forget()


# --- a backup from before comes back ---------------------------------------------------------------------------------


def test_a_replay_takes_away_what_the_erasure_took(case: Case, cast: Cast, register: Callable[..., Case]) -> None:
    """Of what an older backup brought back: rows without a key, or with one."""
    other = register()
    writing.note(case, part="narrative", text="She told us.", actor=cast.actor("jemal"))
    Subject.objects.filter(pk=case.subject_id).update(wrapped_key=b"")
    unknown = Subject.fresh("child").pk
    erasures.replay(erasures.Erased(one, "child", NOW) for one in (case.subject_id, unknown))
    assert list(Child.objects.values_list("pk", flat=True)) == [other.child_id]
    assert not Event.objects.filter(subject=case.subject_id).exists()
    assert erasures.number() == 2
    assert Subject.objects.get(pk=unknown).erased_at == NOW


# --- at the same moment ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_hold_and_an_erasure_at_once_never_both_succeed(case: Case, cast: Cast) -> None:
    close(case, cast)
    waiting = asked(case, cast)
    done = at_once(
        lambda: acts.carry_out(case, erasure=waiting, actor=cast.actor("kerim")),
        lambda: holding.place(case, reason="A court asked.", actor=cast.actor("maral")),
    )
    assert sum(done) == 1
    assert Case.objects.exists() == Hold.objects.exists() == done[1]


@pytest.mark.django_db(transaction=True)
def test_two_who_carry_it_out_at_once_do_it_once(case: Case, cast: Cast) -> None:
    close(case, cast)
    waiting = asked(case, cast)
    done = at_once(
        *(lambda who=who: acts.carry_out(case, erasure=waiting, actor=cast.actor(who)) for who in ("kerim", "maral"))
    )
    assert sum(done) == 1
    assert Erasure.objects.get().number == 1


# --- pages -----------------------------------------------------------------------------------------------------------


def test_from_the_closed_file_to_the_erased_one_on_pages(case: Case, cast: Cast, browse: Browse) -> None:
    close(case, cast)
    name = case.child.code_name
    aman, kerim = browse("aman"), browse("kerim")
    ask = reverse("desk.ask_erasure", args=[case])
    assert f'href="{ask}"' in read(aman, case.get_absolute_url())
    assert "Another person decides now" in send(aman, ask, ground="mistake", reason="Registered twice.")
    assert "1 erasure" in read(kerim, "/").replace('<span class="figure">1', "1 erasure")
    page = read(kerim, "/desk/erasures")
    carry = reverse("desk.carry_out_erasure", args=[case])
    assert f'href="{carry}"' in page
    assert f'href="{carry}"' not in read(aman, "/desk/erasures")  # who asked is not the second
    assert "Registered twice." in read(kerim, carry)
    assert "This is not the code name" in send(kerim, carry, code_name="Another Name", sure="on")
    assert Case.objects.exists()
    page = send(kerim, carry, code_name=name.upper(), sure="on")
    assert "This was erasure 1." in page
    assert not Case.objects.exists()
    assert Erasure.objects.get().state == ErasureState.DONE


def test_pages_say_why_a_file_can_not_be_erased(case: Case, cast: Cast, browse: Browse) -> None:
    ask = reverse("desk.ask_erasure", args=[case])
    assert "still open" in read(browse("aman"), ask)
    assert ask not in read(browse("aman"), case.get_absolute_url())
    send(browse("kerim"), reverse("desk.hold", args=[case]), reason="A court asked for it.")
    close(case, cast)
    assert "A legal hold stands" in read(browse("aman"), ask)
    page = read(browse("kerim"), reverse("desk.hold", args=[case]))
    assert "A court asked for it." in page
    assert case.child.code_name in read(browse("kerim"), "/desk/holds")
    hold = Hold.objects.get()
    send(browse("kerim"), reverse("desk.lift_hold", args=[case, hold.pk]), reason="Done.")
    assert "No legal hold stands" in read(browse("kerim"), "/desk/holds")
    assert "Ask for the erasure" in read(browse("aman"), ask)


def test_declined_it_stays(case: Case, cast: Cast, browse: Browse) -> None:
    close(case, cast)
    asked(case, cast)
    page = send(browse("kerim"), reverse("desk.decline_erasure", args=[case]), reason="A trial is on.")
    assert "The file stays as it is." in page
    assert Case.objects.exists()


def test_where_nothing_waits_there_is_no_page_to_carry_it_out(case: Case, browse: Browse) -> None:
    for name in ("desk.carry_out_erasure", "desk.decline_erasure"):
        assert browse("kerim").get(reverse(name, args=[case])).status_code == 404


@pytest.mark.parametrize("address", ["/desk/erasures", "/desk/holds"])
def test_a_register_costs_the_same_however_long(
    case: Case, cast: Cast, browse: Browse, register: Callable[..., Case], address: str
) -> None:
    def fill(one: Case) -> None:
        holding.lift(
            one,
            hold=holding.place(one, reason="A court.", actor=cast.actor("kerim")),
            reason="So.",
            actor=cast.actor("kerim"),
        )
        close(one, cast)
        asked(one, cast)
        Hold.objects.update(lifted_at=None)

    fill(case)
    kerim = browse("kerim")
    read(kerim, address)
    with counting() as few:
        read(kerim, address)
    for _more in range(5):
        fill(register())
    with counting() as many:
        read(kerim, address)
    assert len(many) <= 12
    assert len(many) == len(few)
