"""How tests come in: the steps that a person takes, by name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.test import Client

from amanat.people.clock import clock
from amanat.people.factors import STEP, code_at
from amanat.people.models import Session, User
from amanat.people.sessions import digest_of

PASSWORD = "four quiet words apart"
WRONG = "four other words apart"


def give_password(client: Client, username: str, password: str = PASSWORD, **extra: str) -> Any:
    return client.post("/account/sign-in", {"username": username, "password": password, **extra})


def code_now(secret: str, moment: datetime | None = None) -> str:
    """What the app shows at this moment."""
    return code_at(secret, int((moment or clock()).timestamp()) // STEP)


def give_code(client: Client, code: str) -> Any:
    return client.post("/account/sign-in/second-step", {"code": code})


def sign_in(client: Client, user: User, secret: str = "") -> Client:
    """With the password, and where there is a secret, with the code of now."""
    give_password(client, user.username)
    if secret:
        give_code(client, code_now(secret))
    assert client.session.get("_auth_user_id") == str(user.pk)
    return client


def session_of(client: Client) -> Session:
    """The row of this browser."""
    return Session.objects.get(digest=digest_of(client.cookies["session"].value))
