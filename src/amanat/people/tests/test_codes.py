"""Codes are good once, and their secrets are readable nowhere."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client

from amanat.people.clock import stopped
from amanat.people.factors import STEP, use_code
from amanat.people.models import User
from amanat.people.tests.ways import code_now, give_code, give_password


def every_text_of_the_database() -> bytes:
    """All rows of all tables, as one."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += cursor.fetchall()
    return b" ".join(
        bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for row in rows for cell in row
    )


def test_a_code_does_not_let_in_twice(merdan: User, secret: str) -> None:
    code = code_now(secret)
    for client, status in [(Client(), 302), (Client(), 200)]:
        give_password(client, "merdan")
        assert give_code(client, code).status_code == status


def test_a_used_code_stays_used_when_the_process_forgets_everything(merdan: User, secret: str, now: datetime) -> None:
    assert use_code(merdan, code_now(secret, now), now)
    cache.clear()
    assert not use_code(merdan, code_now(secret, now), now)


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_phone_may_be_half_a_minute_wrong(merdan: User, secret: str, now: datetime, drift: int) -> None:
    assert use_code(merdan, code_now(secret, now + timedelta(seconds=STEP * drift)), now)


@pytest.mark.parametrize("drift", [-2, 2])
def test_an_older_or_later_code_is_wrong(merdan: User, secret: str, now: datetime, drift: int) -> None:
    assert not use_code(merdan, code_now(secret, now + timedelta(seconds=STEP * drift)), now)


def test_after_a_code_an_earlier_one_is_not_taken(merdan: User, secret: str, now: datetime) -> None:
    assert use_code(merdan, code_now(secret, now), now)
    assert not use_code(merdan, code_now(secret, now - timedelta(seconds=STEP)), now)


def test_the_code_that_set_an_app_up_does_not_sign_in(client: Client, jemal: User, now: datetime) -> None:
    with stopped(now):
        give_password(client, "jemal")
        secret = client.get("/account/second-factors/app").context["form"].secret
        client.post("/account/second-factors/app", {"code": code_now(secret)})
        assert not use_code(jemal, code_now(secret), now)


def test_a_recovery_code_lets_in_once(merdan: User) -> None:
    codes = Authenticator.objects.get(user=merdan, type="recovery_codes").wrap().get_unused_codes()
    for client, status in [(Client(), 302), (Client(), 200)]:
        give_password(client, "merdan")
        assert give_code(client, f"{codes[0][:4]} {codes[0][4:]}").status_code == status
    assert len(Authenticator.objects.get(user=merdan, type="recovery_codes").wrap().get_unused_codes()) == 9


def test_no_secret_stands_readable_in_the_database_not_even_while_it_is_set_up(client: Client, jemal: User) -> None:
    give_password(client, "jemal")
    secret = client.get("/account/second-factors/app").context["form"].secret
    forms = [secret.encode(), base64.b32decode(secret), base64.b64encode(secret.encode())]
    held = every_text_of_the_database()
    assert not any(form in held for form in forms)
    client.post("/account/second-factors/app", {"code": code_now(secret)})
    codes = client.get("/account/recovery-codes").context["codes"]
    assert len(codes) == 10
    held = every_text_of_the_database()
    assert not any(form in held for form in forms + [code.encode() for code in codes])


def test_the_secret_opens_again_for_its_owner(merdan: User, secret: str, now: datetime) -> None:
    assert use_code(merdan, code_now(secret, now), now).user == merdan
