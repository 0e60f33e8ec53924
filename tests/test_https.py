"""A real workspace as others on the network reach it: by https alone, locked or open, with a certificate that never runs out, in
Python's own client and in a browser that was told to trust the workspace's authority and nobody else.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amanat.config import tls
from amanat.vault.keys import Passphrase, Workspace
from tests.browser import AS_ROOT, QUIET, chromium
from tests.served import ROOT, environment
from tests.tree import Tree, free_port, tree
from tools.bench.client import app_code
from tools.bench.people import PASSWORD, SECRET

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

HOST, ANOTHER = "amanat.example", "another.example"
WORDS = "tokan mirub selod karif nodal vezum"
WORKERS = "from tools.bench.people import Office; Office.settle(1, 1)"
pytestmark = pytest.mark.sqlcipher_only  # about the way there, whatever the database


def made(folder: Path, days_ago: int | None) -> dict[str, str]:
    """The environment of a real workspace, whose certificate was made so many days ago; None for none."""
    held = {
        name: value
        for name, value in environment(folder / "w", folder / "temporary").items()
        if not name.startswith("AMANAT_DATABASE")
    }
    provider = Passphrase(WORDS)
    workspace = Workspace.create(folder / "w", kind="real", provider=provider, host=HOST)
    if days_ago is not None:
        tls.make(workspace, workspace.unwrap(provider), datetime.now(UTC) - timedelta(days=days_ago))
    return held | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    """Served, and locked at first, with a certificate that ends in 23 days."""
    folder = tmp_path_factory.mktemp("https")
    with tree(made(folder, 375), folder / "log", "--locked") as served:
        yield served


@pytest.fixture(scope="module")
def served(locked: Tree) -> Tree:
    """The same, opened, with somebody who can sign in. Tests of the locked one stand before those of this one."""
    opened = locked.amanat("unlock", said=f"{WORDS}\n")
    assert opened.returncode == 0, opened.stderr
    locked.tell(WORKERS)
    return locked


class ByHttps(http.client.HTTPSConnection):
    """Comes to this machine under the workspace's name, and trusts its authority alone."""

    def __init__(self, served: Tree, to: str = "127.0.0.1") -> None:
        trusts = ssl.create_default_context(cadata=(served.folder / "tls" / "ca.crt").read_bytes())
        super().__init__(HOST, served.port, context=trusts)
        self._create_connection = lambda _address, *rest: socket.create_connection((to, served.port), *rest[:1])


def visit(served: Tree, path: str = "/account/sign-in", to: str = "127.0.0.1") -> http.client.HTTPResponse:
    by_https = ByHttps(served, to)
    by_https.request("GET", path)
    answer = by_https.getresponse()
    answer.read()
    by_https.close()
    return answer


# --- locked -----------------------------------------------------------------------------------------------------------


def test_the_page_of_a_locked_workspace_comes_by_https_too(locked: Tree) -> None:
    assert visit(locked, "/").status == 503


def test_a_certificate_that_nobody_can_renew_stands_in_the_status(locked: Tree) -> None:
    assert "The certificate ends on" in locked.amanat("status").stdout


def test_without_a_certificate_it_is_not_served_to_others(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "amanat", "serve", "--address", "0.0.0.0", "--port", str(free_port()), "--locked"]
    held = made(tmp_path, None)
    done = subprocess.run(command, env=os.environ | held, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "served to this machine only" in done.stderr
    assert "./run amanat tls renew" in done.stderr
    assert "Traceback" not in done.stderr


# --- open -------------------------------------------------------------------------------------------------------------


def test_a_certificate_that_ends_soon_is_renewed_when_it_is_served(served: Tree) -> None:
    ends = tls.certificate(Workspace.at(served.folder)).not_valid_after_utc
    assert ends - datetime.now(UTC) > timedelta(days=300)
    assert visit(served).status == 200
    assert "certificate" not in served.amanat("status").stdout.casefold()


def test_others_come_by_https_and_by_nothing_else(served: Tree) -> None:
    answer = visit(served)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert any(cookie.startswith("__Host-csrf=") for cookie in cookies)
    assert all("Secure" in cookie for cookie in cookies)
    assert visit(served, to="127.0.0.2").status == 200  # it listens on every address
    plain = http.client.HTTPConnection("127.0.0.1", served.port)
    plain.request("GET", "/account/sign-in", headers={"Host": HOST})
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        plain.getresponse()
    plain.close()
    assert f"https://{HOST}:{served.port}" in served.log.read_text()


# --- in a browser -----------------------------------------------------------------------------------------------------


@pytest.fixture
def trusting(served: Tree, browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A Chromium whose user added `ca.crt`, as the sheet tells it; both names lead to this machine."""
    if not shutil.which("certutil"):
        without = pytest.fail if os.environ.get("CI") else pytest.skip
        without("certutil is not installed (Debian: apt-get install libnss3-tools)")
    database = tmp_path / ".pki" / "nssdb"
    database.mkdir(parents=True)
    for step in (
        ["-N", "--empty-password"],
        ["-A", "-n", "amanat", "-t", "C,,", "-i", served.folder / "tls" / "ca.crt"],
    ):
        subprocess.run(["certutil", "-d", f"sql:{database}", *step], check=True)
    rules = f"--host-resolver-rules=MAP {HOST} 127.0.0.1, MAP {ANOTHER} 127.0.0.1"
    arguments = [*QUIET, *(AS_ROOT if os.geteuid() == 0 else []), rules]
    with browser.browser_type.launch(
        executable_path=chromium(), args=arguments, env={**os.environ, "HOME": str(tmp_path)}
    ) as launched:
        yield launched.new_context(locale="en-GB")


def test_a_browser_that_trusts_the_authority_signs_in_and_one_that_does_not_is_warned(
    served: Tree, trusting: BrowserContext, browser: Browser
) -> None:
    from playwright.sync_api import Error

    with pytest.raises(Error, match="ERR_CERT_COMMON_NAME_INVALID"):
        trusting.new_page().goto(f"https://{ANOTHER}:{served.port}/")
    with browser.new_context() as stranger, pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        stranger.new_page().goto(f"https://localhost:{served.port}/")

    page = trusting.new_page()
    answer = page.goto(f"https://{HOST}:{served.port}/account/sign-in")
    assert answer
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    assert answer.security_details()["subjectName"] == HOST
    page.get_by_label("Sign-in name").fill("worker0")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("[name=code]").fill(app_code(SECRET, int(time.time()) // 30))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="My day").wait_for()
    held = {cookie["name"]: cookie["secure"] for cookie in trusting.cookies()}
    assert all(held.values())
    assert {"__Host-csrf", "__Host-session"} <= held.keys()
    page.goto(f"http://{HOST}:{served.port}/")
    assert page.url == f"https://{HOST}:{served.port}/", "it was told never to come by http again"
