"""A telephone system announces calls: what it is told, what rings, and what is left of a call that nobody answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import md5, sha1, sha256
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from amanat.access.files import open_file
from amanat.access.models import Conflict
from amanat.audit.models import Entry
from amanat.cases.tests.test_at_once import at_once
from amanat.hotline import desk, door, hearing, ringing
from amanat.hotline.actions import calling, lines
from amanat.hotline.actions.lines import Added
from amanat.hotline.models import Call, CallerMark, CallState, Line, Matter, Note, NoteKind, Outcome, Tally
from amanat.people.clock import stopped
from amanat.people.models import Look, Membership
from amanat.vault.models import Subject
from amanat.web.errors import PersonFacingError
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
NUMBER = "+99365123456"
OTHER = "+99365654321"


@pytest.fixture
def line(cast: Cast) -> Added:
    cache.clear()
    agency = cast["nurana"].agency
    return lines.add_line(name="Office exchange", agency=agency, actor=cast.actor("viktor"))


def send(added: Added | str, now: Any = NOW, form: bool = False, **told: Any) -> Any:
    token = added if isinstance(added, str) else added.token
    body: Any = told if form else json.dumps(told)
    kind = {} if form else {"content_type": "application/json"}
    if form:
        body, kind = (
            "&".join(f"{key}={value.replace('+', '%2B')}" for key, value in told.items()),
            {"content_type": "application/x-www-form-urlencoded"},
        )
    with stopped(now):
        client = Client(enforce_csrf_checks=True)
        return client.post("/api/v1/hotline/ring", body, headers={"authorization": f"Bearer {token}"}, **kind)


def test_a_call_rings_on_the_operators_screens_with_its_number(line: Added, cast: Cast) -> None:
    answer = send(line, call="a84b4c76", **{"from": NUMBER}, event="ring")
    call = Call.objects.select_related("subject", "matter__subject").get()
    assert (answer.status_code, answer.json()) == (202, {"call": call.pk.hex})
    assert (call.state, call.line, call.rang_at, call.matter.agency) == (
        CallState.RINGING,
        line.line,
        NOW,
        cast["nurana"].agency,
    )
    assert open_file(cast.actor("nurana"), call.matter).open(call, "number") == NUMBER
    assert Look.objects.get().user == cast["nurana"].user
    assert Line.objects.get().last_rang_at == NOW
    assert Tally.objects.get(measure="offered").count == 1


@pytest.mark.sqlcipher_only
def test_a_form_says_the_same_as_json(line: Added) -> None:
    assert send(line, form=True, call="1", **{"from": NUMBER}).status_code == 202
    assert Call.objects.get().state == CallState.RINGING


def test_no_number_stands_in_clear_nor_under_a_digest_that_somebody_without_keys_could_make(line: Added) -> None:
    send(line, call="exchange-77", **{"from": NUMBER})
    mark = CallerMark.objects.get()
    with connection.cursor() as cursor:
        for table in (Call, Matter, CallerMark, Look, Tally):
            cursor.execute(f"SELECT * FROM {table._meta.db_table}")
            told = repr([[bytes(cell) if isinstance(cell, memoryview) else cell for cell in row] for row in cursor])
            assert NUMBER[-8:] not in told
            assert "exchange-77" not in told
    guesses = [hash_(text.encode()).digest()[:16] for hash_ in (sha256, md5, sha1) for text in (NUMBER, NUMBER[1:])]
    assert bytes(mark.digest) not in guesses


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("+993 65 12-34-56", NUMBER),
        ('"Aýna" <sip:+99365123456@gate.example;user=phone>;tag=1', NUMBER),
        ("tel:+99365123456", NUMBER),
        ("0099365123456", NUMBER),
        ("anonymous", ""),
        ("<sip:anonymous@anonymous.invalid>", ""),
        ("", ""),
        ("204", "204"),
    ],
)
def test_a_number_is_read_in_whatever_form_it_comes(said: str, kept: str) -> None:
    assert door.number_in(said) == kept


@pytest.mark.sqlcipher_only
@given(
    st.dictionaries(
        st.sampled_from(["call", "from", "event"]), st.none() | st.text() | st.integers() | st.lists(st.text())
    )
)
def test_whatever_is_sent_is_read_or_told_in_a_sentence(told: dict[str, Any]) -> None:
    try:
        event, ring = door.read(told)
    except PersonFacingError:
        return
    assert event in ("ring", "ended")
    assert ring.name


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", "{", "[" * 3000, "x" * 5000),
        *('{"call": ""}', '{"call": true}', '{"call": "1", "event": "dial"}'),
        *(f'{{"call": "{"1" * 201}"}}', f'{{"call": "1", "from": "{"1" * 101}"}}'),
    ],
)
def test_what_can_not_be_read_is_told_and_makes_nothing(line: Added, body: str) -> None:
    client = Client()
    headers = {"authorization": f"Bearer {line.token}"}
    answer = client.post("/api/v1/hotline/ring", body, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert not Call.objects.exists()


@pytest.mark.sqlcipher_only
def test_an_unknown_token_and_one_that_was_revoked_are_told_the_same(line: Added, cast: Cast) -> None:
    lines.revoke_line(line.line, actor=cast.actor("viktor"))
    told = [send(line, call="1"), send("another", call="1"), Client().post("/api/v1/hotline/ring")]
    assert {one.status_code for one in told} == {401}
    assert len({one.content for one in told}) == 1
    assert not Call.objects.exists()
    assert send(line, call="1")["WWW-Authenticate"] == "Bearer"


@pytest.mark.sqlcipher_only
def test_many_wrong_tokens_are_held_up(line: Added) -> None:
    answers = [send("another", call="1") for _time in range(door.WRONG[0] + 1)]
    assert (answers[-2].status_code, answers[-1].status_code) == (401, 429)
    assert int(answers[-1]["Retry-After"]) > 0
    assert send(line, call="1").status_code == 202


def test_the_same_call_said_again_is_one(line: Added) -> None:
    first, second = send(line, call="1", **{"from": NUMBER}), send(line, call="1", **{"from": NUMBER})
    assert first.json() == second.json()
    assert Call.objects.count() == 1
    assert Tally.objects.get(measure="offered").count == 1


def test_a_second_ring_of_a_number_that_rings_already_is_the_same_call(line: Added) -> None:
    assert send(line, call="1", **{"from": NUMBER}).json() == send(line, call="2", **{"from": "+993 65 123456"}).json()
    send(line, call="3", **{"from": OTHER})
    send(line, call="4")
    send(line, call="5")
    assert Call.objects.count() == 4, "withheld numbers are not one"


def test_a_system_that_counts_its_calls_anew_loses_none(line: Added) -> None:
    send(line, call="1", **{"from": NUMBER})
    send(line, call="1", event="ended")
    assert send(line, now=NOW + timedelta(hours=1), call="1", **{"from": OTHER}).status_code == 202
    assert [call.state for call in Call.objects.order_by("rang_at")] == ["ended", "ringing"]


@pytest.mark.sqlcipher_only
def test_a_flood_of_one_number_is_held_up_and_hides_nobody(line: Added) -> None:
    for number in range(door.OF_A_NUMBER[0] + 1):
        answer = send(line, call=str(number), **{"from": NUMBER})
        send(line, call=str(number), event="ended")
    assert answer.status_code == 429
    assert "Too many calls" in answer.json()["error"]
    assert int(answer["Retry-After"]) > 0
    assert send(line, call="other", **{"from": OTHER}).status_code == 202
    assert Call.objects.count() == door.OF_A_NUMBER[0] + 1
    assert Matter.objects.count() == 2, "whoever tries again and again stands on the desk once"


@pytest.mark.sqlcipher_only
def test_a_flood_over_a_line_is_held_up(line: Added, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "OF_A_LINE", (2, 60))
    answers = [send(line, call=str(number)).status_code for number in range(3)]
    assert answers == [202, 202, 429]
    assert send(line, call="0", event="ended").status_code == 202, "that it is over is always heard"


def test_who_hangs_up_before_an_answer_is_shown_for_a_call_back(line: Added, cast: Cast) -> None:
    rang = send(line, call="1", **{"from": NUMBER})
    answer = send(line, now=NOW + timedelta(seconds=25), call="1", event="ended")
    assert answer.json() == rang.json()
    call = Call.objects.get()
    assert (call.state, call.outcome, call.ended_at) == (
        CallState.ENDED,
        Outcome.ABANDONED,
        NOW + timedelta(seconds=25),
    )
    later = NOW + timedelta(minutes=5)
    assert list(ringing.hung_up(cast.actor("nurana", later))) == [call.matter]
    assert not ringing.hung_up(cast.actor("nurana", NOW + timedelta(days=1, minutes=1)))
    assert {row.measure: row.seconds for row in Tally.objects.filter(count=1)}["abandoned"] == 25
    assert not Tally.objects.filter(measure="abandoned_quickly").exists()


def test_a_call_that_was_answered_does_not_end_with_the_telephone(line: Added, cast: Cast) -> None:
    send(line, call="1", **{"from": NUMBER})
    calling.answer(
        Call.objects.select_related("subject", "matter__subject", "matter__agency").get(), actor=cast.actor("nurana")
    )
    assert send(line, call="1", event="ended").json() == {"call": None}
    assert Call.objects.get().state == CallState.TALKING
    assert not ringing.hung_up(cast.actor("nurana"))


def test_what_rings_for_two_minutes_is_over_whatever_the_telephone_system_forgot(line: Added) -> None:
    send(line, call="1", **{"from": NUMBER})
    assert ringing.end_unanswered(NOW + timedelta(seconds=119)) == 0
    with stopped(NOW + timedelta(minutes=2)):
        ringing.Ringer().turn()
    assert Call.objects.get().outcome == Outcome.ABANDONED


@pytest.mark.sqlcipher_only
def test_operators_who_are_free_hear_it_first(line: Added, cast: Cast) -> None:
    nurana = cast["nurana"]
    second = Membership.objects.create(
        user=cast["merdan"].user, agency=nurana.agency, role="hotline_operator", since=nurana.since
    )
    assert hearing.who_hears(nurana.agency, NOW) == {nurana.user_id, second.user_id}
    calling.start(channel="phone", actor=cast.actor("nurana"))
    assert hearing.who_hears(nurana.agency, NOW) == {second.user_id}
    Membership.objects.filter(pk=second.pk).update(away_from=NOW, away_until=NOW + timedelta(days=1))
    assert hearing.who_hears(nurana.agency, NOW) == {nurana.user_id}, "where everybody talks, all of them"


def test_what_nobody_answered_is_erased_after_its_period_and_nothing_else(line: Added, cast: Cast) -> None:
    for number, caller in enumerate((NUMBER, OTHER)):
        send(line, call=str(number), **{"from": caller})
        send(line, call=str(number), event="ended")
    noted, bare = Matter.objects.order_by("-last_at", "pk")
    Note.objects.create(
        subject=noted.subject,
        matter=noted,
        kind=NoteKind.NOTE,
        part="call",
        author=cast["nurana"],
        written_at=NOW,
        words="x",
    )
    assert ringing.sweep(NOW + timedelta(days=30)) == 0
    assert ringing.sweep(NOW + timedelta(days=32)) == 1
    assert list(Matter.objects.all()) == [noted]
    assert CallerMark.objects.count() == 1
    assert not Subject.objects.get(pk=bare.subject_id).wrapped_key
    assert Entry.objects.filter(verb="matter.expire").count() == 1


def test_a_matter_that_somebody_calls_back_in_meanwhile_is_not_erased(line: Added, cast: Cast) -> None:
    send(line, call="1", **{"from": NUMBER})
    send(line, call="1", event="ended")
    matter = Matter.objects.select_related("subject", "agency").get()
    calling.start(channel="phone", matter=matter, actor=cast.actor("nurana"))
    assert ringing._erase([matter], NOW + timedelta(days=32)) == 0
    assert Matter.objects.exists()


def test_of_a_number_only_what_one_may_know_of_is_counted(line: Added, cast: Cast) -> None:
    for name in "12":
        send(line, call=name, **{"from": NUMBER})
        calling.answer(Call.objects.get(state="ringing"), actor=cast.actor("nurana"))
    before = Matter.objects.order_by("opened_at", "pk").first()
    send(line, call="3", **{"from": NUMBER})
    assert before
    assert desk.desk(cast.actor("nurana")).now.ringing[0].before == 2
    own = cast["nurana"]
    Conflict.objects.create(subject=before.subject, user=own.user, recorded_by=own, recorded_at=NOW, details={})
    assert desk.desk(cast.actor("nurana")).now.ringing[0].before == 1


def test_nothing_rings_unless_it_stands_in_the_database(line: Added, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(ringing.tallies, "count_offered", broken)
    with pytest.raises(RuntimeError):
        send(line, call="1", **{"from": NUMBER})
    assert not Call.objects.exists()
    assert not Look.objects.exists()


@pytest.mark.sqlcipher_only
def test_a_ring_costs_few_queries(line: Added, django_assert_max_num_queries: Callable[..., Any]) -> None:
    send(line, call="0", **{"from": NUMBER})
    extra = 0 if connection.vendor == "sqlite" else 2
    with django_assert_max_num_queries(24 + extra):
        send(line, call="1", **{"from": OTHER})


@pytest.mark.django_db(transaction=True)
def test_what_comes_at_once_is_one_call_one_end_and_no_count_is_lost(line: Added, cast: Cast) -> None:
    rings = [lambda name=name: send(line, call=name, **{"from": NUMBER}) for name in "123"]
    assert {answer.json()["call"] for answer in at_once(rings)} == {Call.objects.get().pk.hex}  # type: ignore[attr-defined]
    rows = Call.objects.select_related("subject", "matter__subject", "matter__agency")
    call, operator = rows.get(), cast.actor("nurana")
    at_once([lambda: send(line, call="1", event="ended"), lambda: calling.answer(call, actor=operator)])
    talks = Call.objects.get().state == CallState.TALKING
    counted = set(Tally.objects.values_list("measure", flat=True))
    assert ("answered" in counted, "abandoned" in counted) == (talks, not talks)
    at_once([lambda: ringing.tallies.count_asked(rows.get()) for _time in range(4)])
    assert Tally.objects.get(measure="asked").count == 4
