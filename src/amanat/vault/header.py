"""The public half of a workspace: its header file. What it says is bound into every wrapped key, so it can't be edited."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from django.utils.translation import gettext_lazy as _

from amanat.vault.durable import turn, write_whole
from amanat.web.errors import PersonFacingError

Kind = Literal["demo", "real"]
FORMAT = 1


class NotAWorkspace(Exception):
    """The folder holds no header, or one that this version can't read."""


class Overtaken(PersonFacingError):
    """The header has keys by now that this process does not know: writing it would lose them, and all that rests on them."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed the keys meanwhile, so nothing was written."), _("Type the command again.")
        )


@dataclass
class Header:
    """What stands in `header.json`.

    `kind`, `id` and `host` are bound: changing one makes every wrapped key unreadable. The others say how to serve and may
    change: `database` (a PostgreSQL URL or None), `tls` (browsers come by https), `proxied` (a proxy beside us speaks it),
    `packs`, `language` (of the words on paper), `duty_number`. `wrapped` maps a key's name to its wrapped bytes (hex).
    `recovery` says who holds shares and what they open (`public`, `boxes`, `holders`, `tested_at`, `mark`; `opened` while
    the log does not tell yet of a new passphrase); `recoverable` are the keys, sealed to that public key.
    """

    kind: Kind
    id: str
    host: str
    provider: dict[str, Any]
    wrapped: dict[str, str] = field(default_factory=dict)
    intake_public: str = ""
    database: str | None = None
    tls: bool = False
    proxied: bool = False
    recovery: dict[str, Any] | None = None
    recoverable: str = ""
    packs: tuple[str, ...] = ("core",)
    language: str = "en"
    duty_number: str = ""
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

    def write_first(self, workspace: Path) -> None:
        """Write the first header of a folder.

        Raises:
            FileExistsError: it has one already.
        """
        with turn(workspace, "header"):
            if self.path(workspace).exists():
                raise FileExistsError(f"{workspace} already holds a workspace")
            self._write(workspace)

    @classmethod
    def change(cls, workspace: Path, edit: Callable[[Self], None]) -> Self:
        """Edit the header as it stands now, and nobody else meanwhile; a crash leaves the old one or the new one.

        Raises:
            Overtaken: it has keys that the edit would have taken away.
        """
        with turn(workspace, "header"):
            header = cls.read(workspace)
            keys = set(header.wrapped)
            edit(header)
            if keys - header.wrapped.keys():
                raise Overtaken
            header._write(workspace)
        return header

    def _write(self, workspace: Path) -> None:
        write_whole(self.path(workspace), json.dumps(asdict(self), indent=1).encode())
