"""What a locked workspace has to know and must not ask the database: `gate.json`, one small file beside the header.

Nothing in it opens anything. A verb that changes what stands here calls `change`: from the next request on it holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from amanat.vault.durable import turn, write_whole
from amanat.vault.header import Header


@dataclass(frozen=True)
class Gate:
    """`limits` has each kind of packet that is taken, with how many of one sender in how many seconds. `guarded` are those that not
    everybody may send; `tokens` has, for such kinds, the SHA-256 (hex) of what opens them. A guarded kind without a token is shut.
    """

    intake_public: str
    duty_number: str = ""
    limits: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    tokens: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    guarded: tuple[str, ...] = ()

    def asks_for_a_token(self, kind: str) -> bool:
        return kind in self.guarded or kind in self.tokens


def path(workspace: Path) -> Path:
    return workspace / "gate.json"


def read(workspace: Path) -> Gate:
    """The gate as it stands; of a workspace that was never open, what its header says."""
    try:
        held = json.loads(path(workspace).read_text())
    except FileNotFoundError:
        header = Header.read(workspace)
        return Gate(header.intake_public, header.duty_number)
    return Gate(
        held["intake_public"],
        held["duty_number"],
        {kind: (count, seconds) for kind, (count, seconds) in held["limits"].items()},
        {kind: tuple(digests) for kind, digests in held["tokens"].items()},
        tuple(held.get("guarded", ())),  # a gate of an older version knows none
    )


def change(workspace: Path, **parts: Any) -> Gate:
    """Replace parts of the gate at once; a crash leaves the old file or the new one. Two that change it do so one after the other."""
    with turn(workspace, "gate"):
        gate = replace(read(workspace), **parts)
        write_whole(path(workspace), json.dumps(asdict(gate), indent=1).encode())
    return gate
