"""A directory of which some may be read by everybody, and some by nobody outside; and somebody who asks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.http.response import HttpResponseBase
from django.test import Client


def content_of(answer: HttpResponseBase) -> bytes:
    return b"".join(answer) if answer.streaming else bytes(answer.content)  # type: ignore[attr-defined]


class Asker:
    """Somebody without a session."""

    def __init__(self) -> None:
        self.client = Client()

    def __call__(self, path: str = "/", status: int = 200, **parameters: Any) -> dict[str, Any]:
        """What an address below `/hsds` answers."""
        answer = self.answer(path, **parameters)
        assert answer.status_code == status, content_of(answer)
        return dict(json.loads(content_of(answer)))

    def answer(self, path: str, headers: Mapping[str, str] | None = None, **parameters: Any) -> Any:
        return self.client.get(f"/hsds{path}", parameters, headers=headers)

    def names(self, path: str, **parameters: Any) -> set[str]:
        """The names of those that an address lists; of a service at a location that of its service."""
        rows = self(path, **parameters)["contents"]
        return {row["service"]["name"] if "service" in row else row["name"] for row in rows}

    def lines(self, path: str, **parameters: Any) -> list[dict[str, Any]]:
        told = content_of(self.answer(path, format="ndjson", **parameters)).decode()
        return [json.loads(line) for line in told.splitlines()]


@pytest.fixture
def ask(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asker]:
    """With counts of its own of who asked how often."""
    monkeypatch.setattr(settings, "WORKSPACE", tmp_path)
    cache.clear()
    yield Asker()
    cache.clear()
