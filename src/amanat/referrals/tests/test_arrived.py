"""The code on a letter: what the public page takes and tells of it (nothing), and what becomes of it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from amanat.hotline.tests.test_public import SITE, field, imported, office, solved, visit
from amanat.people.clock import stopped
from amanat.people.models import Look
from amanat.referrals import public
from amanat.referrals.models import Referral, State, Step
from amanat.referrals.models_outside import Outgoing
from amanat.referrals.outside import acknowledging, codes
from amanat.referrals.states import Noted
from amanat.referrals.tests.outside import code, handed, organisation, referral
from amanat.vault import gate, intake
from amanat.vault.intake import Packet
from amanat.vault.keys import keyring
from tests.cast import NOW, Cast

__all__ = ["code", "office", "organisation", "referral"]  # fixtures

GUESSES = 10_000


def enter(told: str, sender: str = "192.0.2.7", **more: str) -> Any:
    paper = field(visit("/arrived"), "paper")
    sent = {"code": told, "paper": paper, "answer": solved(paper)} | more
    return Client(enforce_csrf_checks=True).post("/arrived", sent, REMOTE_ADDR=sender)


def kept(place: Path) -> list[Packet]:
    return [intake.open_packet(keyring(), file.read_bytes()) for file in intake.waiting(intake.folder(place))]


def packet(told: object, at: Any = NOW) -> Packet:
    return Packet(public.KIND, "1", at, json.dumps({"code": told}).encode())


def guess(number: int) -> str:
    body = f"{number:015}"
    return body + codes.check_digit(body)


@SITE
@pytest.mark.sqlcipher_only
def test_every_code_gets_the_same_answer_and_no_cookie(office: Path) -> None:
    answers = [enter(told) for told in (guess(1), codes.spoken(guess(2)), codes.new_code())]
    assert {(one.status_code, one["Location"], one.content) for one in answers} == {(303, "/arrived/sent?lang=en", b"")}
    assert not any(one.cookies for one in answers)
    assert "Thank you" in visit("/arrived/sent")
    assert {guess(1), guess(2)} < {json.loads(one.body)["code"] for one in kept(office)}
    assert {one.kind for one in kept(office)} == {public.KIND}
    assert guess(1).encode() not in b"".join(one.read_bytes() for one in office.rglob("*") if one.is_file())


@SITE
@pytest.mark.sqlcipher_only
def test_what_can_be_no_code_is_told_and_stays_in_the_field(office: Path) -> None:
    whole = guess(1)
    for told, said in (
        ("", "required"),
        (whole[:-1], "16 digits"),
        (whole + "0", "16 digits"),
        (whole[:-1] + "x", "16 digits"),
        (whole[:-1] + str((int(whole[-1]) + 1) % 10), "Compare it with the letter"),
    ):
        page = enter(told).content.decode()
        assert said in page
        assert f'value="{told}"' in page or not told
    assert kept(office) == []


@SITE
@pytest.mark.sqlcipher_only
def test_whoever_tries_many_codes_waits_and_others_do_not(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "WITH_WORK", (2, 600))
    monkeypatch.setattr(public, "OF_ALL", (4, 3600))
    assert [enter(guess(n)).status_code for n in range(3)] == [303, 303, 429]
    assert "Too many ask at once" in enter(guess(9)).content.decode()
    assert [enter(guess(n), f"192.0.2.{n}").status_code for n in (20, 21, 22)] == [303, 303, 429]
    assert enter(guess(30), website="https://example.org", sender="192.0.2.30").status_code == 303
    assert len(kept(office)) == 4


@SITE
@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("language", ["tk", "ru", "ro"])
def test_the_page_says_nothing_of_what_we_are(office: Path, language: str) -> None:
    page = visit("/arrived", headers={"accept-language": language})
    assert page.count("<h1>") == 1
    assert "data-leave" in page
    told = re.sub(r"<[^>]*>", " ", page).lower()  # what is read, not where the style lies
    assert not any(word in told for word in ("amanat", "traffick", "торговл", "söwda", "trafic"))


@pytest.mark.sqlcipher_only
def test_the_page_asks_for_no_table_and_the_kind_is_shut_at_the_door(office: Path) -> None:
    assert resolve("/arrived", "amanat.config.tree.site_urls").func is public.arrived
    for module in (public, codes):
        told = {name for name in imported(Path(module.__file__ or "")) if name.startswith("amanat.")}
        assert told <= {"amanat.people.visiting", "amanat.referrals.outside"}
    kind = intake.kinds[public.KIND]
    gate.change(office, limits={public.KIND: kind.limit}, guarded=(public.KIND,))
    body = packet(guess(1)).body
    assert Client().post(f"/intake/{public.KIND}", body, content_type="application/json").status_code == 401


def test_the_right_code_makes_the_referral_seen_by_nobody_and_tells_its_sender(
    cast: Cast, referral: Referral, code: str
) -> None:
    Look.objects.all().delete()
    with stopped(NOW + timedelta(hours=1)):
        acknowledging.take(packet(code, NOW + timedelta(minutes=30)))
    referral.refresh_from_db()
    step = Step.objects.get(referral=referral, verb=Noted.ACKNOWLEDGED)
    assert (referral.state, step.from_state, step.to_state) == (State.SEEN, State.SENT, State.SEEN)
    assert (step.membership, step.at) == (None, NOW + timedelta(minutes=30))
    assert set(Look.objects.values_list("user", flat=True)) == {cast["jemal"].user_id}


def test_a_code_entered_twice_counts_the_first_time(referral: Referral, code: str) -> None:
    for hours in (1, 2):
        acknowledging.take(packet(code, NOW + timedelta(hours=hours)))
    assert Outgoing.objects.get().acknowledged_at == NOW + timedelta(hours=1)
    assert Step.objects.filter(verb=Noted.ACKNOWLEDGED).count() == 1


@pytest.mark.sqlcipher_only
def test_a_code_is_good_for_thirty_days_and_not_a_second_longer(cast: Cast, referral: Referral, code: str) -> None:
    late, other = NOW + codes.GOOD_FOR + timedelta(seconds=1), codes.new_code()
    handed(referral, other, cast)
    acknowledging.take(packet(code, late))
    referral.refresh_from_db()
    assert referral.state == State.SENT
    acknowledging.take(packet(other, NOW + codes.GOOD_FOR))
    referral.refresh_from_db()
    assert referral.state == State.SEEN


@pytest.mark.sqlcipher_only
def test_ten_thousand_guesses_change_nothing_and_the_right_code_is_still_good(referral: Referral, code: str) -> None:
    for number in range(GUESSES):
        acknowledging.take(packet(guess(number)))
    referral.refresh_from_db()
    assert referral.state == State.SENT
    assert not Step.objects.filter(verb=Noted.ACKNOWLEDGED).exists()
    acknowledging.take(packet(code))
    referral.refresh_from_db()
    assert referral.state == State.SEEN


@pytest.mark.sqlcipher_only
def test_of_a_referral_that_is_at_its_end_only_the_arrival_is_kept(referral: Referral, code: str) -> None:
    for state, steps in ((State.ACCEPTED, 1), (State.REVOKED, 1)):
        Outgoing.objects.update(acknowledged_at=None)
        Referral.objects.update(state=state)
        acknowledging.take(packet(code))
        assert Outgoing.objects.get().acknowledged_at == NOW
        assert Referral.objects.get().state == state
        assert Step.objects.filter(verb=Noted.ACKNOWLEDGED).count() == steps


@pytest.mark.sqlcipher_only
def test_what_the_page_did_not_write_is_set_aside(cast: Cast) -> None:
    for body in (b"[]", b"{}", b"\xff", packet(1).body, packet(guess(1)[:-1]).body, packet("x" * 16).body):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong with it
            acknowledging.take(Packet(public.KIND, "1", NOW, body))


def test_a_code_is_random_and_kept_under_a_key_alone(referral: Referral, code: str) -> None:
    drawn = {codes.new_code() for _time in range(500)}
    assert len(drawn) == 500
    assert all(map(codes.is_whole, drawn))
    assert codes.digits_in("٠١٢٣ 4567—8901 2345") == "0123456789012345"
    assert bytes(Outgoing.objects.get().digest) == acknowledging.digest_of(code) != acknowledging.digest_of(guess(1))


def test_each_wrong_digit_shows() -> None:
    whole = "4539578763621486"
    assert codes.is_whole(whole)
    for place, digit in enumerate(whole):
        for other in set("0123456789") - {digit}:
            assert not codes.is_whole(whole[:place] + other + whole[place + 1 :])
