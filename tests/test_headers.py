"""Headers and cookies: strict on every answer; Secure, `__Host-` and HSTS with TLS, and none of the three without it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from amanat.cases.models import Case
from tests.cast import PASSWORD, Cast

SCRIPT = """
import json, os, sys
from pathlib import Path
from amanat.vault.keys import KeyFile, Workspace
folder = Path(os.environ["AMANAT_WORKSPACE"])
key = KeyFile.create(folder / "key")
workspace = Workspace.create(folder, kind="real", provider=key, host="amanat.example")
workspace.change(lambda header: vars(header).update(tls=True))
import django
django.setup()
workspace.unlock(key)
from django.conf import settings
from django.core.management import call_command
from django.test import Client
settings.STATIC_ROOT = folder / "static"
call_command("collectstatic", interactive=False, verbosity=0)
call_command("migrate", verbosity=0)
client = Client(headers={"host": "amanat.example"})
plain = client.get("/account/sign-in")
secure = client.get("/account/sign-in", secure=True)
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
try:
    resolve("/demo/sign-in"), reverse("demo_sign_in")
    demo = 200
except (Resolver404, NoReverseMatch):
    demo = 404
print(json.dumps({
    "plain": [plain.status_code, plain.headers.get("Location", "")],
    "hsts": secure.headers.get("Strict-Transport-Security", ""),
    "cookies": {name: [cookie["secure"], cookie["path"], cookie["domain"]] for name, cookie in secure.cookies.items()},
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
    "demo": demo,
}))
"""


@pytest.fixture(scope="module")
def with_tls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a real workspace with TLS answers, in a process of its own."""
    folder = tmp_path_factory.mktemp("tls")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AMANAT_DATABASE")}
    environment |= {"AMANAT_WORKSPACE": str(folder), "PYTHONPATH": "src"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


def assert_strict(headers: dict[str, str]) -> None:
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/", "/cases", "/policy", "/account", "/leave", "/neutral", "/account/sign-in", "/nothing/here"]
)
def test_every_page_is_sent_with_strict_headers(browse: Callable[..., Client], path: str) -> None:
    answer = browse("jemal").get(path)
    assert_strict(dict(answer.headers))
    assert "Strict-Transport-Security" not in answer.headers


def test_a_file_a_refusal_and_a_missing_page_are_too(browse: Callable[..., Client], case: Case) -> None:
    for name in ("jemal", "dowlet"):
        assert_strict(dict(browse(name).get(case.get_absolute_url()).headers))
    assert_strict(dict(browse("jemal").post(f"{case.get_absolute_url()}/note", {}).headers))


def test_on_http_localhost_cookies_are_neither_secure_nor_bound_to_a_host(cast: Cast) -> None:
    client = Client()
    client.get("/account/sign-in")
    client.post("/account/sign-in", {"username": "jemal", "password": PASSWORD})
    assert {"session", "csrf"} <= set(client.cookies)
    for name, cookie in client.cookies.items():
        assert not name.startswith("__Host-")
        assert not cookie["secure"]
        assert cookie["samesite"] == "Strict"
        assert cookie["httponly"]


def test_with_tls_cookies_are_secure_and_bound_to_the_host(with_tls: dict[str, object]) -> None:
    assert with_tls["names"] == ["__Host-session", "__Host-csrf"]
    cookies = with_tls["cookies"]
    assert isinstance(cookies, dict)
    assert cookies["__Host-csrf"] == [True, "/", ""]


def test_with_tls_a_year_of_hsts_is_sent_and_plain_http_leads_away(with_tls: dict[str, object]) -> None:
    assert str(with_tls["hsts"]).startswith(f"max-age={365 * 24 * 3600}")
    assert with_tls["plain"] == [301, "https://amanat.example/account/sign-in"]


def test_a_real_workspace_has_no_one_click_sign_in(with_tls: dict[str, object]) -> None:
    assert with_tls["demo"] == 404
