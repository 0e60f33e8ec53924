"""Coming in, going out and wrong passwords stand in the log, and nothing that was typed does."""

import pytest
from django.test import Client

from amanat.audit.models import Entry, Outcome
from amanat.vault.sealing import open_sealed
from tests.cast import PASSWORD, Cast

SIGN_IN = "/account/sign-in"


def last() -> Entry:
    return Entry.objects.select_related("subject", "user").order_by("-at", "-id")[0]


def test_a_sign_in_is_in_the_log(cast: Cast) -> None:
    Client().force_login(cast["jemal"].user)
    assert (last().verb, last().outcome, last().user) == ("sign_in", Outcome.DONE, cast["jemal"].user)


def test_a_sign_out_is_in_the_log(cast: Cast) -> None:
    client = Client()
    client.force_login(cast["jemal"].user)
    client.logout()
    assert (last().verb, last().user) == ("sign_out", cast["jemal"].user)


def test_a_wrong_password_is_in_the_log_as_refused_with_the_address_it_came_from(cast: Cast) -> None:
    Client().post(SIGN_IN, {"username": "jemal", "password": "a wrong password"}, REMOTE_ADDR="127.0.0.9")
    assert (last().verb, last().outcome, last().user) == ("sign_in", Outcome.REFUSED, cast["jemal"].user)
    assert open_sealed(last(), "details") == {"where": "127.0.0.9"}


@pytest.mark.parametrize("typed", [PASSWORD, "nobody"])
def test_what_was_typed_as_a_name_is_not_kept(db: None, typed: str) -> None:
    Client().post(SIGN_IN, {"username": typed, "password": "a wrong password"})
    entry = last()
    assert (entry.verb, entry.outcome, entry.user) == ("sign_in", Outcome.REFUSED, None)
    assert typed not in str(open_sealed(entry, "details"))
