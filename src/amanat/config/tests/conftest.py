"""A real workspace with the keys of this process, so that what is done to it can be written to the log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amanat.vault import gate, keys
from amanat.vault.keys import Passphrase, Workspace, keyring

WORDS = "tokan mirub selod karif nodal vezum"
CHEAP: dict[str, object] = {"name": "passphrase", "salt": "00" * 16, "passes": 1, "kib": 64, "lanes": 1}


@pytest.fixture
def office(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Words open it. Afterwards this process holds the keys that it held before."""
    monkeypatch.setattr(keys, "_held", keyring())
    by_words = Passphrase(WORDS, dict(CHEAP))
    workspace = Workspace.create(tmp_path / "w", kind="real", provider=by_words)
    workspace.wrap(by_words, keyring())
    gate.change(workspace.path)
    settings.WORKSPACE = workspace.path
    return workspace
