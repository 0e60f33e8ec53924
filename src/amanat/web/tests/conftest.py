"""The room alone: its own addresses, Django's middleware, and a worker who is nobody in the database."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from amanat.web import navigation
from amanat.web.navigation import NavEntry

JEMAL = SimpleNamespace(
    user=SimpleNamespace(display_name="Jemal Atayeva"),
    membership=SimpleNamespace(role="Social worker", agency=SimpleNamespace(name="Crisis centre")),
)


class SignedIn:
    """Puts Jemal on each request, as `access` does with a real actor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = JEMAL  # type: ignore[attr-defined]
        return self.get_response(request)


@pytest.fixture(autouse=True)
def no_entries_of_other_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """The navigation leads to a page of these tests only."""
    entry = NavEntry(name="notes", label="Notes", url_name="tests.note", icon="note", order=1)
    monkeypatch.setattr(navigation, "_entries", {"notes": entry})


@pytest.fixture(autouse=True)
def the_room_alone(settings: Settings) -> None:
    settings.ROOT_URLCONF = "amanat.web.tests.urls"
    settings.MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        "csp.middleware.CSPMiddleware",
        "amanat.web.middleware.HeadersMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "amanat.web.tests.conftest.SignedIn",
    ]
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [Path(__file__).parent / "templates"]
    templates[0]["OPTIONS"]["context_processors"] = [
        "django.template.context_processors.request",
        "amanat.web.context.shell",
    ]
    settings.TEMPLATES = templates
    # Static files under their plain names, straight from the rooms.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.FORMAT_MODULE_PATH = ["amanat.web.formats"]


@pytest.fixture
def live_server(the_room_alone: None) -> Iterator[LiveServer]:
    """A server of this room alone; the session's own has the middleware and addresses of the whole house."""
    server = LiveServer("localhost")
    yield server
    server.stop()
