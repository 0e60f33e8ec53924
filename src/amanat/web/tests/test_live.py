"""Where a page listens to the live stream."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory

from amanat.web import live

pytestmark = pytest.mark.sqlcipher_only  # no database is asked


def test_without_a_stream_a_page_names_none(settings: Any, client: Client) -> None:
    settings.AMANAT_LIVE_PORT = 0
    assert live.address(RequestFactory().get("/")) == ""
    assert "connect-src 'self';" in client.get("/neutral").headers["Content-Security-Policy"] + ";"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_a_page_may_listen_to_this_host_at_that_port_and_to_nothing_else(
    settings: Any, client: Client, host: str
) -> None:
    settings.AMANAT_LIVE_PORT = 8001
    answer = client.get("/neutral", headers={"host": f"{host}:8000"})
    assert f"connect-src 'self' http://{host}:8001;" in answer.headers["Content-Security-Policy"] + ";"
    assert live.address(RequestFactory().get("/", headers={"host": host})) == f"http://{host}:8001/live"


def test_behind_a_proxy_the_stream_is_where_the_pages_are(settings: Any, client: Client) -> None:
    settings.AMANAT_LIVE_PORT, settings.AMANAT_PROXIED = 8001, True
    assert live.address(RequestFactory().get("/")) == "/live"
    assert "8001" not in client.get("/neutral").headers["Content-Security-Policy"]


def test_a_name_that_is_not_ours_comes_into_no_header(settings: Any, client: Client) -> None:
    settings.AMANAT_LIVE_PORT = 8001
    answer = client.get("/neutral", headers={"host": "elsewhere.example"})
    assert "elsewhere" not in answer.headers["Content-Security-Policy"]
