"""The public half of a workspace: its header file. What it says is bound into every wrapped key, so it can't be edited."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

Kind = Literal["demo", "real"]
FORMAT = 1


class NotAWorkspace(Exception):
    """The folder holds no header, or one that this version can't read."""


@dataclass
class Header:
    """What stands in `header.json`.

    `kind`, `id` and `host` are bound: changing one makes every wrapped key unreadable. `database` (a PostgreSQL URL or
    None), `tls` and `packs` say how to serve and may change. `wrapped` maps a key's name to its wrapped bytes (hex).
    """

    kind: Kind
    id: str
    host: str
    provider: dict[str, Any]
    wrapped: dict[str, str] = field(default_factory=dict)
    intake_public: str = ""
    database: str | None = None
    tls: bool = False
    packs: tuple[str, ...] = ("core",)
    format: int = FORMAT

    def bound(self, key: str) -> bytes:
        """The associated data under which the key named `key` is wrapped."""
        return json.dumps([self.format, self.kind, self.id, self.host, key]).encode()

    @staticmethod
    def path(workspace: Path) -> Path:
        return workspace / "header.json"

    @classmethod
    def read(cls, workspace: Path) -> Self:
        """The header of a workspace folder.

        Raises:
            NotAWorkspace: there is none, or it is damaged or newer than this version.
        """
        try:
            held = json.loads(cls.path(workspace).read_text())
            header = cls(**held)
        except FileNotFoundError:
            raise NotAWorkspace(f"{workspace} holds no workspace (no header.json)") from None
        except (ValueError, TypeError) as error:
            raise NotAWorkspace(f"{cls.path(workspace)} is damaged: {error}") from error
        if header.format != FORMAT:
            raise NotAWorkspace(f"{cls.path(workspace)} has format {header.format}; this version reads {FORMAT}")
        header.packs = tuple(header.packs)
        return header

    @classmethod
    def read_or_none(cls, workspace: Path) -> Self | None:
        return cls.read(workspace) if cls.path(workspace).exists() else None

    def write(self, workspace: Path) -> None:
        """Replace the header at once: a crash leaves the old one or the new one, never half of one."""
        workspace.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = workspace / "header.json.new"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123  (a descriptor, for the mode)
            json.dump(asdict(self), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path(workspace))
        folder = os.open(workspace, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
