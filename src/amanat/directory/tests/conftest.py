"""Bringing a package as a coordinator does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from amanat.directory import bringing
from amanat.directory.actions import taking_in
from amanat.vault.uploads import SealedUpload
from tests.cast import Cast

Bring = Callable[..., dict[str, Any]]


@pytest.fixture
def bring(cast: Cast) -> Bring:
    """`bring(content)`: irina sends a package, and gets what its page shows."""

    def send(
        content: bytes, name: str = "package.zip", publisher: str = "Open Data", by: str = "irina"
    ) -> dict[str, Any]:
        taking_in.bring(file=SealedUpload.of(content, name), publisher=publisher, actor=cast.actor(by))
        package = bringing.waiting_of(cast.actor(by))
        assert package
        return bringing.about(package, cast.actor(by))

    return send


@pytest.fixture
def take(cast: Cast, bring: Bring) -> Callable[..., int]:
    """`take(content)`: the same, and takes it in; how many rows are new or changed."""

    def send(content: bytes, **more: Any) -> int:
        about = bring(content, **more)
        assert about["faults"] == []
        package = bringing.waiting_of(cast.actor("irina"))
        assert package
        return taking_in.take(package, actor=cast.actor("irina"))

    return send
