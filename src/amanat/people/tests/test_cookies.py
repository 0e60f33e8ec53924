"""Cookies: with TLS `__Host-` and Secure; on http://localhost neither, else nobody could sign in. Always HttpOnly and Strict."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from amanat.people.tests.workspaces import said_in

SHOW = """
from django.http import HttpResponse
from django.test import Client
from amanat.people.models import User
from amanat.people.unsent import remember_who
visitor = Client(SERVER_NAME="host.example")
visitor.get("/account/sign-in", secure={tls})
visitor.post("/language", {{"language": "ru", "next": "/"}}, secure={tls})
response = HttpResponse()
remember_who(response, User())
for cookie in sorted([*visitor.cookies.values(), *response.cookies.values()], key=lambda cookie: cookie.key):
    print(cookie.key, cookie["samesite"], bool(cookie["httponly"]), bool(cookie["secure"]), cookie["domain"] or "-", cookie["path"])
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SAMESITE, settings.SESSION_COOKIE_HTTPONLY,
      settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_DOMAIN or "-", settings.SESSION_COOKIE_PATH)
"""


@pytest.mark.parametrize(("tls", "prefix"), [(True, "__Host-"), (False, "")])
def test_cookies_are_as_safe_as_the_transport_allows(tmp_path: Path, tls: bool, prefix: str) -> None:
    rest = f"Strict True {tls} - /"
    assert said_in(tmp_path, SHOW.format(tls=tls), kind="real", tls=tls) == [
        *sorted([f"{prefix}csrf {rest}", f"{prefix}who {rest}", f"language {rest}"]),
        f"{prefix}session {rest}",
    ]


def test_the_session_cookie_ends_with_the_browser(at_work: Client) -> None:
    cookie = at_work.cookies["session"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
