"""The clear line of a backup's file, as a record: what anybody can read who has the file. It names nobody.

Anybody can change it, too: what it says is believed only once the file was opened, which repeats it inside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from amanat.audit.chain import Head
from amanat.office.backups import envelope
from amanat.office.backups.envelope import Clear, Damaged
from amanat.office.backups.names import DATA, KEYS
from amanat.vault import recovery


@dataclass(frozen=True)
class Label:
    """Of a file of a backup: whose it is and which half, of which moment and head of the log, and what opens it.

    `boxes`: what two shares open, which gives the identity for this file. `erasures`: how many there were then.
    """

    workspace: str
    half: str
    taken_at: datetime
    head: Head | None
    boxes: dict[str, Any] = field(repr=False)
    erasures: int
    version: str

    def clear(self) -> Clear:
        return {
            "workspace": self.workspace,
            "half": self.half,
            "taken_at": self.taken_at.isoformat(),
            "head": str(self.head) if self.head else "",
            "boxes": self.boxes,
            "erasures": self.erasures,
            "version": self.version,
        }

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises:
        Damaged, NewerFormat: the file has no such line.
        """
        return cls.parsed(envelope.read_clear(path), path)

    @classmethod
    def parsed(cls, told: Clear, path: Path) -> Self:
        """Raises:
        Damaged: it is no line as ours are.
        """
        try:
            recovery.check_boxes(told["boxes"])
            found = cls(
                str(told["workspace"]),
                told["half"],
                datetime.fromisoformat(told["taken_at"]),
                Head.parse(told["head"]) if told["head"] else None,
                told["boxes"],
                int(told["erasures"]),
                str(told["version"]),
            )
        except (KeyError, ValueError, TypeError, AttributeError):
            raise Damaged(path) from None
        if found.half not in (DATA, KEYS) or found.taken_at.tzinfo is None:
            raise Damaged(path)
        return found

    def opens_with_the_shares_of(self, other: Label) -> bool:
        """Else shares were given out anew between the two."""
        return bool(self.boxes["public"] == other.boxes["public"])
