"""Behind a proxy on this machine: https is believed from it, and visitors are told apart by the address that it saw."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from amanat.config.proxied import ProxiedMiddleware
from amanat.people.tests.workspaces import said_in

SHOW = """
from django.test import Client
visitor = Client(SERVER_NAME="host.example")
plain = visitor.get("/account/sign-in")
print(plain.status_code, plain.headers.get("Location"))
by_proxy = visitor.get("/account/sign-in", headers={"x-forwarded-proto": "https"})
print(by_proxy.status_code, "Strict-Transport-Security" in by_proxy.headers, "__Host-csrf" in visitor.cookies)
print("amanat.config.proxied.ProxiedMiddleware" == settings.MIDDLEWARE[0])
"""


def seen_by_the_application(forwarded: str | None) -> str:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.META["REMOTE_ADDR"])

    headers = {"x-forwarded-for": forwarded} if forwarded is not None else {}
    return ProxiedMiddleware(answer)(RequestFactory().get("/", headers=headers)).content.decode()


@pytest.mark.parametrize(
    ("forwarded", "seen"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("10.0.0.1, 203.0.113.7", "203.0.113.7"),  # the first was written by the visitor
        ("2001:db8::7", "2001:db8::7"),
        ("", "127.0.0.1"),
        ("unknown", "127.0.0.1"),
        (None, "127.0.0.1"),
    ],
)
def test_a_visitor_is_known_by_the_address_that_the_proxy_saw(forwarded: str | None, seen: str) -> None:
    assert seen_by_the_application(forwarded) == seen


@pytest.mark.parametrize("proxied", [True, False])
def test_only_behind_a_proxy_its_word_counts(tmp_path: Path, proxied: bool) -> None:
    """Elsewhere anybody could write that they came by https, or from elsewhere."""
    plain, by_proxy, has_middleware = said_in(tmp_path, SHOW, kind="real", tls=True, proxied=proxied)
    assert plain == "301 https://host.example/account/sign-in"
    assert by_proxy == ("200 True True" if proxied else "301 False False")
    assert has_middleware == str(proxied)


@pytest.mark.django_db
@pytest.mark.parametrize("offered", [True, False])
def test_where_the_host_is_an_address_no_passkey_is_offered(
    client: Client, monkeypatch: pytest.MonkeyPatch, offered: bool
) -> None:
    monkeypatch.setattr("django.conf.settings.AMANAT_PASSKEYS", offered)
    assert ("data-passkey" in client.get("/account/sign-in").content.decode()) is offered
