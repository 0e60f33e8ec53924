"""Guessing is slow: by account and by address, on each way in, with one sentence."""

from __future__ import annotations

import pytest
from django.test import Client

from amanat.people.models import User
from amanat.people.tests.ways import PASSWORD, WRONG, code_now, give_code, give_password, sign_in

LATER = "Too many tries. Wait five minutes, then try again."


def said(response) -> str:
    return " ".join(message for messages in response.context["form"].errors.values() for message in messages)


def from_address(number: int) -> Client:
    return Client(REMOTE_ADDR=f"10.0.0.{number}")


def test_five_wrong_passwords_from_anywhere_shut_an_account_for_a_while(jemal: User) -> None:
    for number in range(5):
        assert LATER not in said(give_password(from_address(number), "jemal", WRONG))
    assert said(give_password(from_address(9), "jemal", PASSWORD)) == LATER


def test_an_unknown_name_is_shut_the_same_way(db: None) -> None:
    for number in range(5):
        give_password(from_address(number), "nobody", WRONG)
    assert said(give_password(from_address(9), "nobody", WRONG)) == LATER


def test_capital_letters_and_other_host_names_are_no_new_account(jemal: User) -> None:
    for name in ["jemal", "Jemal", "JEMAL", "jemal", "jeMAL"]:
        give_password(Client(REMOTE_ADDR="10.0.0.1", SERVER_NAME="127.0.0.1"), name, WRONG)
    assert said(give_password(from_address(2), "jemal", PASSWORD)) == LATER


def test_one_address_tries_ten_names_a_minute(db: None) -> None:
    guesser = from_address(1)
    for number in range(10):
        assert said(give_password(guesser, f"name{number}", WRONG)) != LATER
    assert said(give_password(guesser, "one more", WRONG)) == LATER
    assert said(give_password(from_address(2), "one more", WRONG)) != LATER


@pytest.mark.sqlcipher_only  # what is counted stands in memory or in files
def test_thousands_of_names_do_not_flush_the_count_of_an_account(jemal: User) -> None:
    for number in range(5):
        give_password(from_address(number), "jemal", WRONG)
    for number in range(400):
        give_password(from_address(number % 250), f"name{number}", WRONG)
    assert said(give_password(from_address(251), "jemal", PASSWORD)) == LATER


def test_five_wrong_codes_shut_the_second_step(client: Client, merdan: User, secret: str) -> None:
    give_password(client, "merdan")
    for _ in range(5):
        assert said(give_code(client, "000000")) != LATER
    assert said(give_code(client, code_now(secret))) == LATER


def test_coming_in_between_the_guesses_does_not_give_more_guesses(jemal: User) -> None:
    for number in range(4):
        give_password(from_address(number), "jemal", WRONG)
    sign_in(from_address(7), jemal)
    give_password(from_address(8), "jemal", WRONG)
    assert said(give_password(from_address(9), "jemal", WRONG)) == LATER


@pytest.mark.parametrize(("way", "field"), [("password", "password"), ("code", "code")])
def test_the_locked_screen_is_no_place_to_guess_either(at_work: Client, way: str, field: str) -> None:
    at_work.get("/account/locked")
    for _ in range(5):
        at_work.post(f"/account/locked?way={way}", {field: "000000 wrong"})
    assert said(at_work.post(f"/account/locked?way={way}", {field: PASSWORD})) == LATER


def test_one_address_tries_ten_invitations_a_minute(db: None) -> None:
    guesser = from_address(1)
    for _ in range(10):
        assert said(guesser.post("/account/begin", {"code": "1" * 40})) != LATER
    assert said(guesser.post("/account/begin", {"code": "1" * 40})) == LATER
